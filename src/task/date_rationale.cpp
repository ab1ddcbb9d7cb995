#include "task/date_rationale.h"

#include <fmt/format.h>

#include <cassert>

namespace tripost {

DateSheet empty_sheet(const DateQuestion& question) {
  assert(question.facts);
  return {.known = std::vector<bool>(question.facts->steps.size(), false)};
}

std::vector<std::string> remaining_steps(const DateQuestion& question, DateSheet sheet) {
  const Date answer = *question.answer();
  std::vector<std::string> lines;
  if (!sheet.answered) {
    for (std::size_t i = 0; i < sheet.known.size() && !sheet.knows_today(); ++i) {
      if (sheet.known[i]) continue;
      const DateStep& step = question.facts->steps[i];
      lines.push_back(context_step(++sheet.last_step, step.premise, step.entity,
                                   write_date(step.date, DateStyle::kShort)));
      sheet.known[i] = true;
    }
    lines.push_back(asked_step(++sheet.last_step, question.asked->text,
                               write_date(answer, DateStyle::kShort),
                               write_date(answer, DateStyle::kPadded)));
  }
  lines.push_back(letter_step(question.letter_of(answer)));
  return lines;
}

std::string context_step(int number, const std::string& premise, const std::string& entity,
                         const std::string& date) {
  return fmt::format("({}) If {}, then {} is {}.", number, premise, entity, date);
}

std::string asked_step(int number, const std::string& asked, const std::string& date,
                       const std::string& form) {
  return fmt::format("({}) The date {} is {}, that is {}.", number, asked, date, form);
}

std::string letter_step(const std::string& letter) {
  return fmt::format("(Final response) So the answer is ({}).", letter);
}

}  // namespace tripost
