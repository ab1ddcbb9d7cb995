// Report data as one HTML page: no script, no network, light and dark, from 400 pixels of width up.
#pragma once

#include <string>

#include "report/data.h"

namespace tripost {

std::string to_html(const ReportData& data);

}  // namespace tripost
