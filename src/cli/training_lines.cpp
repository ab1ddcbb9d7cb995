#include "cli/training_lines.h"

#include <fmt/format.h>

namespace tripost {

Json rationale_line(const Task& task, const Problem& problem, const Json& line) {
  Json meta_data = {{"rationale", problem.rationale},
                    {"answer", task.answer_of(problem)},
                    {"question", problem.question}};
  for (const auto& [key, value] : line.items()) {
    if (!meta_data.contains(key)) meta_data[key] = value;
  }
  return {{"text", fmt::format("Q: {}{} {}\n{}", problem.question, kAttemptMarker, problem.lead_in,
                               problem.rationale)},
          {"text_att_start_text", kAttemptMarker},
          {"meta_data", meta_data}};
}

}  // namespace tripost
