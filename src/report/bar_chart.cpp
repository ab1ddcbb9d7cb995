#include "report/bar_chart.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/html_text.h"
#include "report/line_chart.h"

namespace tripost {
namespace {

// Pixels of a chart that is 420 wide.
constexpr double kWidth = 420, kLeft = 146, kRight = 338;
constexpr double kTitle = 26, kGroupLabel = 20, kRow = 19, kAxis = 22, kThickness = 6;
constexpr std::size_t kMostLetters = 22;

double pixel(double share) { return kLeft + std::clamp(share, 0.0, 1.0) * (kRight - kLeft); }

// Cut where a character begins.
std::string shortened_label(const std::string& label) {
  if (label.size() <= kMostLetters) return label;
  std::size_t end = kMostLetters - 1;
  while (end > 0 && (static_cast<unsigned char>(label[end]) & 0xC0) == 0x80) --end;
  return label.substr(0, end) + "…";
}

std::string bar_with_interval(double value, const Interval& interval, double top,
                              const char* style) {
  const double middle = top + kThickness / 2;
  return fmt::format(R"(<rect class="{}" x="{}" y="{:.1f}" width="{:.1f}" height="{}"/>)"
                     R"(<line class="whisker" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)",
                     style, kLeft, top, pixel(value) - kLeft, kThickness, pixel(interval.low),
                     pixel(interval.high), middle, middle);
}

std::string row(const Bar& bar, double top) {
  const std::string figures =
      bar.has_first ? fmt::format("{} → {}", percent_text(bar.first), percent_text(bar.value))
                    : percent_text(bar.value);
  std::string svg = fmt::format(
      R"svg(<g style="--line:var(--series-{})"><title>{}: {} %, 95% interval {} to {}</title>)svg",
      bar.colour % kNumChartColours, escape_html(bar.label), figures,
      percent_text(bar.interval.low), percent_text(bar.interval.high));
  const double baseline = top + 12;
  svg += fmt::format(R"(<text x="10" y="{:.1f}">{}</text>)", baseline,
                     escape_html(shortened_label(bar.label)));
  if (bar.has_first) svg += bar_with_interval(bar.first, bar.first_interval, top + 1, "pale");
  svg += bar_with_interval(bar.value, bar.interval, top + (bar.has_first ? 8 : 4), "solid");
  return svg + fmt::format(R"(<text x="{}" y="{:.1f}" text-anchor="end">{}</text></g>)", kWidth,
                           baseline, figures);
}

std::string axis(double top, double bottom) {
  std::string svg;
  for (const int mark : {0, 25, 50, 75, 100}) {
    const double x = pixel(mark / 100.0);
    svg += fmt::format(R"(<line class="grid" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>)", x,
                       top, bottom);
    svg += fmt::format(R"(<text x="{:.1f}" y="{}" text-anchor="middle">{}%</text>)", x, bottom + 15,
                       mark);
  }
  return svg;
}

}  // namespace

std::string to_svg(const std::string& title, const std::vector<BarGroup>& groups) {
  double bottom = kTitle;
  for (const BarGroup& group : groups)
    bottom += kGroupLabel + kRow * static_cast<double>(group.bars.size());
  if (groups.empty()) return "";
  std::string svg = fmt::format(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="{}">)", kWidth,
                                bottom + kAxis, escape_html(title));
  svg += fmt::format(R"(<text class="title" x="0" y="14">{}</text>)", escape_html(title));
  svg += axis(kTitle, bottom);
  double top = kTitle;
  for (const BarGroup& group : groups) {
    svg += fmt::format(R"(<text class="group" x="0" y="{:.1f}">{}</text>)", top + 15,
                       escape_html(group.label));
    top += kGroupLabel;
    for (const Bar& bar : group.bars) {
      svg += row(bar, top);
      top += kRow;
    }
  }
  return svg + "</svg>\n";
}

}  // namespace tripost
