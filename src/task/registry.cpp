// The only list of built-in tasks.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "task/date_understanding.h"
#include "task/multistep_arithmetic.h"
#include "task/task.h"
#include "task/word_sorting.h"

namespace tripost {

std::vector<std::string> task_names() {
  return {"multistep_arithmetic", "word_sorting", "date_understanding"};
}

std::unique_ptr<Task> make_task(const std::string& name) {
  if (name == "multistep_arithmetic") return std::make_unique<MultistepArithmetic>();
  if (name == "word_sorting") return std::make_unique<WordSorting>();
  if (name == "date_understanding") return std::make_unique<DateUnderstanding>();
  const std::string nearest = nearest_name(name, task_names());
  fail_usage("unknown task \"{}\"{}; the tasks are: {}", name,
             nearest.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", nearest),
             fmt::join(task_names(), ", "));
}

}  // namespace tripost
