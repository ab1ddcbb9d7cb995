#include "report/line_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/html_text.h"

namespace tripost {
namespace {

constexpr double kWidth = 420, kHeight = 260;
constexpr double kLeft = 46, kRight = 20, kTop = 30, kBottom = 40;
constexpr double kMargin = 16;  // for series that are shifted

// One axis: from values to pixels, with round marks.
class Scale {
 public:
  Scale(const ChartAxis& axis, double low, double high, double from, double to)
      : axis_(axis), from_(from), to_(to) {
    low_ = axis.low.value_or(low);
    high_ = axis.high.value_or(high);
    if (!(high_ > low_)) {
      low_ -= 0.5;
      high_ += 0.5;
    }
    step_ = round_step((high_ - low_) / 5);
    if (axis.whole) step_ = std::max(1.0, std::round(step_));
    if (!axis.low) low_ = std::floor(low_ / step_) * step_;
    if (!axis.high) high_ = std::ceil(high_ / step_) * step_;
  }

  double pixel(double value) const {
    return from_ + (std::clamp(value, low_, high_) - low_) / (high_ - low_) * (to_ - from_);
  }

  std::vector<double> marks() const {
    std::vector<double> marks;
    const double first = std::ceil(low_ / step_ - 1e-9) * step_;
    for (int i = 0; first + i * step_ <= high_ + step_ * 1e-9 && i < 50; ++i)
      marks.push_back(first + i * step_);
    return marks;
  }

  std::string text(double mark) const {
    if (axis_.percent) return fmt::format("{:.0f}%", mark * 100);
    if (std::abs(mark) >= 10000) return fmt::format("{:.0f}k", mark / 1000);
    return fmt::format("{:.6g}", std::abs(mark) < step_ * 1e-6 ? 0.0 : mark);
  }

 private:
  // The smallest of 1, 2, 5 times a power of ten that is not below `rough`.
  static double round_step(double rough) {
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor * power >= rough * (1 - 1e-9)) return factor * power;
    }
    return 10 * power;
  }

  const ChartAxis& axis_;
  double low_ = 0;
  double high_ = 1;
  double step_ = 1;
  double from_;
  double to_;
};

bool is_drawable(const ChartPoint& point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

struct Bounds {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

std::string axes(const Chart& chart, const Scale& x, const Scale& y) {
  std::string svg;
  for (const double mark : y.marks()) {
    svg += fmt::format(R"(<line class="grid" x1="{0}" x2="{1}" y1="{2:.1f}" y2="{2:.1f}"/>)", kLeft,
                       kWidth - kRight, y.pixel(mark));
    svg += fmt::format(R"(<text x="{}" y="{:.1f}" text-anchor="end">{}</text>)", kLeft - 6,
                       y.pixel(mark) + 4, y.text(mark));
  }
  for (const double mark : x.marks()) {
    svg += fmt::format(R"(<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>)", x.pixel(mark),
                       kHeight - kBottom + 17, x.text(mark));
  }
  svg += fmt::format(R"(<text x="{}" y="{}" text-anchor="middle">{}</text>)",
                     (kLeft + kWidth - kRight) / 2, kHeight - 6, escape_html(chart.x.label));
  svg += fmt::format(R"(<text class="title" x="{}" y="16">{}</text>)", kLeft,
                     escape_html(chart.title));
  return svg;
}

std::string drawn(const ChartSeries& series, const Chart& chart, const Scale& x, const Scale& y) {
  std::string line;
  std::string marks;
  for (const ChartPoint& point : series.points) {
    if (!is_drawable(point)) continue;
    const double at_x = x.pixel(point.x) + series.shift;
    line += fmt::format("{:.1f},{:.1f} ", at_x, y.pixel(point.y));
    if (point.low && point.high) {
      marks += fmt::format(
          R"(<line class="interval" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>)", at_x,
          y.pixel(*point.low), y.pixel(*point.high));
    }
    if (!chart.dots) continue;
    marks += fmt::format(
        R"(<circle cx="{:.1f}" cy="{:.1f}" r="3.5"><title>{}: {}</title></circle>)", at_x,
        y.pixel(point.y), escape_html(series.name),
        chart.y.percent ? fmt::format("{:.1f}%", point.y * 100) : fmt::format("{:.4g}", point.y));
  }
  return fmt::format(R"svg(<g style="--line:var(--series-{})"><polyline{} points="{}"/>{}</g>)svg",
                     series.colour % kNumChartColours, series.dashed ? R"( class="dashed")" : "",
                     line, marks);
}

}  // namespace

std::string to_svg(const Chart& chart) {
  Bounds bounds_x;
  Bounds bounds_y;
  for (const ChartSeries& series : chart.series) {
    for (const ChartPoint& point : series.points) {
      if (!is_drawable(point)) continue;
      bounds_x.include(point.x);
      bounds_y.include(point.low.value_or(point.y));
      bounds_y.include(point.high.value_or(point.y));
    }
  }
  if (bounds_x.low > bounds_x.high) return "";
  const double margin = chart.dots ? kMargin : 0;
  const Scale x(chart.x, bounds_x.low, bounds_x.high, kLeft + margin, kWidth - kRight - margin);
  const Scale y(chart.y, bounds_y.low, bounds_y.high, kHeight - kBottom, kTop);
  std::string svg = fmt::format(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="{}">)", kWidth,
                                kHeight, escape_html(chart.title));
  svg += axes(chart, x, y);
  for (const ChartSeries& series : chart.series) svg += drawn(series, chart, x, y);
  return svg + "</svg>\n";
}

}  // namespace tripost
