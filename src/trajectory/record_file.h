// Files of training records, one JSON object a line (record.h).
#pragma once

#include <filesystem>
#include <vector>

#include "trajectory/record.h"

namespace tripost {

// Every record of the file, in order, read on all cores: a base's corpus has hundreds of thousands.
// Empty lines are none. An Error that names file and line for what is no record.
std::vector<Record> read_records(const std::filesystem::path& path, float marker_weight = 1.0f);

}  // namespace tripost
