#include "cli/training_lines.h"

#include <fmt/format.h>

#include <vector>

#include "base/error.h"

namespace tripost {
namespace {

constexpr const char* kOptionsHeader = "\nOptions:\n";

bool is_record(const Json& line) {
  const auto meta_data = line.find("meta_data");
  return !line.contains("question") && meta_data != line.end() && meta_data->is_object();
}

std::string where_in(const Json& line, const std::string& where) {
  return is_record(line) ? where + ", meta_data" : where;
}

[[noreturn]] void fail_without_question(const Json& fields, const std::string& where) {
  std::vector<std::string> names;
  for (const auto& [name, value] : fields.items()) names.push_back(name);
  const std::string nearest = nearest_name("question", names);
  if (nearest.empty()) fail("{}: the field \"question\" is missing", where);
  fail("{}: the field \"{}\" is unknown; did you mean \"question\"?", where, nearest);
}

// The reference's answer-only records and its LMSI ones have no meta_data.
std::string question_in_text(const Json& line, const std::string& where) {
  const std::string text = string_field(line, "text", where);
  const std::size_t end = text.find(kAttemptMarker);
  if (end == std::string::npos)
    fail("{}: the text has no line that opens with \"Answer:\", so its question is not known",
         where);
  return text.substr(0, end);
}

void add_others(const Json& members, Json& meta_data) {
  for (const auto& [key, value] : members.items()) {
    const bool is_made_anew = key == "text" || key == "text_att_start_text";
    if (!is_made_anew && !meta_data.contains(key)) meta_data[key] = value;
  }
}

}  // namespace

const Json& fields_of(const Json& line) { return is_record(line) ? line["meta_data"] : line; }

std::string question_of(const Json& line, const std::string& where) {
  const Json& fields = fields_of(line);
  if (!fields.contains("question")) {
    if (line.contains("text")) return question_in_text(line, where);
    fail_without_question(fields, where_in(line, where));
  }
  std::string question = string_field(fields, "question", where_in(line, where));
  if (!fields.contains("formatted_choices") || question.find(kOptionsHeader) != std::string::npos)
    return question;
  question.erase(question.find_last_not_of(" \n") + 1);
  return question + kOptionsHeader +
         string_field(fields, "formatted_choices", where_in(line, where));
}

std::string attempt_of(const Json& line, const std::string& where) {
  const Json& fields = fields_of(line);
  if (line.contains("attempt") || !fields.contains("rationale"))
    return string_field(line, "attempt", where);
  return string_field(fields, "rationale", where_in(line, where));
}

Json rationale_line(const Task& task, const Problem& problem, const Json& line) {
  const std::size_t options = problem.question.find(kOptionsHeader);
  Json meta_data = {{"rationale", problem.rationale},
                    {"answer", task.answer_of(problem)},
                    {"question", problem.question.substr(0, options)}};
  if (options != std::string::npos)
    meta_data["formatted_choices"] =
        problem.question.substr(options + std::string_view(kOptionsHeader).size());
  Json others = line;
  if (is_record(line)) {
    others.erase("meta_data");
    add_others(fields_of(line), meta_data);
  }
  add_others(others, meta_data);
  return {{"text", fmt::format("Q: {}{} {}\n{}", problem.question, kAttemptMarker, problem.lead_in,
                               problem.rationale)},
          {"text_att_start_text", kAttemptMarker},
          {"meta_data", meta_data}};
}

}  // namespace tripost
