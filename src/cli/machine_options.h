// The options of every command that runs a model of our own.
#pragma once

#include "cli/command.h"
#include "improve/local_model.h"

namespace tripost {

// --device, --dtype, --threads.
void add_machine_options(Options& options, MachineConfig& machine);

}  // namespace tripost
