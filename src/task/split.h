// Which split a question belongs to: a function of the question alone, so no question is in two.
#pragma once

#include <string_view>

#include "task/task.h"

namespace tripost {

// By the hash of `identity`, what makes the question the question: 80% train, 10% validation, 10%
// test.
Split split_of(std::string_view identity);

}  // namespace tripost
