#include "cli/machine_options.h"

namespace tripost {

void add_machine_options(Options& options, MachineConfig& machine) {
  options.add("device", &machine.device, "where the model runs")
      .choices({"cpu", "cuda"})
      .may_change();
  options
      .add("dtype", &machine.dtype,
           "arithmetic of the model; auto: bfloat16 where the device computes in it, else float32")
      .choices({"auto", "bfloat16", "float32"});
  options.add("threads", &machine.threads, "threads to compute with; 0: one for each core")
      .between(0, 4096)
      .may_change();
}

}  // namespace tripost
