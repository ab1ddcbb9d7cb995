#include "model/gguf_blocks.h"

#include <c10/util/Half.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>

#include "kernels/parallel.h"

namespace tripost {
namespace {

template <class T>
T load(const uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

float half_at(const uint8_t* bytes) {
  return static_cast<float>(c10::Half(load<uint16_t>(bytes), c10::Half::from_bits()));
}

void unpack_f32(const uint8_t* block, float* out) { *out = load<float>(block); }
void unpack_f16(const uint8_t* block, float* out) { *out = half_at(block); }
void unpack_bf16(const uint8_t* block, float* out) {
  const uint32_t bits = static_cast<uint32_t>(load<uint16_t>(block)) << 16;
  std::memcpy(out, &bits, sizeof(bits));
}

// The first half of a block of 32 lies in the low nibbles, the second in the high ones.
int nibble(const uint8_t* packed, int i) { return i < 16 ? packed[i] & 15 : packed[i - 16] >> 4; }
int bit(const uint8_t* packed, int i) { return load<uint32_t>(packed) >> i & 1; }

void unpack_q4_0(const uint8_t* block, float* out) {
  const float scale = half_at(block);
  for (int i = 0; i < 32; ++i) out[i] = scale * static_cast<float>(nibble(block + 2, i) - 8);
}

void unpack_q4_1(const uint8_t* block, float* out) {
  const float scale = half_at(block), least = half_at(block + 2);
  for (int i = 0; i < 32; ++i) out[i] = scale * static_cast<float>(nibble(block + 4, i)) + least;
}

void unpack_q5_0(const uint8_t* block, float* out) {
  const float scale = half_at(block);
  for (int i = 0; i < 32; ++i) {
    const int q = nibble(block + 6, i) | bit(block + 2, i) << 4;
    out[i] = scale * static_cast<float>(q - 16);
  }
}

void unpack_q5_1(const uint8_t* block, float* out) {
  const float scale = half_at(block), least = half_at(block + 2);
  for (int i = 0; i < 32; ++i) {
    const int q = nibble(block + 8, i) | bit(block + 4, i) << 4;
    out[i] = scale * static_cast<float>(q) + least;
  }
}

void unpack_q8_0(const uint8_t* block, float* out) {
  const float scale = half_at(block);
  for (int i = 0; i < 32; ++i) {
    out[i] = scale * static_cast<float>(static_cast<int8_t>(block[2 + i]));
  }
}

// Eight scales and eight minima of 6 bits each in 12 bytes.
struct SixBits {
  int scale, least;
};
SixBits six_bits(const uint8_t* packed, int group) {
  if (group < 4) return {packed[group] & 63, packed[group + 4] & 63};
  const int low = packed[group + 4];
  return {(low & 15) | (packed[group - 4] >> 6) << 4, low >> 4 | (packed[group] >> 6) << 4};
}

// Both K types: groups of 32, two of which share 32 bytes of nibbles. `fifth` holds one bit more
// for each number, or is nullptr.
void unpack_k(const uint8_t* block, const uint8_t* nibbles, const uint8_t* fifth, float* out) {
  const float scale = half_at(block), least = half_at(block + 2);
  for (int group = 0; group < 8; ++group) {
    const SixBits bits = six_bits(block + 4, group);
    const float d = scale * static_cast<float>(bits.scale);
    const float m = least * static_cast<float>(bits.least);
    const uint8_t* packed = nibbles + group / 2 * 32;
    for (int i = 0; i < 32; ++i) {
      int q = group % 2 == 0 ? packed[i] & 15 : packed[i] >> 4;
      if (fifth) q |= (fifth[i] >> group & 1) << 4;
      out[group * 32 + i] = d * static_cast<float>(q) - m;
    }
  }
}

void unpack_q4_k(const uint8_t* block, float* out) { unpack_k(block, block + 16, nullptr, out); }
void unpack_q5_k(const uint8_t* block, float* out) { unpack_k(block, block + 48, block + 16, out); }

void unpack_q6_k(const uint8_t* block, float* out) {
  const uint8_t* low = block;
  const uint8_t* high = block + 128;
  const uint8_t* scales = block + 192;
  const float scale = half_at(block + 208);
  for (int i = 0; i < 256; ++i) {
    const int half = i / 128, quarter = i % 128 / 32, lane = i % 32;
    const uint8_t nibbles = low[half * 64 + quarter % 2 * 32 + lane];
    const int four = quarter < 2 ? nibbles & 15 : nibbles >> 4;
    const int two = high[half * 32 + lane] >> (2 * quarter) & 3;
    const float d = scale * static_cast<float>(static_cast<int8_t>(scales[i / 16]));
    out[i] = d * static_cast<float>((four | two << 4) - 32);
  }
}

constexpr std::array<GgufBlocks, 11> kBlocks = {{
    {GgufType::kF32, "F32", 1, 4, unpack_f32},
    {GgufType::kF16, "F16", 1, 2, unpack_f16},
    {GgufType::kBF16, "BF16", 1, 2, unpack_bf16},
    {GgufType::kQ8_0, "Q8_0", 32, 34, unpack_q8_0},
    {GgufType::kQ4_0, "Q4_0", 32, 18, unpack_q4_0},
    {GgufType::kQ4_1, "Q4_1", 32, 20, unpack_q4_1},
    {GgufType::kQ5_0, "Q5_0", 32, 22, unpack_q5_0},
    {GgufType::kQ5_1, "Q5_1", 32, 24, unpack_q5_1},
    {GgufType::kQ4_K, "Q4_K", 256, 144, unpack_q4_k},
    {GgufType::kQ5_K, "Q5_K", 256, 176, unpack_q5_k},
    {GgufType::kQ6_K, "Q6_K", 256, 210, unpack_q6_k},
}};

// ggml's names of those that we do not read, for errors.
struct TypeName {
  uint32_t type;
  const char* name;
};
constexpr std::array<TypeName, 17> kOtherTypes = {{{9, "Q8_1"},
                                                   {10, "Q2_K"},
                                                   {11, "Q3_K"},
                                                   {15, "Q8_K"},
                                                   {16, "IQ2_XXS"},
                                                   {17, "IQ2_XS"},
                                                   {18, "IQ3_XXS"},
                                                   {19, "IQ1_S"},
                                                   {20, "IQ4_NL"},
                                                   {21, "IQ3_S"},
                                                   {22, "IQ2_S"},
                                                   {23, "IQ4_XS"},
                                                   {28, "F64"},
                                                   {29, "IQ1_M"},
                                                   {34, "TQ1_0"},
                                                   {35, "TQ2_0"},
                                                   {39, "MXFP4"}}};

void append(std::string& bytes, const void* data, std::size_t size) {
  bytes.append(static_cast<const char*>(data), size);
}

// As gguf-py: the scale is kept in float32 until it is written; halves round away from zero.
void pack_q8_0(const float* numbers, std::string& bytes) {
  float most = 0;
  for (int i = 0; i < 32; ++i) most = std::max(most, std::abs(numbers[i]));
  const float scale = most / 127.0f;
  const float inverse = scale == 0 ? 0.0f : 1.0f / scale;
  const uint16_t bits = c10::Half(scale).x;
  append(bytes, &bits, sizeof(bits));
  for (int i = 0; i < 32; ++i) {
    bytes.push_back(static_cast<char>(static_cast<int8_t>(std::round(numbers[i] * inverse))));
  }
}

}  // namespace

const GgufBlocks* gguf_blocks(uint32_t type) {
  for (const GgufBlocks& blocks : kBlocks) {
    if (static_cast<uint32_t>(blocks.type) == type) return &blocks;
  }
  return nullptr;
}

std::string gguf_type_names() {
  std::string names;
  for (const GgufBlocks& blocks : kBlocks)
    names += (names.empty() ? "" : ", ") + std::string(blocks.name);
  return names;
}

std::string gguf_type_name(uint32_t type) {
  if (const GgufBlocks* blocks = gguf_blocks(type)) return blocks->name;
  for (const TypeName& other : kOtherTypes) {
    if (other.type == type) return other.name;
  }
  return "type " + std::to_string(type);
}

void unpack_blocks(const GgufBlocks& blocks, const uint8_t* data, int64_t count, float* numbers) {
  kernels::parallel_for(
      count, std::max<int64_t>(1, 16384 / blocks.numbers), [&](int64_t begin, int64_t end) {
        for (int64_t block = begin; block < end; ++block) {
          blocks.unpack(data + block * blocks.bytes, numbers + block * blocks.numbers);
        }
      });
}

std::string pack_blocks(const at::Tensor& numbers, GgufType type) {
  const at::Tensor plain = numbers.contiguous();
  assert(plain.scalar_type() == at::kFloat && plain.is_cpu());
  std::string bytes;
  if (type == GgufType::kQ8_0) {
    assert(plain.size(-1) % 32 == 0);
    bytes.reserve(static_cast<std::size_t>(plain.numel() / 32 * 34));
    const float* data = plain.const_data_ptr<float>();
    for (int64_t i = 0; i < plain.numel(); i += 32) pack_q8_0(data + i, bytes);
    return bytes;
  }
  assert(type == GgufType::kF32 || type == GgufType::kF16 || type == GgufType::kBF16);
  const at::ScalarType dtype = type == GgufType::kF32   ? at::kFloat
                               : type == GgufType::kF16 ? at::kHalf
                                                        : at::kBFloat16;
  const at::Tensor converted = plain.to(dtype);
  append(bytes, converted.const_data_ptr(), converted.nbytes());
  return bytes;
}

}  // namespace tripost
