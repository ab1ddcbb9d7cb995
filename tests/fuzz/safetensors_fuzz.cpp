// Fuzzes SafetensorsFile: any bytes are one Error, or entries that can all be read.
// scripts/fuzz.sh builds and runs it.
//
// The mutator keeps the header's length right most of the time; otherwise nearly every input would
// stop there.
#include <algorithm>
#include <cstring>

#include "expect_error.h"
#include "memory_file.h"
#include "model/safetensors.h"

extern "C" std::size_t LLVMFuzzerMutate(uint8_t* data, std::size_t size, std::size_t most);

namespace {

constexpr std::size_t kLengthBytes = 8;

// Where the header ends: behind the last brace.
void mend_length(uint8_t* data, std::size_t size) {
  const uint8_t* brace = data + size;
  while (brace > data + kLengthBytes && brace[-1] != '}') --brace;
  const uint64_t length = static_cast<uint64_t>(brace - data) - kLengthBytes;
  std::memcpy(data, &length, kLengthBytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace tripost;
  const MemoryFile memory(data, size);
  reads([&] {
    const SafetensorsFile file(memory.path());
    std::size_t bytes = 0;
    for (const auto& entry : file.entries()) {
      if (file.find(entry.name) == nullptr) std::abort();
      bytes += file.read(entry).nbytes();
    }
    if (bytes > size) std::abort();  // more numbers than the file holds
  });
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  if (size > kLengthBytes && seed % 8 != 0) mend_length(data, size);
  return size;
}
