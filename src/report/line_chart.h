// A small line chart as inline SVG, readable where it is 300 to 700 pixels wide, in light and dark
// pages.
//
// Colours are the CSS variables --series-0 ... --series-11, --ink, --faint of the page it stands
// in.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tripost {

struct ChartPoint {
  double x = 0;
  double y = 0;
  std::optional<double> low;  // of an interval around y
  std::optional<double> high;
};

struct ChartSeries {
  std::string name;
  int colour = 0;  // 0..11
  std::vector<ChartPoint> points;
  bool dashed = false;
  double shift = 0;  // to the right, in pixels of 420, so that intervals at one place stand apart
};

struct ChartAxis {
  std::string label;
  std::optional<double> low;  // where the axis starts and ends; from the data when not given
  std::optional<double> high;
  bool percent = false;  // values in 0..1 shown as 0..100%
  bool whole = false;    // only whole numbers are marked
};

struct Chart {
  std::string title;
  ChartAxis x;
  ChartAxis y;
  std::vector<ChartSeries> series;
  bool dots = true;  // a mark at each point
};

inline constexpr int kNumChartColours = 12;

// Points that are not finite are left out. An empty chart gives an empty text.
std::string to_svg(const Chart& chart);

}  // namespace tripost
