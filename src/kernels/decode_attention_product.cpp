#include "kernels/decode_attention_product.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "kernels/parallel.h"

namespace tripost::kernels {
namespace {

constexpr int64_t kPanel = 64;

}  // namespace

bool PackedWeight::supports(const at::Tensor& weight) {
  return weight.device().is_cpu() && weight.scalar_type() == at::kBFloat16 &&
         weight.size(1) % 2 == 0 && __builtin_cpu_supports("avx512bf16") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}

PackedWeight::PackedWeight(const at::Tensor& weight)
    : inputs_(weight.size(1)),
      outputs_(weight.size(0)),
      words_((outputs_ + kPanel - 1) / kPanel * kPanel * inputs_ / 2) {
  assert(supports(weight) && weight.is_contiguous());
  const char* data = static_cast<const char*>(weight.const_data_ptr());
  const int64_t panel_words = kPanel * inputs_ / 2;
  parallel_for((outputs_ + kPanel - 1) / kPanel, 1, [&](int64_t begin, int64_t end) {
    for (int64_t panel = begin; panel < end; ++panel) {
      const int64_t columns = std::min(kPanel, outputs_ - panel * kPanel);
      uint32_t* words = words_.data() + panel * panel_words;
      for (int64_t pair = 0; pair < inputs_ / 2; ++pair, words += kPanel) {
        const char* source = data + (panel * kPanel * inputs_ + 2 * pair) * 2;
        for (int64_t column = 0; column < columns; ++column)
          std::memcpy(words + column, source + column * inputs_ * 2, sizeof(uint32_t));
      }
    }
  });
}

void PackedWeight::product(const at::Tensor& x, const at::Tensor& target) const {
  assert(x.size(1) == inputs_ && target.size(1) == outputs_ && x.stride(1) == 1 &&
         target.stride(1) == 1);
  const auto* rows = static_cast<const uint16_t*>(x.const_data_ptr());
  auto* out = static_cast<uint16_t*>(target.data_ptr());
  const int64_t panels = (outputs_ + kPanel - 1) / kPanel;
  const int64_t panel_words = kPanel * inputs_ / 2;
  parallel_for(panels, 1, [&](int64_t begin, int64_t end) {
    for (int64_t panel = begin; panel < end; ++panel) {
      const int64_t next = std::min(panel + 1, end - 1);
      multiply_panel_avx512_bfloat16(
          {rows, x.stride(0), x.size(0), inputs_, words_.data() + panel * panel_words,
           words_.data() + next * panel_words, out + panel * kPanel, target.stride(0),
           std::min(kPanel, outputs_ - panel * kPanel)});
    }
  });
}

}  // namespace tripost::kernels
