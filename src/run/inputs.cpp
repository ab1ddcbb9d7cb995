#include "run/inputs.h"

#include <fmt/ranges.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

namespace tripost {
namespace {

// Piece by piece: weights may be larger than memory.
std::string hash_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  std::vector<char> piece(std::size_t{1} << 20);
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    XXH3_64bits_update(&state, piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof()) fail("cannot read {}: {}", path.string(), std::strerror(errno));
  return fmt::format("{:016x}", XXH3_64bits_digest(&state));
}

}  // namespace

Json hashes_of(const InputFiles& files) {
  Json hashes = Json::object();
  for (const auto& [name, file] : files) hashes[name] = hash_of(file);
  return hashes;
}

void save_or_compare_inputs(const fs::path& path, const Json& now) {
  if (!fs::exists(path)) {
    if (!now.empty()) write_file_atomically(path, now.dump(1) + "\n");
    return;
  }
  const Json saved = parse_json(read_file(path), path.string());
  std::vector<std::string> lines;
  for (const auto& [name, hash] : now.items()) {
    if (!saved.contains(name)) {
      lines.push_back(name + " is new");
    } else if (saved[name] != hash) {
      lines.push_back(name + " has changed");
    }
  }
  for (const auto& [name, hash] : saved.items()) {
    if (!now.contains(name)) lines.push_back(name + " is no longer used");
  }
  if (lines.empty()) return;
  fail_usage(
      "{} was saved with other files: {}; put them back as they were or choose another --output",
      path.string(), fmt::join(lines, "; "));
}

}  // namespace tripost
