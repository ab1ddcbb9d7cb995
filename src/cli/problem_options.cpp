#include "cli/problem_options.h"

#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "improve/improve.h"

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

std::vector<Problem> read_problems(const Task& task, const fs::path& path) {
  std::vector<Problem> problems;
  for_each_json_line(path, [&](const Json& line, const std::string& where) {
    problems.push_back(task.parse_problem(string_field(line, "question", where), where));
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

std::vector<Problem> problems_of(const Task& task, const ProblemSettings& settings) {
  const auto count = count_in(settings.problems);
  if (!count) return read_problems(task, settings.problems);
  if (settings.split == "test")
    return test_problems(task, {.seen = *count, .unseen = *count, .seed = settings.seed});
  const Split split = settings.split == "train" ? Split::kTrain : Split::kValidation;
  return task.problems(split, {}, *count, settings.seed);
}

}  // namespace tripost
