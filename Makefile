# The commands of this project. Each does its own set-up on first use; a second run does none.
#
# TRIPOST_PYTHON=/path/to/python  uses that interpreter's torch (2.11 or newer, CPU or CUDA) instead of .venv
# JOBS=N                          compiles and tests with N processes
# TASK=name                       the task of `make demo`: multistep_arithmetic (the default), word_sorting,
#                                 date_understanding or logical_deduction; its settings are in configs/demo/

JOBS ?= $(shell nproc)
.DEFAULT_GOAL := build
.PHONY: build setup demo test bench format check clean

setup:
	@scripts/setup.sh

build: setup
	@cmake --build build -j $(JOBS)

demo: setup
	@cmake --build build -j $(JOBS) --target tripost
	@TASK="$(TASK)" scripts/demo.sh

test: build
	@JOBS=$(JOBS) scripts/test.sh

bench: build
	@bench/run.sh

format:
	@scripts/format.sh

check: build
	@scripts/check.sh
	@JOBS=$(JOBS) scripts/test.sh

clean:
	@rm -rf build
