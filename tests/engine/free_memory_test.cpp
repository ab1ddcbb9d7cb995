#include "engine/free_memory.h"

#include <gtest/gtest.h>

#include <string>

#include "base/file.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

class FreeMemory : public ::testing::Test {
 protected:
  FreeMemory() {
    write("proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:   1000 kB\nCached: 7 kB\n");
  }

  void write(const std::string& path, const std::string& text) {
    write_file_atomically(root_.path() / path, text);
  }
  std::optional<int64_t> free() const { return free_memory(root_.path()); }

  TemporaryFolder root_;
};

TEST_F(FreeMemory, IsWhatTheMachineHasWhereNoGroupLimitsIt) {
  EXPECT_EQ(free(), 1'024'000);
  write("proc/self/cgroup", "4:memory:/x\n1:name=systemd:/\n0::/a\n");
  EXPECT_EQ(free(), 1'024'000);
  write("sys/fs/cgroup/a/memory.max", "max\n");
  write("sys/fs/cgroup/a/memory.current", "500\n");
  write("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "9223372036854771712\n");
  write("sys/fs/cgroup/memory/x/memory.usage_in_bytes", "500\n");
  EXPECT_EQ(free(), 1'024'000);
}

TEST_F(FreeMemory, IsWhatTheTightestGroupAboveTheProcessLeaves) {
  write("proc/self/cgroup", "0::/a/b\n");
  write("sys/fs/cgroup/a/b/memory.max", "900000\n");
  write("sys/fs/cgroup/a/b/memory.current", "100000\n");
  EXPECT_EQ(free(), 800'000);
  write("sys/fs/cgroup/a/memory.max", "700000\n");
  write("sys/fs/cgroup/a/memory.current", "300000\n");
  EXPECT_EQ(free(), 400'000);
  write("sys/fs/cgroup/c/memory.max", "1\n");
  write("sys/fs/cgroup/c/memory.current", "0\n");
  EXPECT_EQ(free(), 400'000);
}

// In a container /proc may name a path of the host, while its group is the mount's root.
TEST_F(FreeMemory, KnowsGroupsOfTheFirstVersionAndTheRootOfAContainer) {
  write("proc/self/cgroup", "5:cpu:/docker/1f\n4:memory:/docker/1f\n0::/docker/1f\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "600000\n");
  write("sys/fs/cgroup/memory/memory.usage_in_bytes", "100000\n");
  EXPECT_EQ(free(), 500'000);
  write("sys/fs/cgroup/memory.max", "450000\n");
  write("sys/fs/cgroup/memory.current", "1000\n");
  EXPECT_EQ(free(), 449'000);
}

TEST_F(FreeMemory, FilesThatTheSystemKeepsInMemoryAreFree) {
  write("proc/self/cgroup", "4:memory:/\n0::/\n");
  write("sys/fs/cgroup/memory.max", "700000\n");
  write("sys/fs/cgroup/memory.current", "600000\n");
  write("sys/fs/cgroup/memory.stat", "anon 5\ninactive_file 200000\nactive_file 30000\nslab 9\n");
  EXPECT_EQ(free(), 330'000);
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "500000\n");
  write("sys/fs/cgroup/memory/memory.usage_in_bytes", "490000\n");
  write("sys/fs/cgroup/memory/memory.stat",
        "inactive_file 1\ntotal_inactive_file 7000\ntotal_active_file 3000\n");
  EXPECT_EQ(free(), 20'000);
}

TEST_F(FreeMemory, OfAGroupAboveItsLimitIsNothingAndOfAnUnknownSystemUnknown) {
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "100\n");
  write("sys/fs/cgroup/memory.current", "200\n");
  EXPECT_EQ(free(), 0);
  EXPECT_EQ(free_memory(root_.path() / "sys"), std::nullopt);
}

}  // namespace
}  // namespace tripost
