#!/usr/bin/env bash
# Set-up on a bare Debian or Ubuntu with git, make, g++ and Python 3: system packages, a torch, a configured build/.
# Says nothing and does nothing when it has been done already: build/setup.stamp holds the hash of everything it
# depends on.
set -euo pipefail
cd "$(dirname "$0")/.."

required="cmake pkg-config python3-venv nlohmann-json3-dev libfmt-dev libcli11-dev libtomlplusplus-dev libpcre2-dev libutf8proc-dev
  libxxhash-dev libcurl4-openssl-dev libmicrohttpd-dev libsqlite3-dev libgtest-dev libgmock-dev"
optional="ninja-build ccache mold"
torch_version=2.13.0

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

wanted_stamp() {
  { cat scripts/setup.sh CMakePresets.json; pwd; echo "${TRIPOST_PYTHON:-}"; } | sha256sum | cut -d' ' -f1
}

already_done() {
  [ -f build/setup.stamp ] && [ -f build/CMakeCache.txt ] || return 1
  local stamp python
  { read -r stamp; read -r python; } < build/setup.stamp || return 1
  [ "$stamp" = "$(wanted_stamp)" ] && [ -x "$python" ]
}

# A program found on PATH counts as its package: cmake may come from anywhere.
have() {
  case "$1" in
    cmake | ccache | mold) command -v "$1" > /dev/null && return ;;
    pkg-config) command -v pkg-config > /dev/null && return ;;
    ninja-build) command -v ninja > /dev/null && return ;;
    python3-venv) python3 -c 'import ensurepip, venv' 2> /dev/null && return ;;
  esac
  dpkg-query -W -f '${Status}' "$1" 2> /dev/null | grep -q '^install ok installed'
}

missing_of() {
  local package missing=""
  for package in "$@"; do have "$package" || missing+=" $package"; done
  echo "$missing"
}

# shellcheck disable=SC2086  # package lists are split on purpose
install_packages() {
  if ! command -v dpkg-query > /dev/null; then
    say "not a Debian or Ubuntu system: assuming that these are installed:" $required
    return
  fi
  local missing wanted as_root=""
  missing=$(missing_of $required)
  wanted="$missing$(missing_of $optional)"
  [ -n "$wanted" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    # sudo that would ask for a password is no use to a script without a terminal.
    if command -v sudo > /dev/null && { sudo -n true 2> /dev/null || [ -t 0 ]; }; then as_root=sudo; else as_root=no; fi
  fi
  if [ "$as_root" != no ]; then
    say "installing system packages:$wanted"
    if { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $wanted; } \
        > build/apt.log 2>&1; then
      return 0
    fi
    tail -n 3 build/apt.log >&2
  fi
  [ -n "$missing" ] || return 0  # only optional ones are missing
  say "system packages are missing. Run this, then the same make command again:"
  printf '  sudo apt-get install -y%s\n' "$wanted" >&2
  exit 1
}

usable_torch() {
  "$1" - 2> /dev/null <<'PYTHON'
import torch
version = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])
raise SystemExit(0 if version >= (2, 11) else 1)
PYTHON
}

# Sets `python` to an interpreter whose torch we build against.
find_python() {
  if [ -n "${TRIPOST_PYTHON:-}" ]; then
    python=$(command -v "$TRIPOST_PYTHON") || die "TRIPOST_PYTHON=$TRIPOST_PYTHON is not a program"
    usable_torch "$python" || die "TRIPOST_PYTHON=$TRIPOST_PYTHON cannot import torch 2.11 or newer: install it there or unset the variable"
    return
  fi
  for python in "$PWD/.venv/bin/python" "$(command -v python3)"; do
    if [ -x "$python" ] && usable_torch "$python"; then return; fi
  done
  say "installing torch $torch_version into .venv (pip decides which build; TRIPOST_PYTHON chooses another torch)"
  python3 -m venv .venv
  python=$PWD/.venv/bin/python
  "$python" -m pip install --quiet "torch==$torch_version" ||
    die "pip could not install torch $torch_version: check the network, or set TRIPOST_PYTHON to a python with torch 2.11 or newer"
}

configure() {
  local generator=()
  command -v ninja > /dev/null || generator=(-G "Unix Makefiles")
  say "configuring build/ with the torch of $python"
  if ! cmake --preset release "${generator[@]}" -DTRIPOST_PYTHON="$python" > build/configure.log 2>&1; then
    # A cache made by another generator or in another folder cannot be changed, only made again.
    rm -rf build/CMakeCache.txt build/CMakeFiles
    cmake --preset release "${generator[@]}" -DTRIPOST_PYTHON="$python" > build/configure.log 2>&1 ||
      { cat build/configure.log >&2; die "cmake could not configure build/ (3.25 or newer is needed: Debian 12, Ubuntu 24.04)"; }
  fi
}

already_done && exit 0
mkdir -p build
command -v g++ > /dev/null || die "g++ is missing. Run: sudo apt-get install -y g++"
install_packages
find_python
python=$("$python" -c "import sys; print(sys.executable)")  # a pyenv shim answers by folder
configure
printf '%s\n%s\n' "$(wanted_stamp)" "$python" > build/setup.stamp
