// Questions of word sorting (BIG-bench's task of that name): reading one, its level, and drawing
// new ones.
//
// A question is "Sort the following words alphabetically:\nList: oven costume counterpart". Its
// split is a function of its words whatever their order, so no list of one split is a reordering
// of a list in another.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "task/task.h"

namespace tripost {

struct SortingQuestion {
  std::vector<std::string> words;   // as the question lists them
  std::vector<std::string> sorted;  // by bytes
  std::string level;
  // Two words of which one begins with the other: the paper's rationale, which compares letters,
  // cannot tell them apart.
  std::string prefix_pair;

  std::string text() const;
};

// "Q: " and the sentence before "List:" are optional. Words are of a to z, digits and ' . & -, at
// least two of them, none twice, at most kLongestWord letters. nullopt otherwise; `why` then says
// what is wrong.
std::optional<SortingQuestion> read_sorting_question(std::string_view text, std::string& why);

inline constexpr std::size_t kLongestWord = 99;  // ordinals end at "ninety-ninth"

// The paper's five levels are ranges of word counts.
struct SortingLevel {
  Task::Level level;
  int fewest = 0;
  int most = 0;
};
const std::vector<SortingLevel>& sorting_levels();

// Throws UsageError for a name that is no level, naming those there are.
const SortingLevel& sorting_level(const std::string& name);

// The level of a list: longer ones than the paper's belong to its last.
const SortingLevel& level_of_count(std::size_t num_words);

// Distinct words of our list (word_list.h), none of which begins another.
std::vector<std::string> draw_words(int count, Random& random);

Split split_of(const SortingQuestion& question);

}  // namespace tripost
