#include "cli/progress_line.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace tripost {
namespace {

constexpr int kBarWidth = 24;

std::string with_commas(int64_t number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3)
    text.insert(at, ",");
  return text;
}

std::string bar(const ProgressUpdate& update) {
  if (update.total <= 0) return "";
  const double share =
      std::clamp(static_cast<double>(update.done) / static_cast<double>(update.total), 0.0, 1.0);
  const int filled = static_cast<int>(std::lround(share * kBarWidth));
  return " [" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]";
}

std::string counts(const ProgressUpdate& update) {
  const std::string unit = update.unit.empty() ? "" : " " + update.unit;
  if (update.total <= 0) return fmt::format(" {}{}", with_commas(update.done), unit);
  return fmt::format(" {}/{}{}", with_commas(update.done), with_commas(update.total), unit);
}

std::string pace_text(const Pace& pace) {
  std::string text;
  if (pace.per_second > 0)
    text += fmt::format(", {:.{}f}/s", pace.per_second, pace.per_second < 10 ? 2 : 0);
  if (pace.seconds_left >= 0) text += fmt::format(", {} left", duration_text(pace.seconds_left));
  return text;
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(std::max(seconds, 0.0)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string progress_line(const ProgressUpdate& update, const Pace& pace, int width) {
  const std::string detail = update.detail.empty() ? "" : ", " + update.detail;
  const std::string all = counts(update) + pace_text(pace) + detail;
  if (width == 0) return update.stage + all;
  const std::string forms[] = {update.stage + bar(update) + all, update.stage + all,
                               update.stage + counts(update) + pace_text(pace),
                               update.stage + counts(update)};
  for (const std::string& form : forms) {
    if (static_cast<int>(form.size()) <= width) return form;
  }
  return forms[3].substr(0, static_cast<std::size_t>(std::max(width, 0)));
}

}  // namespace tripost
