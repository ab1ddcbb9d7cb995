#include "evaluate/diagnose.h"

#include <fmt/format.h>

#include "base/random.h"
#include "rollout/attempt.h"
#include "task/feedback_text.h"
#include "task/lines.h"
#include "text/prompt.h"

namespace tripost {
namespace {

// How many lines of `attempt` come before its first mistake.
std::size_t lines_before(const std::string& attempt, const Review& review) {
  if (review.line) return *review.line;
  const std::vector<std::string_view> lines = split_lines(attempt);
  return line_of_step(lines, review.step).value_or(lines.size());
}

struct Case {
  const Exchange* exchange;
  Review review;
};

void count(DiagnosisCounts& counts, const Case& asked, const Attempt& update, const Task& task) {
  const std::string& before = asked.exchange->steps.front().attempt.text;
  if (update.verdict.correct) {
    ++counts.update_right;
  } else if (update.text == before) {
    ++counts.update_unchanged;
  } else {
    const Review review = task.verify(asked.exchange->problem, update.text);
    if (review.error.empty() &&
        lines_before(update.text, review) > lines_before(before, asked.review))
      ++counts.update_further;
  }
}

struct Field {
  const char* name;
  int DiagnosisCounts::*count;
};

constexpr Field kFields[] = {{"attempts", &DiagnosisCounts::attempts},
                             {"right", &DiagnosisCounts::right},
                             {"unreadable", &DiagnosisCounts::unreadable},
                             {"asked", &DiagnosisCounts::asked},
                             {"update_right", &DiagnosisCounts::update_right},
                             {"update_further", &DiagnosisCounts::update_further},
                             {"update_unchanged", &DiagnosisCounts::update_unchanged}};

Json to_json(const DiagnosisCounts& counts) {
  Json value = Json::object();
  for (const Field& field : kFields) value[field.name] = counts.*field.count;
  return value;
}

DiagnosisCounts counts_from_json(const Json& value, const std::string& where) {
  DiagnosisCounts counts;
  for (const Field& field : kFields)
    counts.*field.count = static_cast<int>(integer_field(value, field.name, where));
  return counts;
}

}  // namespace

void DiagnosisCounts::add(const DiagnosisCounts& other) {
  for (const Field& field : kFields) this->*field.count += other.*field.count;
}

Diagnosis diagnose(const std::vector<Exchange>& exchanges, const Task& task,
                   const Generate& generate, const Sampling& sampling) {
  std::map<std::string, DiagnosisCounts> levels;
  std::vector<Case> cases;
  std::vector<Request> requests;
  for (const Exchange& exchange : exchanges) {
    DiagnosisCounts& counts = levels[exchange.problem.level];
    ++counts.attempts;
    const std::string& attempt = exchange.steps.front().attempt.text;
    Review review = task.verify(exchange.problem, attempt);
    if (review.correct) {
      ++counts.right;
    } else if (!review.error.empty()) {
      ++counts.unreadable;
    } else {
      ++counts.asked;
      Prompt prompt =
          prompt_for_attempt({.question = exchange.problem.question,
                              .lead_in = exchange.problem.lead_in,
                              .turns = {{.attempt = attempt, .feedback = review.feedback}}});
      requests.push_back(
          {std::move(prompt.text), hash_text(exchange.problem.id), std::move(prompt.borders)});
      cases.push_back({&exchange, std::move(review)});
    }
  }
  const auto completions = generate(requests, until_end_of_attempt(sampling));
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Problem& problem = cases[i].exchange->problem;
    count(levels[problem.level], cases[i], attempt_from(completions[i], problem, task), task);
  }
  Diagnosis diagnosis;
  for (const auto& [level, counts] : levels) diagnosis.all.add(counts);
  levels.erase("");
  diagnosis.levels = std::move(levels);
  return diagnosis;
}

Json to_json(const Diagnosis& diagnosis) {
  Json value = to_json(diagnosis.all);
  value["levels"] = Json::object();
  for (const auto& [level, counts] : diagnosis.levels) value["levels"][level] = to_json(counts);
  return value;
}

Diagnosis diagnosis_from_json(const Json& value, const std::string& where) {
  Diagnosis diagnosis{.all = counts_from_json(value, where)};
  if (!value.contains("levels")) return diagnosis;  // a run of an older version
  for (const auto& [level, counts] : value["levels"].items())
    diagnosis.levels[level] = counts_from_json(counts, fmt::format("{}, level {}", where, level));
  return diagnosis;
}

}  // namespace tripost
