#include "engine/free_memory.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <string>

namespace tripost {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();

struct Version {
  const char* controllers;  // in /proc/self/cgroup
  const char* mount;
  const char* limit;
  const char* usage;
  const char* inactive_files;  // of memory.stat
  const char* active_files;
};
constexpr std::array<Version, 2> kVersions = {{
    {"", "sys/fs/cgroup", "memory.max", "memory.current", "inactive_file", "active_file"},
    {"memory", "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
     "total_inactive_file", "total_active_file"},
}};

// Nothing where the file is missing, or says "max".
std::optional<int64_t> number_in(const fs::path& path) {
  std::ifstream file(path);
  int64_t value = 0;
  return file >> value ? std::optional(value) : std::nullopt;
}

// Of lines that open with a name and a number.
std::optional<int64_t> number_of(const std::string& wanted, const fs::path& path) {
  std::ifstream file(path);
  std::string name, rest;
  for (int64_t value = 0; file >> name >> value; std::getline(file, rest)) {
    if (name == wanted) return value;
  }
  return {};
}

int64_t left_in(const fs::path& group, const Version& version) {
  const auto limit = number_in(group / version.limit), usage = number_in(group / version.usage);
  if (!limit || !usage) return kUnlimited;
  // Files that the system keeps in memory count as used, but it drops them for who needs the room;
  // MemAvailable counts them as free, too.
  const fs::path statistics = group / "memory.stat";
  const int64_t files = number_of(version.inactive_files, statistics).value_or(0) +
                        number_of(version.active_files, statistics).value_or(0);
  return std::max<int64_t>(0, *limit - std::max<int64_t>(0, *usage - files));
}

// A container may see its own group as the root of the mount, whatever its path is outside: groups
// that are not there limit nothing.
int64_t left_above(const fs::path& mount, const fs::path& path, const Version& version) {
  int64_t left = left_in(mount, version);
  fs::path group = mount;
  for (const fs::path& name : path.relative_path()) {
    group /= name;
    left = std::min(left, left_in(group, version));
  }
  return left;
}

}  // namespace

std::optional<int64_t> free_memory(const fs::path& root) {
  const auto available = number_of("MemAvailable:", root / "proc/meminfo");
  int64_t least = available ? *available * 1024 : kUnlimited;
  std::ifstream groups(root / "proc/self/cgroup");
  std::string number, controllers, path;
  while (std::getline(groups, number, ':') && std::getline(groups, controllers, ':') &&
         std::getline(groups, path)) {
    for (const Version& version : kVersions) {
      if (controllers == version.controllers)
        least = std::min(least, left_above(root / version.mount, path, version));
    }
  }
  return least == kUnlimited ? std::nullopt : std::optional(least);
}

}  // namespace tripost
