#include "cli/machine_options.h"

namespace tripost {

void add_machine_options(Options& options, MachineConfig& machine) {
  options.add("device", &machine.device, "where the model runs")
      .choices({"cpu", "cuda"})
      .may_change();
  options
      .add("dtype", &machine.dtype,
           "arithmetic of the model; training keeps float32 master weights beside it")
      .choices({"bfloat16", "float32"});
  options.add("threads", &machine.threads, "threads to compute with; 0: one for each core")
      .between(0, 4096)
      .may_change();
}

}  // namespace tripost
