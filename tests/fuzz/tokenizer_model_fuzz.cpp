// Fuzzes SentencePiece's tokenizer.model: any bytes are one Error, or a tokenizer that encodes and
// decodes any bytes and can be written into a GGUF file or is refused. scripts/fuzz.sh builds and
// runs it.
#include "expect_error.h"
#include "text/sentence_piece_model.h"
#include "text/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace tripost;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  TokenizerJson file;
  const bool is_read = reads([&] {
    file = tokenizer_of_sentence_pieces(bytes, "{}", "fuzz");
    const Tokenizer tokenizer = Tokenizer::parse(file.dump(), "{}", "fuzz");
    for (const std::string_view text :
         {"Let's go \xE2\x96\x81\xF0\x9F\x99\x82\xFF 12", "  the</s>  e\xCC\x81\xED\xA0\x80\n"}) {
      const std::vector<TokenId> ids = tokenizer.encode(text, true);
      for (const TokenId id : ids) {
        if (id < 0 || id >= tokenizer.vocab_size()) std::abort();
      }
      tokenizer.decode(ids);
    }
  });
  if (is_read) reads([&] { sentence_pieces_of(file, "fuzz"); });
  return 0;
}
