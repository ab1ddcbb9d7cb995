// The parts of a word sorting step: numbers, ordinals, entries and ordered lists, written and read.
//
// Reading takes whatever a model wrote and never fails by itself: what does not fit is marked, and
// the checker (word_sorting_checker.h) decides what it means. Every reader is linear in its text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tripost {

// "3.2.1" is {3, 2, 1}. No leading zeros; at most nine digits a part.
using StepNumber = std::vector<int>;
std::string to_text(const StepNumber& number);

// "(3.1) We now have: ..." to its number and text; nullopt when the line does not open like a step.
struct SortingLine {
  StepNumber number;
  std::string_view text;
};
std::optional<SortingLine> read_sorting_line(std::string_view line);

// "first" is 0, "ninety-ninth" is 98; nullopt for any other word. In any ASCII case.
std::string ordinal(std::size_t letter);
std::optional<std::size_t> read_letter_ordinal(std::string_view word);

// Position in the alphabet as the reference counts it: "a" is 1, and what comes before "a" in
// ASCII is 0 or negative.
int alphabet_number(char letter);

// `"grip"="g" (7)`
struct LetterEntry {
  std::string text;  // as written
  std::string word;
  std::string letter;         // what stands in the second quotes, of any length
  std::optional<int> number;  // empty when it does not fit
};
std::string letter_entry(const std::string& word, std::size_t letter);
// Entries separated by commas. nullopt when one has another form; `why` then quotes it.
std::optional<std::vector<LetterEntry>> read_letter_entries(std::string_view text,
                                                            std::string& why);

// `["a" ? "b"]`
std::string subpart_text(const std::vector<std::string>& words);

// One rank of `(7) "grip" < (20) ["taxicab" ? "tattler"]`.
struct SortedGroup {
  std::optional<int> number;
  std::vector<std::string> words;
  bool is_subpart = false;   // in brackets
  bool well_formed = false;  // as the examples above, apart from blanks
};
std::string sorted_group(int number, const std::vector<std::string>& words);

// What an ordered list is made of. Words may lack their quotes; brackets and blanks mean nothing
// between them.
struct OrderToken {
  enum Kind { kWord, kNumber, kLess, kMore, kUnknown, kOpen, kClose };
  Kind kind = kWord;
  std::string text;  // of a word, without its quotes; of a number, without its brackets
};
std::vector<OrderToken> read_order(std::string_view text);

// The words of a subpart in brackets; nullopt when the tokens from `begin` on have another form.
std::optional<std::vector<std::string>> read_subpart(std::string_view text);

// The groups between the "<" signs; never empty.
std::vector<SortedGroup> read_groups(const std::vector<OrderToken>& tokens);

}  // namespace tripost
