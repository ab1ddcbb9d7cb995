// How many problems a property test generates.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace tripost {

// 20,000 in the suite; TRIPOST_PROPERTY_PROBLEMS=100000 for the long run (CONTRIBUTING.md).
inline int num_property_problems() {
  const char* const text = std::getenv("TRIPOST_PROPERTY_PROBLEMS");
  const int count = text == nullptr ? 20000 : std::atoi(text);
  if (count <= 0) ADD_FAILURE() << "TRIPOST_PROPERTY_PROBLEMS is not a number: " << text;
  return count;
}

}  // namespace tripost
