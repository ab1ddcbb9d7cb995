// Fuzzes what reads the replies of LLMs and of users' programs: read_llm_review, read_llm_update,
// review_from, improved_from, and the steps and the answer that a user's task finds in an attempt.
// scripts/fuzz.sh builds and runs it.
//
// An input is three texts with a 0 byte between them: the reply, the attempt that it is about, and
// the pattern or pointer of an answer.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "edit/attempt_lines.h"
#include "edit/llm_reply.h"
#include "expect_error.h"
#include "task/answer_reader.h"
#include "task/attempt_steps.h"
#include "task/conclusion.h"
#include "task/feedback_text.h"
#include "task/lines.h"
#include "task/program_review.h"

namespace tripost {
namespace {

struct Input {
  std::string reply, attempt, pattern;
};

Input input_of(const uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t first = text.find('\0');
  if (first == std::string::npos) return {text, text, ""};
  const std::size_t second = text.find('\0', first + 1);
  if (second == std::string::npos) return {text.substr(0, first), text.substr(first + 1), ""};
  return {text.substr(0, first), text.substr(first + 1, second - first - 1),
          text.substr(second + 1)};
}

void expect(bool holds, const char* what, const Input& input, const std::string& more = "") {
  if (holds) return;
  fmt::print(stderr, "{}\n--- reply\n{}\n--- attempt\n{}\n--- pattern\n{}\n---\n{}\n", what,
             input.reply, input.attempt, input.pattern, more);
  std::abort();
}

// A review that may be used reads back from its own words, and quotes something.
void check_review(const Input& input, const Review& review) {
  const Review read = read_feedback(review.feedback);
  expect(read.error.empty() && read.step == review.step && read.segment == review.segment,
         "the review does not read back", input, review.feedback);
  expect(!review.step.empty() && !review.segment.empty() && !review.reason.empty(),
         "a review without its parts", input, review.feedback);
}

void check_llm(const Input& input) {
  const LlmReview read = read_llm_review(input.reply, input.attempt);
  expect(read.fault.empty() == read.why.empty(), "a fault without its reason", input, read.why);
  if (read.fault.empty()) check_review(input, read.review);
  const auto lines = attempt_lines(input.attempt);
  for (const std::size_t kept : {std::size_t{0}, lines.size() / 2}) {
    const LlmUpdate update = read_llm_update(
        input.reply, {lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(kept)});
    expect(update.fault.empty() == !update.attempt.empty(), "an update or a fault, not both", input,
           update.attempt + update.fault);
  }
}

// The reply as a program's answer: parsed, or an object of its lines.
Json answer_of(const Input& input) {
  const Json parsed = Json::parse(input.reply, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_object()) return parsed;
  const auto lines = split_lines(input.reply);
  constexpr std::array kKeys = {"step", "segment", "reason", "steps"};
  Json answer = {{"correct", false}};
  for (std::size_t i = 0; i < std::min(kKeys.size(), lines.size()); ++i)
    answer[kKeys[i]] = std::string(lines[i]);
  return answer;
}

void check_program(const Input& input) {
  const Json answer = answer_of(input);
  std::string fault, declined;
  const Review review = review_from(answer, input.attempt, fault);
  if (fault.empty() && !review.correct && review.error.empty()) check_review(input, review);
  std::string improved_fault;
  const auto improved = improved_from(answer, input.attempt, review, declined, improved_fault);
  expect(improved.has_value() == (declined.empty() && improved_fault.empty()),
         "an improvement or a reason, not both", input, declined + improved_fault);
}

void check_steps(const Input& input) {
  const auto steps = steps_of(input.attempt);
  const char* behind = input.attempt.data();
  for (const AttemptStep& step : steps) {
    expect(step.text.data() >= behind, "steps overlap", input, step.id);
    behind = step.text.data() + step.text.size();
    expect(behind <= input.attempt.data() + input.attempt.size(), "a step past the end", input);
    expect(contains(step.text, step.body), "a body outside its step", input, step.id);
    const auto found = find_step(steps, step.id, std::string(step.body));
    expect(found && steps[*found].id == step.id, "a step that is not found", input, step.id);
  }
}

void check_answers(const Input& input) {
  for (const bool numeric : {false, true}) {
    AnswerConfig as_pattern, as_pointer;
    as_pattern.pattern = input.pattern;
    as_pointer.json_pointer = input.pattern;
    for (AnswerConfig config : {as_pattern, as_pointer}) {
      config.numeric = numeric;
      config.where = "fuzz:1";
      reads([&] {
        const AnswerReader reader(config);
        reader.fault_of_gold(input.reply);
        const Verdict verdict = reader.grade(input.attempt, input.reply);
        expect(verdict.error.empty() == !verdict.answer.empty(), "an answer or a reason, not both",
               input, verdict.answer + verdict.error);
        expect(!verdict.correct || verdict.error.empty(), "correct and unreadable", input);
      });
    }
  }
}

void check_conclusion(const Input& input) {
  Problem problem;
  problem.question = "?\nOptions:\n(A) 01/23/2011\n(B) The owl is the leftmost.\n(C) ";
  for (const char* gold : {"A", "B", "C", ""}) {
    problem.gold = gold;
    conclusion_names_answer(problem, input.attempt);
  }
  problem.question = input.reply;
  problem.gold = "A";
  conclusion_names_answer(problem, input.attempt);
}

}  // namespace
}  // namespace tripost

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace tripost;
  const Input input = input_of(data, size);
  check_llm(input);
  check_program(input);
  check_steps(input);
  check_answers(input);
  check_conclusion(input);
  return 0;
}
