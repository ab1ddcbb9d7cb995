#include "cli/unused_options.h"

#include <algorithm>

#include "base/error.h"

namespace tripost {

void refuse_unused(const Options& options, const std::vector<std::string>& names,
                   const std::string& why) {
  for (const Option& option : options.all()) {
    if (!option.is_given()) continue;
    if (std::find(names.begin(), names.end(), option.name()) == names.end()) continue;
    fail_usage("--{} {} would do nothing: {}, or leave it out", option.name(),
               to_line(option.value()), why);
  }
}

}  // namespace tripost
