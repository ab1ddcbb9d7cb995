#include "run/run_directory.h"

#include <charconv>
#include <string>
#include <system_error>

#include "base/error.h"

namespace tripost {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIterationPrefix = "iteration-";

// What may stand in the folder of a run that ended before its config was saved: locks, and the
// answers of an LLM that was asked whether it is there.
bool holds_only_first_files(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(".") && !name.starts_with("llm_cache.sqlite")) return false;
  }
  return true;
}

}  // namespace

RunDirectory::RunDirectory(fs::path root) : root_(std::move(root)) {}

fs::path RunDirectory::config() const { return root_ / "config.toml"; }
fs::path RunDirectory::state() const { return root_ / "state.json"; }
fs::path RunDirectory::metrics() const { return root_ / "metrics.jsonl"; }
fs::path RunDirectory::scores() const { return root_ / "scores.json"; }
fs::path RunDirectory::report_html() const { return root_ / "report.html"; }
fs::path RunDirectory::report_markdown() const { return root_ / "report.md"; }
fs::path RunDirectory::tensorboard() const { return root_ / "tensorboard"; }
fs::path RunDirectory::model() const { return root_ / "model"; }

fs::path RunDirectory::iteration(int iteration) const {
  return root_ / fmt::format("{}{}", kIterationPrefix, iteration);
}
fs::path RunDirectory::trajectories(int number) const {
  return iteration(number) / "trajectories.jsonl";
}
fs::path RunDirectory::counts(int number) const { return iteration(number) / "counts.json"; }

fs::path RunDirectory::iteration_model(int number) const { return iteration(number) / "model"; }

fs::path RunDirectory::diagnosis(int number) const { return iteration(number) / "diagnosis.json"; }

fs::path RunDirectory::evaluation(int number) const {
  return iteration(number) / "evaluation.jsonl";
}

fs::path RunDirectory::train_records(int number) const { return iteration(number) / "train.jsonl"; }

fs::path RunDirectory::control() const { return root_ / "control"; }

fs::path RunDirectory::checkpoints() const { return root_ / "checkpoints"; }
fs::path RunDirectory::checkpoint(int64_t step) const {
  return checkpoints() / fmt::format("step-{}", step);
}

int RunDirectory::num_iterations() const {
  int count = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(root_, none)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kIterationPrefix)) continue;
    int number = -1;
    const char* begin = name.data() + kIterationPrefix.size();
    const auto [end, error] = std::from_chars(begin, name.data() + name.size(), number);
    if (error != std::errc() || end != name.data() + name.size() || number < count) continue;
    if (fs::exists(trajectories(number))) count = number + 1;
  }
  return count;
}

void RunDirectory::create() const {
  std::error_code error;
  const auto status = fs::status(root_, error);
  if (fs::exists(status) && !fs::is_directory(status)) {
    fail_usage("{} is a file; choose a folder for --output", root_.string());
  }
  if (fs::is_directory(status) && !fs::exists(config()) && !holds_only_first_files(root_)) {
    fail_usage(
        "{} holds other files and no {}, so it is no run of tripost; choose a new or empty folder "
        "for --output",
        root_.string(), config().filename().string());
  }
  fs::create_directories(root_, error);
  if (error) fail("cannot make the folder {}: {}", root_.string(), error.message());
}

void RunDirectory::check_exists() const {
  if (fs::exists(config()) || fs::exists(scores())) return;
  fail_usage("{} is not a run directory: it has neither {} nor {}", root_.string(),
             config().filename().string(), scores().filename().string());
}

}  // namespace tripost
