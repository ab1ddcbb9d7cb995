#include "train/example.h"

#include <cassert>
#include <cmath>
#include <string_view>

#include "base/error.h"

namespace tripost {
namespace {

void append(Example& example, const std::vector<TokenId>& ids, float weight) {
  example.ids.insert(example.ids.end(), ids.begin(), ids.end());
  example.weights.resize(example.ids.size(), weight);
}

}  // namespace

Example make_example(const Record& record, const Tokenizer& tokenizer) {
  Example example;
  bool first = true;
  std::size_t covered = 0;
  for (const WeightedSection& section : record.sections) {
    assert(section.begin == covered && section.begin <= section.end);
    covered = section.end;
    if (!(std::isfinite(section.weight) && section.weight >= 0)) {
      fail("a section of record \"{}\" has the loss weight {}; it should be a number of 0 or more",
           record.problem_id, section.weight);
    }
    if (section.begin == section.end) continue;
    const std::string_view text(record.text);
    // Only the first piece of a document gets the special tokens that the model's tokenizer puts
    // before a prompt.
    append(example,
           tokenizer.encode(text.substr(section.begin, section.end - section.begin), first),
           section.weight);
    first = false;
  }
  assert(covered == record.text.size());
  if (record.ends) {
    if (!tokenizer.eos()) {
      fail(
          "the tokenizer names no end-of-text token, but training needs one to teach where a text "
          "ends; "
          "add \"eos_token\" to tokenizer_config.json or \"eos_token_id\" to config.json");
    }
    append(example, {*tokenizer.eos()},
           record.sections.empty() ? 1.0f : record.sections.back().weight);
  }
  if (example.ids.empty())
    fail("record \"{}\" has no text to train on; remove it", record.problem_id);
  return example;
}

}  // namespace tripost
