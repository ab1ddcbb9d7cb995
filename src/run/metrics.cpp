#include "run/metrics.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

#include "base/error.h"
#include "base/log.h"
#include "run/tensorboard.h"

namespace tripost {
namespace {

double seconds_since_1970() {
  using namespace std::chrono;
  return duration<double>(system_clock::now().time_since_epoch()).count();
}

void cut_back(const fs::path& path, int64_t offset) {
  std::error_code error;
  const int64_t size = fs::exists(path) ? static_cast<int64_t>(fs::file_size(path)) : 0;
  if (size < offset) {
    fail(
        "{} has {} bytes but the saved state counts {}: a part of it is gone; restore it or start "
        "in another --output",
        path.string(), size, offset);
  }
  if (offset > 0) {
    std::ifstream in(path, std::ios::binary);
    in.seekg(offset - 1);
    if (in.get() != '\n') {
      fail(
          "{}: no line ends at byte {}, where the saved state says that one does: the file was "
          "changed",
          path.string(), offset);
    }
  }
  if (size > offset) fs::resize_file(path, static_cast<std::uintmax_t>(offset), error);
  if (error) fail("cannot cut {} back to {} bytes: {}", path.string(), offset, error.message());
}

}  // namespace

MetricsPosition position_before(const RunDirectory& run, int64_t step) {
  MetricsPosition position{.step = step, .offset = 0};
  if (!fs::exists(run.metrics())) return position;
  const std::string content = read_file(run.metrics());
  for (std::size_t begin = 0, end = 0; (end = content.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    const std::string where = fmt::format("{} at byte {}", run.metrics().string(), begin);
    const Json line = parse_json(std::string_view(content).substr(begin, end - begin), where);
    if (integer_field(line, "step", where) >= step) break;
    position.offset = static_cast<int64_t>(end + 1);
  }
  return position;
}

Metrics::Metrics(const RunDirectory& run, MetricsPosition from)
    : path_(run.metrics()), next_step_(from.step) {
  cut_back(path_, from.offset);
  lines_ = std::make_unique<LineWriter>(path_, LineWriter::Mode::kAppend);
  try {
    events_ = std::make_unique<EventFile>(run.tensorboard(), from.step);
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
  next_step_ = std::max(next_step_, step + 1);
  if (!events_) return;
  try {
    for (const auto& [name, value] : values) events_->write_scalar(now, step, name, value);
  } catch (const std::exception& error) {
    log_warning("TensorBoard files end here: {}", error.what());
    events_.reset();
  }
}

MetricsPosition Metrics::save() {
  sync_path(path_);
  return {.step = next_step_, .offset = static_cast<int64_t>(fs::file_size(path_))};
}

}  // namespace tripost
