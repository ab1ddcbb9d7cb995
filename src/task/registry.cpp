// The only list of built-in tasks, and the way to a user's.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "task/date_understanding.h"
#include "task/logical_deduction.h"
#include "task/multistep_arithmetic.h"
#include "task/task.h"
#include "task/user_task.h"
#include "task/word_sorting.h"

namespace tripost {

std::vector<std::string> task_names() {
  return {"multistep_arithmetic", "word_sorting", "date_understanding", "logical_deduction"};
}

namespace {

std::unique_ptr<Task> make_user_task(const std::string& path) {
  auto task = std::make_unique<UserTask>(path);
  const auto names = task_names();
  if (std::find(names.begin(), names.end(), task->name()) != names.end())
    fail_usage("{}: name: \"{}\" is a built-in task; choose another name", path, task->name());
  return task;
}

}  // namespace

std::unique_ptr<Task> make_task(const std::string& name, FeedbackStyle style) {
  if (name == "multistep_arithmetic") return std::make_unique<MultistepArithmetic>(style);
  if (name == "word_sorting") return std::make_unique<WordSorting>();
  if (name == "date_understanding") return std::make_unique<DateUnderstanding>();
  if (name == "logical_deduction") return std::make_unique<LogicalDeduction>();
  if (name.ends_with(".toml")) return make_user_task(name);
  const std::string nearest = nearest_name(name, task_names());
  fail_usage("unknown task \"{}\"{}; the tasks are: {}", name,
             nearest.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", nearest),
             fmt::join(task_names(), ", "));
}

}  // namespace tripost
