// How much memory this process may still take: what the machine can give, and what the limits of
// its control groups leave, as containers and job schedulers set them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace tripost {

// Bytes that can be had without swapping; nothing when the system does not say. The least of
// MemAvailable and of what is left in every control group above the process, version 1 and 2.
// `root` is where proc and sys lie.
std::optional<int64_t> free_memory(const std::filesystem::path& root = "/");

}  // namespace tripost
