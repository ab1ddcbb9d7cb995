#!/usr/bin/env bash
# Puts llama.cpp's llama-server, and bench/llama_cpp_generate.cpp with its library, into build-bench/llama.cpp/bin, unless they are
# there: built for this machine from the sources that the PyPI package llama-cpp-python carries. About ten minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.3.36
target=build-bench/llama.cpp
program=$target/bin/llama_cpp_generate
if [ ! -x "$target/bin/llama-server" ]; then
  # Only the sources: pip's own build would compile a cmake first, but pip wants the build's back end to read a name from it.
  mkdir -p "$target"
  python3 -m venv "$target/python"
  "$target/python/bin/pip" install --quiet scikit-build-core
  "$target/python/bin/pip" download --quiet "llama-cpp-python==$version" --no-deps --no-binary llama-cpp-python --no-build-isolation \
    --dest "$target"
  rm -rf "$target/source"
  mkdir "$target/source"
  tar xzf "$target/llama_cpp_python-$version.tar.gz" -C "$target/source" --strip-components=3 "llama_cpp_python-$version/vendor/llama.cpp"
  cmake -S "$target/source" -B "$target" -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON -DBUILD_SHARED_LIBS=OFF -DLLAMA_OPENSSL=OFF \
    -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF > "$target/configure.log"
  nice cmake --build "$target" -j "${JOBS:-$(nproc)}" --target llama-server > "$target/build.log"
fi
[ "$program" -nt bench/llama_cpp_generate.cpp ] && exit 0
g++ -std=c++17 -O2 bench/llama_cpp_generate.cpp -I "$target/source/include" -I "$target/source/ggml/include" "$target/src/libllama.a" \
  "$target"/ggml/src/libggml{,-cpu,-base}.a -fopenmp -ldl -o "$program"
