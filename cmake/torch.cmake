# Finds LibTorch inside a Python installation and makes the target `torch` from it.
#
# We link c10 and torch_cpu (and the CUDA libraries where they exist) by hand instead of find_package(Torch), which on a
# CUDA build insists on a CUDA toolkit at configure time. TRIPOST_PYTHON names the interpreter whose torch is used.
set(TRIPOST_PYTHON "${PROJECT_SOURCE_DIR}/.venv/bin/python" CACHE FILEPATH "Python whose torch (2.11 or newer) we build against")

execute_process(
  COMMAND ${TRIPOST_PYTHON} -c "import importlib.util,os;print(os.path.dirname(importlib.util.find_spec('torch').origin))"
  OUTPUT_VARIABLE torch_root OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
if(failed)
  message(FATAL_ERROR "no torch found by ${TRIPOST_PYTHON}: run `make setup`, or pass -DTRIPOST_PYTHON=/path/to/python "
                      "whose `import torch` works (2.11 or newer)")
endif()

add_library(torch INTERFACE)
# After the system's directories: the wheel brings its own fmt, whose library it does not bring.
target_compile_options(torch INTERFACE "SHELL:-idirafter ${torch_root}/include"
                                       "SHELL:-idirafter ${torch_root}/include/torch/csrc/api/include")
target_link_directories(torch INTERFACE ${torch_root}/lib)
target_link_options(torch INTERFACE -Wl,-rpath,${torch_root}/lib)
if(EXISTS ${torch_root}/lib/libtorch_cuda.so)
  set(TRIPOST_HAS_CUDA ON)
  # Nothing refers to torch_cuda by symbol; without --no-as-needed the linker drops it and CUDA looks unavailable.
  target_link_options(torch INTERFACE -Wl,--no-as-needed,-ltorch_cuda,-lc10_cuda,--as-needed
                                      -Wl,--allow-shlib-undefined)
endif()
target_link_libraries(torch INTERFACE torch_cpu c10)
message(STATUS "LibTorch: ${torch_root} (CUDA: ${TRIPOST_HAS_CUDA})")
