#include "evaluate/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/random.h"

namespace tripost {
namespace {

// Columns: a digit a question for flags, a number for counts.
constexpr std::pair<const char*, bool Result::*> kFlags[] = {
    {"first_correct", &Result::first_correct},
    {"final_correct", &Result::final_correct},
    {"any_correct", &Result::any_correct},
    {"changed", &Result::changed}};

constexpr std::pair<const char*, int FeedbackCounts::*> kCounts[] = {
    {"on_wrong", &FeedbackCounts::on_wrong},
    {"negative_on_wrong", &FeedbackCounts::negative_on_wrong},
    {"right_step", &FeedbackCounts::right_step},
    {"on_right", &FeedbackCounts::on_right},
    {"negative_on_right", &FeedbackCounts::negative_on_right}};

std::string fingerprint(const std::vector<Problem>& questions) {
  std::string ids;
  for (const Problem& problem : questions) ids += problem.id + "\n";
  return fmt::format("{:016x}", hash_text(ids));
}

// `size` numbers from 0 on. Counts of feedback are left out where there was none.
std::vector<int> numbers_in(const Json& value, const char* name, std::size_t size,
                            const std::string& where) {
  const auto found = value.find(name);
  if (found == value.end() || !found->is_array() || found->size() != size)
    fail("{}: \"{}\" should be a list of {} numbers; test the model again", where, name, size);
  std::vector<int> numbers;
  for (const Json& number : *found) {
    const bool fits =
        number.is_number_integer() && number >= 0 && number <= std::numeric_limits<int>::max();
    if (!fits)
      fail("{}: \"{}\" holds {}, which is no count; test the model again", where, name,
           number.dump());
    numbers.push_back(number.get<int>());
  }
  return numbers;
}

}  // namespace

Json answers_json(const std::vector<Result>& answers, const std::vector<Problem>& questions) {
  assert(answers.size() == questions.size());
  Json value = {{"questions", fingerprint(questions)}};
  for (const auto& [name, flag] : kFlags) {
    std::string digits;
    for (const Result& answer : answers) digits += answer.*flag ? '1' : '0';
    value[name] = digits;
  }
  value["num_tokens"] = Json::array();
  for (const Result& answer : answers) value["num_tokens"].push_back(answer.num_tokens);
  for (const auto& [name, count] : kCounts) {
    Json column = Json::array();
    for (const Result& answer : answers) column.push_back(answer.feedback.*count);
    if (std::any_of(column.begin(), column.end(), [](const Json& number) { return number != 0; }))
      value[name] = std::move(column);
  }
  return value;
}

std::vector<Result> answers_from_json(const Json& value, const std::vector<Problem>& questions,
                                      const std::string& where) {
  if (const std::string found = string_field(value, "questions", where);
      found != fingerprint(questions))
    fail(
        "{}: it is of other test questions ({}) than those asked for now ({}); use the settings "
        "and the version that it was made with, or remove the run",
        where, found, fingerprint(questions));
  const std::size_t size = questions.size();
  std::vector<Result> answers;
  for (const Problem& problem : questions)
    answers.push_back({.problem_id = problem.id, .level = problem.level, .seen = problem.seen});
  for (const auto& [name, flag] : kFlags) {
    const std::string digits = string_field(value, name, where);
    if (digits.size() != size || digits.find_first_not_of("01") != std::string::npos)
      fail("{}: \"{}\" should be {} digits of 0 and 1; test the model again", where, name, size);
    for (std::size_t i = 0; i < size; ++i) answers[i].*flag = digits[i] == '1';
  }
  const auto tokens = numbers_in(value, "num_tokens", size, where);
  for (std::size_t i = 0; i < size; ++i) answers[i].num_tokens = tokens[i];
  for (const auto& [name, count] : kCounts) {
    if (!value.contains(name)) continue;
    const auto numbers = numbers_in(value, name, size, where);
    for (std::size_t i = 0; i < size; ++i) answers[i].feedback.*count = numbers[i];
  }
  return answers;
}

}  // namespace tripost
