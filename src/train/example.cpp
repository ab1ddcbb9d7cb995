#include "train/example.h"

#include <cassert>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace tripost {
namespace {

void append(Example& example, const std::vector<TokenId>& ids, float weight) {
  example.ids.insert(example.ids.end(), ids.begin(), ids.end());
  example.weights.resize(example.ids.size(), weight);
}

using Sections = std::span<const WeightedSection>;

void check(const WeightedSection& section, const Record& record) {
  if (!(std::isfinite(section.weight) && section.weight >= 0)) {
    fail("a section of record \"{}\" has the loss weight {}; it should be a number of 0 or more",
         record.problem_id, section.weight);
  }
}

// One past the last section that is one text with sections[first]: those of one author, who wrote
// it in one go.
std::size_t end_of_text(const std::vector<WeightedSection>& sections, std::size_t first) {
  std::size_t end = first + 1;
  while (end < sections.size() && !sections[first].author.empty() &&
         sections[end].author == sections[first].author)
    ++end;
  return end;
}

TokenId end_token(const Tokenizer& tokenizer) {
  if (tokenizer.eos()) return *tokenizer.eos();
  fail(
      "the tokenizer names no end-of-text token, but training needs one to teach where a text "
      "ends; add \"eos_token\" to tokenizer_config.json or \"eos_token_id\" to config.json");
}

// Whether the model stops before this section and the task's own words go on.
bool model_stops_before(const std::vector<WeightedSection>& sections, std::size_t at) {
  if (at == 0) return false;
  const WeightedSection &before = sections[at - 1], &after = sections[at];
  return after.author == "task" && after.weight == 0 && before.weight > 0 &&
         !before.author.empty() && before.author != "task";
}

// Position `at` of the example is predicted to be the end of a text instead of what stands there.
void teach_end(Example& example, std::size_t at, TokenId end, float weight) {
  if (example.targets.empty()) example.targets = example.ids;
  example.targets[at] = end;
  example.weights[at] = weight;
}

// Tokenises the sections as one text; a token has the weight of the section in which it begins.
void append_text(Example& example, const Record& record, Sections sections,
                 const Tokenizer& tokenizer, bool opens) {
  const std::size_t begin = sections.front().begin;
  const std::string_view text =
      std::string_view(record.text).substr(begin, sections.back().end - begin);
  const std::vector<TokenId> ids =
      opens ? tokenizer.encode_pieces(text) : tokenizer.encode_continuation(text);
  if (sections.size() == 1) return append(example, ids, sections.front().weight);
  std::size_t position = begin, section = 0;
  for (const TokenId id : ids) {
    while (section + 1 < sections.size() && position >= sections[section].end) ++section;
    append(example, {id}, sections[section].weight);
    position += tokenizer.bytes_of(id).size();
  }
}

}  // namespace

Example make_example(const Record& record, const Tokenizer& tokenizer) {
  Example example;
  bool first = true;
  std::size_t covered = 0;
  for (const WeightedSection& section : record.sections) {
    assert(section.begin == covered && section.begin <= section.end);
    covered = section.end;
    check(section, record);
  }
  std::vector<std::pair<std::size_t, float>> stops;  // position and weight
  for (std::size_t i = 0, end = 0; i < record.sections.size(); i = end) {
    end = end_of_text(record.sections, i);
    const Sections sections(record.sections.data() + i, end - i);
    if (sections.front().begin == sections.back().end) continue;
    if (model_stops_before(record.sections, i))
      stops.emplace_back(example.ids.size(), record.sections[i - 1].weight);
    // As Tokenizer::encode_pieces does for a prompt.
    append_text(example, record, sections, tokenizer, first);
    first = false;
  }
  assert(covered == record.text.size());
  if (record.ends) {
    append(example, {end_token(tokenizer)},
           record.sections.empty() ? 1.0f : record.sections.back().weight);
  }
  for (const auto& [at, weight] : stops) teach_end(example, at, end_token(tokenizer), weight);
  if (example.ids.empty())
    fail("record \"{}\" has no text to train on; remove it", record.problem_id);
  return example;
}

}  // namespace tripost
