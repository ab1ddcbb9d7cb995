// Which names of a host mean this machine and nothing else, whoever answers for names elsewhere.
#pragma once

#include <string_view>

namespace tripost {

// "localhost", "[::1]" or a number of 127.0.0.0/8, each with or without ":port", as they stand in a
// URL or a Host header. Any other name is a stranger's: one that opens with "127." may be
// registered like any other, and lead wherever its owner likes.
bool is_local_host(std::string_view authority);

}  // namespace tripost
