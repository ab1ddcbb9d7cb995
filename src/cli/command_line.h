// The command line to a command with its options set.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace tripost {

// What the command line asks for: a command to run, or a text (help, version) to print instead.
struct Parsed {
  Command* command = nullptr;
  std::string text;
};

// Reads the arguments (without the program's name), then the --config file for what they leave
// open. A UsageError says what is wrong and names the nearest command or option.
Parsed parse_command_line(const std::vector<std::string>& arguments, Commands& commands);

}  // namespace tripost
