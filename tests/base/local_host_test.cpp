#include "base/local_host.h"

#include <gtest/gtest.h>

#include <string>

namespace tripost {
namespace {

TEST(LocalHost, ThisMachinesNamesAreLocalWithAndWithoutAPort) {
  for (const char* name : {"localhost", "127.0.0.1", "127.1.2.3", "127.255.255.255", "[::1]"}) {
    EXPECT_TRUE(is_local_host(name)) << name;
    EXPECT_TRUE(is_local_host(std::string(name) + ":8000")) << name;
  }
}

TEST(LocalHost, NamesThatOnlyLookLocalAreStrangers) {
  for (const char* name :
       {"", ":8000", "127.evil.example", "127.0.0.1.evil.example", "127.", "127.0.0.256", "127.1",
        "localhost.evil.example", "localhost@evil.example", "localhost:80@evil.example",
        "[::1].evil.example", "[::1", "[::2]", "::1", "[127.0.0.1]", "128.0.0.1", "10.127.0.1",
        "0.0.0.0"}) {
    EXPECT_FALSE(is_local_host(name)) << name;
    EXPECT_FALSE(is_local_host(std::string(name) + ":8000")) << name;
  }
}

TEST(LocalHost, AByteZeroHidesNothing) {
  EXPECT_FALSE(is_local_host(std::string_view("127.0.0.1\0.evil.example", 23)));
}

}  // namespace
}  // namespace tripost
