// Reads and checks the steps of one attempt at a word sorting question, in the order they were
// written.
//
// Promises: the first wrong step is found whatever follows it; a line that cannot be read counts
// only when everything before it is right; time linear in each line; nothing throws. A step is
// right when it follows from the steps before it: an order that no step has established is wrong
// even where it happens to be the right one, and so is one that leaves words out. Numbers of steps
// have to ascend, and each one's outer step has to be there; how deep a model nests its steps is
// its own affair.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "task/line_check.h"
#include "task/word_sorting_question.h"
#include "task/word_sorting_rationale.h"

namespace tripost {

class SortingChecker {
 public:
  explicit SortingChecker(const SortingQuestion& question);

  // The next line. After a fault the checker is not used again.
  std::optional<LineFault> check(std::string_view line);

  // The step this line calls itself, and that of the line before: "3.1" or "Final response"; empty
  // when there is none.
  const std::string& step() const { return step_; }
  const std::string& previous_step() const { return previous_step_; }
  bool finished() const { return finished_; }
  // What the right steps so far have established.
  const SortingSheet& sheet() const { return sheet_; }

 private:
  // A "We now have" step, for the conclusions that rest on it.
  struct Established {
    std::string step;
    std::string text;
    std::vector<std::vector<std::string>> groups;
  };
  // What the last step put in order, if it did.
  struct LastOrder {
    std::string text;
    std::vector<std::string> words;
  };
  using Words = std::vector<std::string>;
  using Positions = std::map<std::string, std::size_t>;

  std::optional<LineFault> check_number(const StepNumber& number, bool opens_subpart) const;
  std::optional<LineFault> check_first_letters(const SortingLine& line);
  std::optional<LineFault> check_letters(const SortingLine& line);
  std::optional<LineFault> check_subpart(const StepNumber& number, const Words& subpart) const;
  std::optional<LineFault> check_which_letter(const Words& subpart, std::size_t letter,
                                              const std::string& segment) const;
  std::optional<LineFault> check_entry_words(const std::vector<LetterEntry>& entries,
                                             const Words& subpart, std::string_view segment) const;
  std::optional<LineFault> check_entries(const std::vector<LetterEntry>& entries,
                                         std::size_t letter) const;
  std::optional<LineFault> check_groups(const SortingLine& line);
  std::optional<LineFault> check_numbers_of_groups(const std::vector<SortedGroup>& groups,
                                                   std::string_view segment) const;
  std::optional<LineFault> check_group(std::size_t place, const SortedGroup& group,
                                       std::string_view segment) const;
  std::optional<LineFault> check_conclusion(const SortingLine& line);
  std::optional<LineFault> check_against_all(std::size_t first, const Words& scope,
                                             const Positions& positions,
                                             std::string_view segment) const;
  std::optional<LineFault> check_against(const Established& known, const Positions& positions,
                                         std::string_view segment) const;
  std::optional<LineFault> check_complete(const Words& order, const Words& scope,
                                          std::string_view segment) const;
  std::optional<LineFault> check_final(std::string_view text);

  // What is wrong with which words there are; an empty subpart stands for the whole list.
  std::string not_wanted(const std::string& word, const Words& subpart) const;
  std::string missing_words(const std::set<std::string>& found, const Words& subpart) const;
  bool is_listed(const std::string& word) const;
  std::string not_listed(const std::string& word) const;

  const SortingQuestion& question_;
  SortingSheet sheet_;
  std::vector<Established> established_;
  std::vector<std::size_t> established_before_;  // each step of the path: its number of them
  std::vector<std::pair<StepNumber, SortingSheet::Look>> looks_;
  std::map<StepNumber, std::string> results_beside_;  // by outer step: its last "We now have"
  std::optional<LastOrder> last_order_;
  bool finished_ = false;
  std::string step_;
  std::string previous_step_;
};

LineReport check_sorting(const SortingQuestion& question, std::string_view attempt);

}  // namespace tripost
