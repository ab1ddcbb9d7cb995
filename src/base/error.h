// The one exception type, and how to throw it.
//
// A bad file, config or argument throws an Error whose text says what, where, the value and the
// remedy, in one line. Only `cli` catches it. A programmer's mistake is an assert; what a model, an
// LLM or a user's program does wrong is data in a record, never an Error.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace tripost {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command line or a config file is wrong: exit code 2 instead of 1.
class UsageError : public Error {
 public:
  using Error::Error;
};

// The user asked to stop (Ctrl-C, SIGTERM) and everything is saved: exit code 75. Thrown by
// check_interrupt.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
[[noreturn]] void fail_usage(fmt::format_string<Args...> format, Args&&... args) {
  throw UsageError(fmt::format(format, std::forward<Args>(args)...));
}

// The name in `known` nearest to `name` by edit distance, for "did you mean"; empty when none is
// near.
template <class Names>
std::string nearest_name(const std::string& name, const Names& known);

std::size_t edit_distance(const std::string& a, const std::string& b);

template <class Names>
std::string nearest_name(const std::string& name, const Names& known) {
  std::string best;
  std::size_t best_distance = name.size() / 2 + 2;
  for (const auto& candidate : known) {
    const std::size_t distance = edit_distance(name, std::string(candidate));
    if (distance < best_distance) {
      best = std::string(candidate);
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace tripost
