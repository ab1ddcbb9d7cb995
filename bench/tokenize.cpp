// Encodes the texts of a JSONL file on one thread and prints a line of JSON:
//
//   bench_tokenize MODEL_DIR TEXTS.jsonl [ROUNDS]
//
// Times are of the processor, so that other programs do not count. The first round, which fills the
// cache of words, is told apart from the fastest of all.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

#include "base/file.h"
#include "text/tokenizer.h"

namespace {

double seconds_of(const tripost::Tokenizer& tokenizer, const std::vector<std::string>& texts,
                  std::size_t& tokens) {
  const std::clock_t start = std::clock();
  tokens = 0;
  for (const std::string& text : texts) tokens += tokenizer.encode(text).size();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    fmt::print(stderr, "bench_tokenize MODEL_DIR TEXTS.jsonl [ROUNDS]\n");
    return 2;
  }
  std::vector<std::string> texts;
  tripost::for_each_json_line(arguments[2], [&](tripost::Json line, const std::string&) {
    texts.push_back(line.at("text").get<std::string>());
  });
  const tripost::Tokenizer tokenizer = tripost::Tokenizer::load(arguments[1]);
  std::size_t tokens = 0;
  const double first = seconds_of(tokenizer, texts, tokens);
  double best = first;
  for (int round = count > 3 ? std::stoi(arguments[3]) : 3; round > 0; --round)
    best = std::min(best, seconds_of(tokenizer, texts, tokens));
  fmt::print("{{\"texts\": {}, \"tokens\": {}, \"first\": {:.6f}, \"best\": {:.6f}}}\n",
             texts.size(), tokens, first, best);
}
