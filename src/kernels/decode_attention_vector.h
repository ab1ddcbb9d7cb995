// One register of floats in the compiler's vector extension, for kernels compiled once per
// instruction set.
//
// Only for *_body.h files: each source that includes one names its instruction set by `#pragma GCC
// target` first, so everything here is in an unnamed namespace. It also says how many floats a
// register has, as kLanes: GCC keeps vectors longer than a register in memory and moves them about
// by halves, which made attention with AVX2 several times slower.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are passed between inlined functions only

namespace tripost::kernels {
namespace {

typedef float Floats __attribute__((vector_size(4 * kLanes)));
typedef uint32_t Words __attribute__((vector_size(4 * kLanes)));
typedef int32_t Integers __attribute__((vector_size(4 * kLanes)));
typedef uint16_t HalfWords __attribute__((vector_size(2 * kLanes)));

#define TRIPOST_INLINE inline __attribute__((always_inline))

template <class Body, int... Index>
TRIPOST_INLINE void repeat(const Body& body, std::integer_sequence<int, Index...>) {
  (body(std::integral_constant<int, Index>{}), ...);
}

// body(0), ..., body(Count - 1) with constant indices. A loop is not enough: the compiler unrolls
// it only after it has decided to keep arrays of accumulators in memory.
template <int Count, class Body>
TRIPOST_INLINE void repeat(const Body& body) {
  repeat(body, std::make_integer_sequence<int, Count>{});
}

#define TRIPOST_BODY(...) [&](__VA_ARGS__) __attribute__((always_inline))

template <class Vector>
TRIPOST_INLINE Vector load(const void* source) {
  Vector vector;
  std::memcpy(&vector, source, sizeof(vector));
  return vector;
}

template <class Vector>
TRIPOST_INLINE void store(void* target, const Vector& vector) {
  std::memcpy(target, &vector, sizeof(vector));
}

TRIPOST_INLINE Floats broadcast(float value) { return Floats{} + value; }

TRIPOST_INLINE Floats from_bfloat16(const HalfWords& halves) {
  return reinterpret_cast<Floats>(__builtin_convertvector(halves, Words) << 16);
}

// Round to nearest, ties to even, as ATen does; a NaN stays a NaN.
TRIPOST_INLINE uint16_t to_bfloat16(float value) {
  uint32_t word;
  std::memcpy(&word, &value, sizeof(word));
  if ((word & 0x7FFFFFFFu) > 0x7F800000u) return 0x7FC0;
  return static_cast<uint16_t>((word + 0x7FFFu + ((word >> 16) & 1u)) >> 16);
}

TRIPOST_INLINE HalfWords to_bfloat16(const Floats& values) {
  const Words words = reinterpret_cast<Words>(values);
  const Words rounded = (words + 0x7FFFu + ((words >> 16) & 1u)) >> 16;
  return __builtin_convertvector((words & 0x7FFFFFFFu) > 0x7F800000u ? Words{} + 0x7FC0u : rounded,
                                 HalfWords);
}

TRIPOST_INLINE float from_bfloat16(uint16_t half) {
  const uint32_t word = static_cast<uint32_t>(half) << 16;
  float value;
  std::memcpy(&value, &word, sizeof(value));
  return value;
}

TRIPOST_INLINE Floats larger(const Floats& a, const Floats& b) { return a > b ? a : b; }

TRIPOST_INLINE float sum_of(const Floats& values) {
  float sum = 0;
  for (int64_t lane = 0; lane < kLanes; ++lane) sum += values[lane];
  return sum;
}

TRIPOST_INLINE float largest_of(const Floats& values) {
  float largest = values[0];
  for (int64_t lane = 1; lane < kLanes; ++lane)
    largest = values[lane] > largest ? values[lane] : largest;
  return largest;
}

// 2^x for x <= 0, relative error below 1e-7; under 2^-126 the result is 0. A NaN gives a NaN.
// Taylor of e^(f ln 2) on [-1/2, 1/2] to degree 7 leaves 6e-9, under half a unit in the last place.
TRIPOST_INLINE Floats exp2_nonpositive(const Floats& x) {
  const Floats clamped = x < -127.0f ? broadcast(-127.0f) : x;
  const Integers whole = __builtin_convertvector(clamped - 0.5f, Integers);
  const Floats f = clamped - __builtin_convertvector(whole, Floats);
  Floats power = broadcast(1.52527338e-5f);
  power = power * f + 1.54035304e-4f;
  power = power * f + 1.33335581e-3f;
  power = power * f + 9.61812911e-3f;
  power = power * f + 5.55041087e-2f;
  power = power * f + 2.40226507e-1f;
  power = power * f + 6.93147181e-1f;
  power = power * f + 1.0f;
  const Words scaled = reinterpret_cast<Words>(power) + (reinterpret_cast<Words>(whole) << 23);
  const Floats result = reinterpret_cast<Floats>(scaled);
  return x < -126.0f ? Floats{} : (x != x ? x : result);
}

}  // namespace
}  // namespace tripost::kernels
