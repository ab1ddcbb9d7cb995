// Shares as horizontal bars with intervals, in groups, as inline SVG for light and dark pages.
//
// A bar has a pale one above it for what the share was at first. The axis is 0 to 100 % always, so
// that charts beside each other can be compared. Colours are those of line_chart.h.
#pragma once

#include <string>
#include <vector>

#include "evaluate/statistics.h"

namespace tripost {

struct Bar {
  std::string label;
  int colour = 0;  // 0..11
  double value = 0;
  Interval interval;
  bool has_first = false;
  double first = 0;
  Interval first_interval;
};

struct BarGroup {
  std::string label;
  std::vector<Bar> bars;
};

// Empty without a bar.
std::string to_svg(const std::string& title, const std::vector<BarGroup>& groups);

}  // namespace tripost
