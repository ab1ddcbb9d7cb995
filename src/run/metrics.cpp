#include "run/metrics.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/error.h"
#include "base/log.h"
#include "run/tensorboard.h"

namespace tripost {
namespace {

double seconds_since_1970() {
  using namespace std::chrono;
  return duration<double>(system_clock::now().time_since_epoch()).count();
}

// Bytes of metrics.jsonl that tell of steps before `step`.
int64_t bytes_before(const fs::path& path, int64_t step) {
  if (step == 0 || !fs::exists(path)) return 0;
  const std::string content = read_file(path);
  std::size_t kept = 0;
  for (std::size_t end = 0; (end = content.find('\n', kept)) != std::string::npos; kept = end + 1) {
    const std::string where = fmt::format("{} at byte {}", path.string(), kept);
    const Json line = parse_json(std::string_view(content).substr(kept, end - kept), where);
    if (integer_field(line, "step", where) >= step) break;
  }
  return static_cast<int64_t>(kept);
}

void cut_back(const fs::path& path, int64_t size) {
  if (!fs::exists(path)) return;
  std::error_code error;
  fs::resize_file(path, static_cast<std::uintmax_t>(size), error);
  if (error) fail("cannot cut {} back to {} bytes: {}", path.string(), size, error.message());
}

}  // namespace

Metrics::Metrics(const RunDirectory& run, int64_t first_step) {
  const fs::path path = run.metrics();
  cut_back(path, bytes_before(path, first_step));
  lines_ = std::make_unique<LineWriter>(path, LineWriter::Mode::kAppend);
  try {
    events_ = std::make_unique<EventFile>(run.tensorboard(), first_step);
  } catch (const std::exception& error) {
    log_warning("no TensorBoard files: {}", error.what());
  }
}

Metrics::~Metrics() = default;

void Metrics::write(int64_t step, int iteration, const Values& values) {
  const double now = seconds_since_1970();
  Json line = {{"step", step}, {"iteration", iteration}, {"time", now}};
  for (const auto& [name, value] : values)
    line[name] = std::isfinite(value) ? Json(value) : Json(nullptr);
  lines_->write(line);
  if (!events_) return;
  try {
    for (const auto& [name, value] : values) events_->write_scalar(now, step, name, value);
  } catch (const std::exception& error) {
    log_warning("TensorBoard files end here: {}", error.what());
    events_.reset();
  }
}

}  // namespace tripost
