#include "task/word_sorting_question.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "task/lines.h"
#include "task/split.h"
#include "task/word_list.h"

namespace tripost {
namespace {

constexpr std::string_view kRequest = "Sort the following words alphabetically:";

const std::vector<std::string>& all_words() {
  static const std::vector<std::string> kAll = split_words(kWords);
  return kAll;
}

bool begins_or_continues(const std::string& word, const std::string& other) {
  return word.starts_with(other) || other.starts_with(word);
}

std::string fault_of_word(const std::string& word) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789'.&-";
  if (word.size() > kLongestWord)
    return fmt::format("the word \"{}\" has more than {} letters", shortened(word), kLongestWord);
  const std::size_t odd = word.find_first_not_of(kAllowed);
  if (odd == std::string::npos) return "";
  return fmt::format("the word \"{}\" has a character other than a to z, 0 to 9 and ' . & -",
                     shortened(word));
}

std::string fault_of_list(const SortingQuestion& question) {
  if (question.words.size() < 2) return "it lists fewer than two words after \"List:\"";
  for (const std::string& word : question.words) {
    if (auto fault = fault_of_word(word); !fault.empty()) return fault;
  }
  const auto twice = std::adjacent_find(question.sorted.begin(), question.sorted.end());
  return twice == question.sorted.end() ? ""
                                        : fmt::format("the word \"{}\" is listed twice", *twice);
}

}  // namespace

std::string SortingQuestion::text() const {
  return fmt::format("{}\nList: {}", kRequest, fmt::join(words, " "));
}

std::optional<SortingQuestion> read_sorting_question(std::string_view text, std::string& why) {
  constexpr std::string_view kList = "List:";
  text = trimmed(text);
  if (text.starts_with("Q:")) text = trimmed(text.substr(2));
  const std::size_t list = text.find(kList);
  if (list == std::string_view::npos) {
    why = "it has no \"List:\"";
    return std::nullopt;
  }
  if (const auto before = trimmed(text.substr(0, list)); !before.empty() && before != kRequest) {
    why = fmt::format("\"{}\" stands before \"List:\"", shortened(before));
    return std::nullopt;
  }
  SortingQuestion question;
  question.words = split_words(text.substr(list + kList.size()));
  question.sorted = question.words;
  std::sort(question.sorted.begin(), question.sorted.end());
  why = fault_of_list(question);
  if (!why.empty()) return std::nullopt;
  question.level = level_of_count(question.words.size()).level.name;
  // Between a word and one that begins with it, all begin with it: neighbours are enough.
  const auto pair =
      std::adjacent_find(question.sorted.begin(), question.sorted.end(), begins_or_continues);
  if (pair != question.sorted.end())
    question.prefix_pair = fmt::format("\"{}\" and \"{}\"", pair[0], pair[1]);
  return question;
}

const std::vector<SortingLevel>& sorting_levels() {
  static const std::vector<SortingLevel> kLevels = {{{"2-3", true}, 2, 3},
                                                    {{"4-7", true}, 4, 7},
                                                    {{"8-10", false}, 8, 10},
                                                    {{"11-15", false}, 11, 15},
                                                    {{"15+", false}, 16, 20}};
  return kLevels;
}

const SortingLevel& sorting_level(const std::string& name) {
  std::vector<std::string> known;
  for (const SortingLevel& level : sorting_levels()) {
    if (level.level.name == name) return level;
    known.push_back(level.level.name);
  }
  fail_usage("word_sorting has no level \"{}\"; the levels, ranges of word counts, are: {}", name,
             fmt::join(known, ", "));
}

const SortingLevel& level_of_count(std::size_t num_words) {
  for (const SortingLevel& level : sorting_levels()) {
    if (num_words <= static_cast<std::size_t>(level.most)) return level;
  }
  return sorting_levels().back();
}

std::vector<std::string> draw_words(int count, Random& random) {
  std::vector<std::string> words;
  while (words.size() < static_cast<std::size_t>(count)) {
    const std::string& word = random.pick(all_words());
    const bool clashes = std::any_of(words.begin(), words.end(), [&](const std::string& other) {
      return begins_or_continues(word, other);
    });
    if (!clashes) words.push_back(word);
  }
  return words;
}

Split split_of(const SortingQuestion& question) {
  return split_of(fmt::format("{}", fmt::join(question.sorted, " ")));
}

}  // namespace tripost
