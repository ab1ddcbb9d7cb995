// tripost doctor: what this machine has, what is missing, what to do.
#include <sched.h>
#include <sys/statvfs.h>

#include <fstream>
#include <sstream>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/torch_build.h"
#include "kernels/product.h"

namespace tripost {
namespace {

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

// The rest of the first line of `path` that starts with `key`, from after its colon; empty when
// there is none.
std::string value_in(const char* path, const std::string& key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const auto begin = line.find_first_not_of(" \t", line.find(':') + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "";
}

double gibibytes(const std::string& key) {
  std::istringstream in(value_in("/proc/meminfo", key));
  double kibibytes = 0;
  in >> kibibytes;
  return kibibytes / (1024.0 * 1024.0);
}

std::string speed_features() {
  const std::string flags = " " + value_in("/proc/cpuinfo", "flags") + " ";
  std::string found;
  for (const char* name : {"avx2", "avx512f", "avx512_bf16", "amx_bf16"}) {
    if (flags.find(fmt::format(" {} ", name)) != std::string::npos)
      found += fmt::format("{}{}", found.empty() ? "" : ", ", name);
  }
  return found.empty() ? "none that speed up training; expect several times longer" : found;
}

double free_gibibytes_here() {
  struct statvfs disk {};
  if (::statvfs(".", &disk) != 0) return 0;
  return static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) /
         (1024.0 * 1024.0 * 1024.0);
}

void examine(Terminal& terminal) {
  const double memory = gibibytes("MemAvailable");
  const double disk = free_gibibytes_here();
  const TorchBuild torch = torch_build();
  std::string text;
  text += fmt::format("tripost   {}\n", TRIPOST_VERSION);
  text += fmt::format("cpu       {}, {} usable cores\n", value_in("/proc/cpuinfo", "model name"),
                      usable_cores());
  text += fmt::format("features  {}\n", speed_features());
  text += fmt::format("dtype     auto means {} on this CPU, bfloat16 on CUDA\n",
                      kernels::multiplies_bfloat16(at::kCPU) ? "bfloat16" : "float32");
  text +=
      fmt::format("memory    {:.1f} GiB available of {:.1f} GiB\n", memory, gibibytes("MemTotal"));
  text += fmt::format("disk      {:.1f} GiB free here\n", disk);
  text += fmt::format("torch     {}, {}\n", torch.version, torch.devices);
  if (memory < 2) text += "! less than 2 GiB of memory: close other programs before training\n";
  if (disk < 1) text += "! less than 1 GiB of disk: checkpoints may not fit\n";
  terminal.print(text);
}

}  // namespace

void register_doctor(Commands& commands) {
  Command& command = commands.add("doctor", "what this machine has, what is missing, what to do");
  command.example = "tripost doctor";
  command.run = examine;
}

}  // namespace tripost
