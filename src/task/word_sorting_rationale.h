// Writing the steps of word sorting, in the words and numbers of the reference's rationales.
//
// A SortingSheet is what the steps written so far have established. A gold rationale is an empty
// sheet written to its end; an improvement is the sheet of the kept steps written to its end.
//
// One thing differs from the reference: when a subpart splits into several subparts, it numbers
// all of them alike, "(3.2)" and again "(3.2)", and the step after them "(3.4)". Here they are
// "(3.2)", "(3.3)" and "(3.4)", so that every number names one step. None of the lists that the
// paper trains on (up to seven words) is written differently by that.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task/word_sorting_steps.h"

namespace tripost {

struct SortingSheet {
  std::vector<std::string> words;  // of the question, in its order

  // What is known of the order: ranks from first to last, each of one word, or of several that
  // agree in their first `num_letters` letters. One rank of all words at the beginning.
  struct Rank {
    std::vector<std::string> words;
    std::size_t num_letters = 0;
  };
  std::vector<Rank> ranks;

  // Letters that the last step looked at, while no step has said yet what follows from them.
  struct Look {
    std::vector<std::string> words;
    std::size_t letter = 0;
  };
  std::optional<Look> look;

  // The last step and the steps around it: its number is that of all of them together. A step that
  // looks at the letters of a subpart opens it: the steps below it sort that subpart.
  struct Open {
    int number = 0;
    std::vector<std::string> subpart;  // empty for other steps
  };
  std::vector<Open> path;
  bool concluded = false;  // the last step is a "Hence, we have"

  explicit SortingSheet(std::vector<std::string> words_of_question);

  StepNumber number() const;
  // What the steps sort that stand beside the last one, or `depth` steps deep (0: the outermost):
  // the subpart around them, or all words.
  const std::vector<std::string>& scope() const;
  const std::vector<std::string>& scope_at(std::size_t depth) const;
  // The first rank of several words that are all in `subpart`; nullptr when there is none.
  const Rank* unsorted_in(const std::vector<std::string>& subpart) const;

  // The three things a step can do, each at the number it stands at.
  void look_at(const StepNumber& step, std::vector<std::string> subpart, std::size_t letter);
  void sort_by_look(const StepNumber& step, std::vector<std::vector<std::string>> groups);
  void conclude(const StepNumber& step);

 private:
  void stand_at(const StepNumber& step);
};

// Which words of a look share a letter, by its number, each in the look's order.
std::map<int, std::vector<std::string>> groups_of(const SortingSheet::Look& look);

// The steps that are still missing, the final response included. No word begins another one.
std::vector<std::string> remaining_sorting_steps(SortingSheet sheet);

// The number of the first of them, "Final response" for the last line.
std::string next_sorting_step(const SortingSheet& sheet);

// The lines, without their full stop where `text` is a part of one.
std::string first_letters_step(const std::vector<std::string>& words);
std::string letters_step(const StepNumber& number, const std::vector<std::string>& words,
                         std::size_t letter);
std::string groups_step(const StepNumber& number, const SortingSheet::Look& look);
std::string conclusion_step(const StepNumber& number, const std::vector<std::string>& sorted);
std::string final_sorting_step(const std::vector<std::string>& sorted);

}  // namespace tripost
