#include "cli/peak_memory.h"

#include <fmt/format.h>
#include <sys/resource.h>

namespace tripost {

std::string peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return fmt::format("peak memory {:.2f} GiB", static_cast<double>(usage.ru_maxrss) / (1 << 20));
}

}  // namespace tripost
