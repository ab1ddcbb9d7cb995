#include "cli/problem_options.h"

#include <charconv>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "cli/training_lines.h"
#include "cli/unused_options.h"
#include "improve/improve.h"
#include "task/lines.h"
#include "task/user_task.h"
#include "task/user_task_file.h"

namespace tripost {
namespace {

constexpr int kMostProblems = 1'000'000;

// nullopt when --problems names a file.
std::optional<int> count_in(const std::string& problems) {
  if (problems.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  int count = 0;
  const auto [end, error] =
      std::from_chars(problems.data(), problems.data() + problems.size(), count);
  if (error != std::errc() || count < 1 || count > kMostProblems) {
    fail_usage("--problems: expected the name of a file or a number from 1 to {}, found \"{}\"",
               kMostProblems, problems);
  }
  return count;
}

// Questions are for testing where a file or the user's task says so. Those of a built-in task have
// a split by hash too, but only where we draw them: the reference's files have their own splits.
void refuse_test_problem(const Json& line, const Problem& problem,
                         const std::set<std::string>& test_questions, const std::string& where) {
  constexpr const char* kRemedy =
      "what is made here is to train on: remove the line, or draw training questions with a number "
      "for --problems";
  if (const auto split = line.find("split"); split != line.end() && *split == "test")
    fail("{}: the field \"split\" is \"test\", and {}", where, kRemedy);
  if (test_questions.contains(problem.question))
    fail("{}: the question \"{}\" is one of the task's test problems, and {}", where,
         shortened(problem.question), kRemedy);
}

std::vector<Problem> read_problems(const Task& task, const ProblemSettings& settings) {
  const fs::path path = settings.problems;
  const bool to_train = settings.split == "train";
  const auto test_questions = to_train ? test_questions_of(settings.task) : std::set<std::string>();
  std::vector<Problem> problems;
  for_each_json_line(path, [&](const Json& line, const std::string& where) {
    problems.push_back(task.parse_problem(question_of(line, where), where));
    if (to_train) refuse_test_problem(line, problems.back(), test_questions, where);
  });
  if (problems.empty())
    fail("{} holds no problem; give one {{\"question\": ...}} a line", path.string());
  return problems;
}

}  // namespace

void add_problem_options(Options& options, ProblemSettings& settings, const std::string& help) {
  options.add("task", &settings.task, "name of a task, or path of your own task.toml").required();
  options.add("problems", &settings.problems, help + "; or a JSONL file of {\"question\"}");
}

std::vector<Problem> problems_of(const Task& task, const ProblemSettings& settings,
                                 const Options& options) {
  const auto count = count_in(settings.problems);
  if (!count) {
    refuse_unused(options, {"split"},
                  "--problems names a file, whose problems are all taken; give a number to draw "
                  "from a split");
    return read_problems(task, settings);
  }
  if (settings.split == "test")
    return test_problems(task, {.seen = *count, .unseen = *count, .seed = settings.seed});
  const Split split = settings.split == "train" ? Split::kTrain : Split::kValidation;
  return task.problems(split, {}, *count, settings.seed);
}

InputFiles inputs_of_problems(const ProblemSettings& settings) {
  InputFiles inputs = inputs_of_task(settings.task);
  if (!count_in(settings.problems)) inputs["--problems"] = settings.problems;
  return inputs;
}

}  // namespace tripost
