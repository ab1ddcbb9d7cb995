#include "cli/torch_build.h"

#include <ATen/Context.h>
#include <fmt/format.h>
#include <torch/headeronly/version.h>

namespace tripost {

TorchBuild torch_build() {
  TorchBuild build{.version = TORCH_VERSION, .devices = "CPU only"};
  if (at::globalContext().hasCUDA()) {
    build.devices = fmt::format("{} CUDA devices", at::getNumGPUs());
  } else if (at::globalContext().hasCUDART()) {
    build.devices = "built for CUDA, but no device answers: check nvidia-smi";
  }
  return build;
}

}  // namespace tripost
