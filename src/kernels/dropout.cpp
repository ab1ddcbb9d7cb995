#include "kernels/dropout.h"

#include <ATen/ops/empty_like.h>

#include <cassert>

#include "kernels/element.h"
#include "kernels/parallel.h"

namespace tripost::kernels {
namespace {

// Every bit of the result depends on every bit of x (Wellons 2018, "lowbias32").
uint32_t mixed(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7FEB352DU;
  x = (x ^ (x >> 15)) * 0x846CA68BU;
  return x ^ (x >> 16);
}

template <class Element>
void drop_row(const Element* from, Element* to, int64_t width, uint32_t row, uint32_t below,
              float factor) {
  for (int64_t j = 0; j < width; ++j) {
    const bool kept = mixed(row + static_cast<uint32_t>(j) * kColumnStep) >= below;
    to[j] = kept ? Element(static_cast<float>(from[j]) * factor) : Element(0.0f);
  }
}

}  // namespace

at::Tensor dropped_out(const at::Tensor& x, const at::Tensor& keys, double rate, uint32_t seed) {
  assert(x.is_cpu() && x.dim() == 2 && keys.numel() == x.size(0) && rate >= 0 && rate < 1);
  at::Tensor result = at::empty_like(x);
  const auto* const key = elements<int64_t>(keys);
  const auto factor = static_cast<float>(1.0 / (1.0 - rate));
  const uint32_t below = dropped_below(rate);
  const int64_t width = x.size(1);
  const auto drop = [&](auto element) {
    using Element = decltype(element);
    const auto* const from = elements<Element>(x);
    auto* const to = mutable_elements<Element>(result);
    parallel_for(x.size(0), 16, [&](int64_t begin, int64_t end) {
      for (int64_t t = begin; t < end; ++t) {
        drop_row(from + t * width, to + t * width, width,
                 mixed(static_cast<uint32_t>(key[t]) ^ seed), below, factor);
      }
    });
  };
  if (x.scalar_type() == at::kFloat) {
    drop(float{});
  } else {
    assert(x.scalar_type() == at::kBFloat16);
    drop(at::BFloat16{});
  }
  return result;
}

}  // namespace tripost::kernels
