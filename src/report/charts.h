// The charts of a report as HTML with inline SVG.
#pragma once

#include <string>
#include <vector>

#include "report/data.h"

namespace tripost {

// Final accuracy over iterations, with that of the first attempt dashed; a mark alone, at the last
// iteration, for a method that takes all its steps at once. Empty without a row.
std::string iteration_charts(const std::vector<ComparisonLine>& lines);

// Each level's accuracy with its interval, seen and unseen levels apart: of each method's last
// iteration, the first attempt pale. Empty where no level says whether it is seen.
std::string level_charts(const std::vector<ComparisonLine>& lines);

// Empty without points.
std::string loss_chart(const std::vector<LossPoint>& losses);

}  // namespace tripost
