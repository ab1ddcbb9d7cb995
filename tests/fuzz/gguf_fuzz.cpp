// Fuzzes what reads a GGUF file up to its weights: the file, its tensors, the tokenizer inside.
// Any bytes are one Error, or a file whose parts can all be read. scripts/fuzz.sh builds and runs
// it.
#include "expect_error.h"
#include "memory_file.h"
#include "model/gguf.h"
#include "model/gguf_tokenizer.h"
#include "text/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace tripost;
  const MemoryFile memory(data, size);
  reads([&] {
    const GgufFile file(memory.path());
    std::size_t numbers = 0;
    for (const auto& entry : file.entries()) {
      if (file.find(entry.name) == nullptr) std::abort();
      numbers += static_cast<std::size_t>(file.read(entry).numel());
    }
    if (numbers > 2 * size) std::abort();  // four bits are the least a number takes
    const Companions companions = tokenizer_from_gguf(file);
    const Tokenizer tokenizer = Tokenizer::parse(companions.at("tokenizer.json"),
                                                 companions.at("tokenizer_config.json"), "fuzz");
    tokenizer.decode(tokenizer.encode("Let's go \xE2\x96\x81\xF0\x9F\x99\x82\xFF 12", true));
  });
  return 0;
}
