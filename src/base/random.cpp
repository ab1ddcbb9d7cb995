#include "base/random.h"

namespace tripost {
namespace {

uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

constexpr uint64_t kGolden = 0x9E3779B97F4A7C15ull;

}  // namespace

uint64_t hash_text(std::string_view text) {
  uint64_t hash = 0xCBF29CE484222325ull;
  for (const unsigned char byte : text) hash = (hash ^ byte) * 0x100000001B3ull;
  return mix(hash);
}

uint64_t seed_from(std::initializer_list<uint64_t> identities) {
  uint64_t seed = kGolden;
  for (const uint64_t identity : identities) seed = mix(seed + kGolden + mix(identity + kGolden));
  return seed;
}

uint64_t Random::next() { return mix(state_ += kGolden); }

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

uint64_t Random::below(uint64_t count) {
  assert(count > 0);
  const uint64_t limit =
      -count % count;  // 2^64 mod count: draws under it would be over-represented
  uint64_t draw = next();
  while (draw < limit) draw = next();
  return draw % count;
}

int64_t Random::between(int64_t low, int64_t high) {
  assert(low <= high);
  return low + static_cast<int64_t>(below(static_cast<uint64_t>(high - low) + 1));
}

}  // namespace tripost
