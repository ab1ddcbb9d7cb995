// Fuzzes tokenizer.json: any text is one Error, or a tokenizer that encodes and decodes any bytes.
// scripts/fuzz.sh builds and runs it.
#include "expect_error.h"
#include "text/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace tripost;
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  reads([&] {
    const Tokenizer tokenizer = Tokenizer::parse(file, "{}", "fuzz");
    for (const std::string_view text :
         {"Let's go \xE2\x96\x81\xF0\x9F\x99\x82\xFF 12", "  the</s>  e\xCC\x81\xED\xA0\x80\n"}) {
      const std::vector<TokenId> ids = tokenizer.encode(text, true);
      for (const TokenId id : ids) {
        if (id < 0 || id >= tokenizer.vocab_size()) std::abort();
      }
      tokenizer.decode(ids);
    }
  });
  return 0;
}
