// Fuzzes everything in a task that reads what a model wrote: grade, verify, improve, praise,
// parse_feedback, parse_problem, and conclusion_names_answer, for every built-in task and a user's.
// scripts/fuzz.sh builds and runs it.
//
// An input is one byte for the task, one for the problem, and the text. Texts grow from the task's
// own: the mutator starts from gold rationales, rationales with an injected error and feedback
// sentences, and changes bytes and lines of them. TRIPOST_FUZZ_TASK=name keeps to one task; the
// user's is called "user".
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/random.h"
#include "task/conclusion.h"
#include "task/task.h"

extern "C" std::size_t LLVMFuzzerMutate(uint8_t* data, std::size_t size, std::size_t most);

namespace tripost {
namespace {

constexpr std::size_t kHeader = 2;  // bytes before the text
constexpr int kProblems = 64;       // of each task
constexpr std::string_view kUser = "user";

struct Subject {
  std::unique_ptr<Task> task;
  std::vector<Problem> problems;
};

// A user's task without programs: sums, whose answer a pattern finds.
std::unique_ptr<Task> make_sums() {
  char folder[] = "/tmp/task_fuzz_XXXXXX";
  if (::mkdtemp(folder) == nullptr) std::abort();
  const std::filesystem::path path = folder;
  std::ofstream problems(path / "problems.jsonl");
  for (int i = 0; i < kProblems; ++i) {
    const std::string sum = fmt::format("{} + {} = {}", i, 2 * i, 3 * i);
    const std::string rationale =
        fmt::format("(1) {}.\n(2) {} + 4 = {}.\n(Final response) So the answer is {}.", sum, 3 * i,
                    3 * i + 4, 3 * i + 4);
    problems << to_line({{"question", fmt::format("Add {}, {}, 4.", i, 2 * i)},
                         {"answer", 3 * i + 4},
                         {"rationale", rationale},
                         {"split", "test"}})
             << "\n";
  }
  problems.close();
  std::ofstream(path / "task.toml") << "name = \"sums\"\nproblems = \"problems.jsonl\"\n"
                                       "[answer]\npattern = 'the answer is (-?\\d+)'\n"
                                       "compare = \"numeric\"\n";
  auto task = make_task((path / "task.toml").string());
  std::filesystem::remove_all(path);
  return task;
}

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> kSubjects = [] {
    std::vector<Subject> result;
    const char* const only = std::getenv("TRIPOST_FUZZ_TASK");
    std::vector<std::string> names = task_names();
    names.emplace_back(kUser);
    if (only != nullptr) names = {only};
    for (const std::string& name : names) {
      auto task = name == kUser ? make_sums() : make_task(name);
      auto problems = task->problems(Split::kTest, {}, kProblems, 1);
      result.push_back({std::move(task), std::move(problems)});
    }
    return result;
  }();
  return kSubjects;
}

struct Input {
  const Task& task;
  const Problem& problem;
  std::string text;
};

Input input_of(const uint8_t* data, std::size_t size) {
  const Subject& subject = subjects()[data[0] % subjects().size()];
  return {*subject.task, subject.problems[data[1] % subject.problems.size()],
          std::string(reinterpret_cast<const char*>(data) + kHeader, size - kHeader)};
}

void expect(bool holds, const char* what, const Input& input, const std::string& more = "") {
  if (holds) return;
  fmt::print(stderr, "{}: {}\nQ: {}\n{}\n{}\n", input.task.name(), what, input.problem.question,
             input.text, more);
  std::abort();
}

void try_improve(const Input& input, const Review& review) {
  std::string why;
  const auto improved = input.task.improve(input.problem, input.text, review, why);
  expect(improved.has_value() == why.empty(), "an improvement or a reason, not both", input, why);
  if (!improved) return;
  const Review again = input.task.verify(input.problem, *improved);
  expect(again.correct, "the improved attempt is wrong", input,
         *improved + "\n" + again.feedback + again.error);
  expect(input.task.grade(input.problem, *improved).correct, "the improved answer is wrong", input,
         *improved);
}

void check(const Input& input) {
  const Verdict verdict = input.task.grade(input.problem, input.text);
  expect(!verdict.correct || verdict.error.empty(), "correct and unreadable", input);
  const Review review = input.task.verify(input.problem, input.text);
  const int outcomes =
      (review.correct ? 1 : 0) + (review.step.empty() ? 0 : 1) + (review.error.empty() ? 0 : 1);
  expect(outcomes == 1, "not exactly one outcome", input, review.feedback + review.error);
  expect(verdict.correct || !review.correct, "verified but graded wrong", input);
  expect(review.segment.empty() == review.step.empty(), "a wrong step without a quoted part", input,
         review.feedback);
  if (!review.feedback.empty()) {
    const Review read = input.task.parse_feedback(review.feedback);
    expect(read.correct == review.correct && read.step == review.step,
           "feedback reads back as another", input, review.feedback);
  }
  try_improve(input, review);
  input.task.praise(input.text);
  conclusion_names_answer(input.problem, input.text);
  try_improve(input, input.task.parse_feedback(input.text));
  try {
    const Problem problem = input.task.parse_problem(input.text, "fuzz");
    if (!problem.rationale.empty())
      expect(input.task.verify(problem, problem.rationale).correct, "gold is wrong", input,
             problem.rationale);
  } catch (const Error&) {
  }
}

// A text to start from: gold, gold with an error, or the feedback on that.
std::string fresh_text(const Subject& subject, const Problem& problem, Random& random) {
  const auto injected = subject.task->inject_error(problem, random);
  switch (random.below(4)) {
    case 0:
      return problem.rationale;
    case 1:
      return injected ? subject.task->verify(problem, injected->attempt).feedback
                      : problem.rationale;
    case 2:
      return problem.question;
    default:
      return injected ? injected->attempt : problem.rationale;
  }
}

// Drops, repeats or swaps lines.
std::string with_lines_moved(const std::string& text, Random& random) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  const std::size_t line = random.below(lines.size()), other = random.below(lines.size());
  switch (random.below(3)) {
    case 0:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(line));
      break;
    case 1:
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(line), std::string(lines[other]));
      break;
    default:
      std::swap(lines[line], lines[other]);
  }
  std::string result;
  for (const std::string& each : lines) result += (&each == &lines.front() ? "" : "\n") + each;
  return result;
}

}  // namespace
}  // namespace tripost

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size < tripost::kHeader) return 0;
  tripost::check(tripost::input_of(data, size));
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned seed) {
  using namespace tripost;
  Random random(seed);
  if (most <= kHeader) return LLVMFuzzerMutate(data, size, most);
  const bool is_new = size <= kHeader || random.below(20) == 0;
  if (is_new) {
    data[0] = static_cast<uint8_t>(random.below(256));
    data[1] = static_cast<uint8_t>(random.below(256));
  }
  const Subject& subject = subjects()[data[0] % subjects().size()];
  const Problem& problem = subject.problems[data[1] % subject.problems.size()];
  std::string text =
      is_new ? fresh_text(subject, problem, random)
             : std::string(reinterpret_cast<const char*>(data) + kHeader, size - kHeader);
  if (random.below(3) == 0) text = with_lines_moved(text, random);
  text.resize(std::min(text.size(), most - kHeader));
  std::memcpy(data + kHeader, text.data(), text.size());
  if (is_new && random.below(2) == 0) return kHeader + text.size();
  return kHeader + LLVMFuzzerMutate(data + kHeader, text.size(), most - kHeader);
}
