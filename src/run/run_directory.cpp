#include "run/run_directory.h"

#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <system_error>

#include "base/error.h"

namespace tripost {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIterationPrefix = "iteration-";
constexpr std::string_view kSeedPrefix = "seed-";

// The number behind the prefix; nothing for any other name.
template <class Number>
std::optional<Number> numbered(const fs::path& path, std::string_view prefix) {
  const std::string name = path.filename().string();
  if (!name.starts_with(prefix)) return std::nullopt;
  Number number{};
  const auto [end, error] =
      std::from_chars(name.data() + prefix.size(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

// What may stand in the folder of a run that ended before its config was saved: locks, the config's
// first bytes, and the answers of an LLM that was asked whether it is there.
bool holds_only_first_files(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool is_first = name.starts_with(".") || name.starts_with("llm_cache.sqlite") ||
                          name.starts_with("config.toml.tmp-");
    if (!is_first) return false;
  }
  return true;
}

}  // namespace

RunDirectory::RunDirectory(fs::path root) : root_(std::move(root)) {}

fs::path RunDirectory::config() const { return root_ / "config.toml"; }
fs::path RunDirectory::inputs() const { return root_ / "inputs.json"; }
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

fs::path RunDirectory::answers(int number) const { return iteration(number) / "answers.json"; }

fs::path RunDirectory::train_records(int number) const { return iteration(number) / "train.jsonl"; }

RunDirectory RunDirectory::cell(const std::string& task, uint64_t seed,
                                const std::string& method) const {
  return RunDirectory(root_ / task / fmt::format("{}{}", kSeedPrefix, seed) / method);
}

std::vector<RunDirectory> RunDirectory::cells(const std::string& task,
                                              const std::string& method) const {
  std::set<uint64_t> seeds;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(root_ / task, none)) {
    const auto seed = numbered<uint64_t>(entry.path(), kSeedPrefix);
    if (seed && fs::is_directory(entry.path() / method)) seeds.insert(*seed);
  }
  std::vector<RunDirectory> found;
  for (const uint64_t seed : seeds) found.push_back(cell(task, seed, method));
  return found;
}

fs::path RunDirectory::control() const { return root_ / "control"; }

fs::path RunDirectory::checkpoints() const { return root_ / "checkpoints"; }

int RunDirectory::last_iteration_with(Path file) const {
  int last = -1;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(root_, none)) {
    const auto number = numbered<int>(entry.path(), kIterationPrefix);
    if (number && *number > last && fs::exists((this->*file)(*number))) last = *number;
  }
  return last;
}

int RunDirectory::last_tested() const { return last_iteration_with(&RunDirectory::evaluation); }

int RunDirectory::num_iterations() const {
  return last_iteration_with(&RunDirectory::trajectories) + 1;
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
