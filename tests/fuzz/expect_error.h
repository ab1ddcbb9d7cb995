// What every reader of foreign files promises: it reads, or it throws one Error of one line.
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

#include "base/error.h"

namespace tripost {

// Runs `read`; true when it did not throw. Anything but a short one-line Error ends the process.
template <class Read>
bool reads(Read read) {
  try {
    read();
    return true;
  } catch (const Error& error) {
    const std::string_view message = error.what();
    if (!message.empty() && message.size() < 4000 && message.find('\n') == message.npos)
      return false;
    fmt::print(stderr, "not one line: {}\n", message);
    std::abort();
  }
}

}  // namespace tripost
