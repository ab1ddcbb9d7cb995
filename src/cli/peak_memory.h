// The most memory that this process has held, for the last line of commands that run a model.
#pragma once

#include <string>

namespace tripost {

// "peak memory 1.25 GiB": the largest resident size so far, the program's own code included. Of
// the CPU's memory only.
std::string peak_memory();

}  // namespace tripost
