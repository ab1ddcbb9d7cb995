// Reads and checks the steps of one attempt at a date question, in the order they were written.
//
// Promises: the first wrong step is found whatever follows it; a line that cannot be read counts
// only when everything before it is right; time linear in each line; nothing throws. A step is
// right when it follows from the question and the steps before it: its premise is what they say,
// its date is what the calendar says, and the date in figures is the date in words. The scripted
// steps are checked wholly; of free wordings those of the form "If ..., then <subject> is <date>."
// whose subject is known. A step that says again what is established is not wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task/date_claims.h"
#include "task/date_question.h"
#include "task/date_rationale.h"
#include "task/line_check.h"

namespace tripost {

class DateChecker {
 public:
  // The question is understood.
  explicit DateChecker(const DateQuestion& question);

  // The next line. After a fault the checker is not used again.
  std::optional<LineFault> check(std::string_view line);

  // The step this line calls itself, and that of the line before: "2" or "Final response"; empty
  // when there is none.
  const std::string& step() const { return step_; }
  const std::string& previous_step() const { return previous_step_; }
  bool finished() const { return finished_; }
  // What the right steps so far have established.
  const DateSheet& sheet() const { return sheet_; }

 private:
  std::optional<LineFault> check_number(int number);
  std::optional<LineFault> check_claim(std::string_view text);
  std::optional<LineFault> check_context_step(const DateClaim& claim, std::size_t index);
  void establish(std::size_t index);
  std::optional<LineFault> check_offset(const DateClaim& claim, const DateSubject& subject);
  std::optional<LineFault> check_values(const DateClaim& claim, Date expected, std::string reason);
  std::optional<LineFault> check_weekday(const DateMention& mention);
  std::optional<LineFault> check_final(std::string_view text);

  const DateQuestion& question_;
  DateSheet sheet_;
  std::vector<int> found_in_;  // number of the step that established each step of the context
  int answered_in_ = 0;
  bool finished_ = false;
  std::string step_;
  std::string previous_step_;
};

// One attempt, checked to its first fault; an attempt at a question that is not understood has an
// error.
LineReport check_dates(const DateQuestion& question, std::string_view attempt);

}  // namespace tripost
