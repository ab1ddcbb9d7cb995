// Writing the steps of date understanding, in the style of the reference's rationales.
//
//   (1) If yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings, then today's date is Jan 22,
//   2011. (2) The date 24 hours later is Jan 23, 2011, that is 01/23/2011. (Final response) So the
//   answer is (B).
#pragma once

#include <string>
#include <vector>

#include "task/date_question.h"

namespace tripost {

// What the steps written so far have established.
struct DateSheet {
  std::vector<bool> known;   // of each step of the context
  bool fixes_today = false;  // whether today follows from what was said, by counting days
  bool answered = false;     // whether the asked date has been said
  int last_step = 0;         // number of the last step

  bool knows_today() const { return known.back(); }
  bool can_count_from_today() const { return knows_today() || fixes_today; }
};

// Before the first step. The question is understood.
DateSheet empty_sheet(const DateQuestion& question);

// The steps that are still missing, the final response included. The question is understood and one
// of its options is the answer.
std::vector<std::string> remaining_steps(const DateQuestion& question, DateSheet sheet);

std::string context_step(int number, const std::string& premise, const std::string& entity,
                         const std::string& date);
// "The date <asked> is <date>, that is <form>."
std::string asked_step(int number, const std::string& asked, const std::string& date,
                       const std::string& form);
std::string letter_step(const std::string& letter);

}  // namespace tripost
