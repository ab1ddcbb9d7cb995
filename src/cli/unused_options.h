// Options that a command has and that would do nothing beside its other ones.
#pragma once

#include <string>
#include <vector>

#include "run/options.h"

namespace tripost {

// A UsageError that names the first of `names` that was given, with its value; `why` says what it
// would need and so what to do. Accepted in silence it would seem to have worked.
void refuse_unused(const Options& options, const std::vector<std::string>& names,
                   const std::string& why);

}  // namespace tripost
