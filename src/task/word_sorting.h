// The paper's word sorting: lists of words put in alphabetical order letter by letter.
//
// Questions, prompts and rationales are the reference's to the byte, but for the numbers of sibling
// subparts (word_sorting_rationale.h). Beside it: the first wrong step is found whatever comes
// after it, orders that no step has established are wrong, and what the reference's verifier says
// in the order of a hash table or with an empty quote is said in the question's order and quoted.
#pragma once

#include "task/task.h"

namespace tripost {

class WordSorting : public Task {
 public:
  std::string name() const override { return "word_sorting"; }
  std::vector<Level> levels() const override;
  std::vector<Problem> problems(Split split, const std::vector<std::string>& levels, int count,
                                uint64_t seed) const override;
  // The rationale stays empty where one word begins another: comparing letters cannot order them.
  Problem parse_problem(const std::string& question, const std::string& where) const override;
  // The reference stores a list of words.
  Json answer_of(const Problem& problem) const override;
  Verdict grade(const Problem& problem, const std::string& attempt) const override;
  Review verify(const Problem& problem, const std::string& attempt) const override;
  std::optional<std::string> improve(const Problem& problem, const std::string& attempt,
                                     const Review& review, std::string& why) const override;
  std::string praise(const std::string& attempt) const override;
  Review parse_feedback(const std::string& feedback) const override;
  std::optional<InjectedError> inject_error(const Problem& problem, Random& random) const override;
};

}  // namespace tripost
