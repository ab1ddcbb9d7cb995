// Which LibTorch this executable runs on.
#pragma once

#include <string>

namespace tripost {

struct TorchBuild {
  std::string version;  // "2.13.0"
  std::string devices;  // "CPU only", "2 CUDA devices", ...
};

TorchBuild torch_build();

}  // namespace tripost
