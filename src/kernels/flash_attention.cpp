#include "kernels/flash_attention.h"

#include <ATen/ops/_flash_attention_forward.h>

#include <algorithm>
#include <optional>

namespace tripost::kernels {
namespace {

int64_t longest_sequence(const at::Tensor& starts) {
  const int32_t* start = starts.const_data_ptr<int32_t>();
  int64_t longest = 0;
  for (int64_t s = 0; s + 1 < starts.numel(); ++s) {
    longest = std::max<int64_t>(longest, start[s + 1] - start[s]);
  }
  return longest;
}

}  // namespace

std::optional<int64_t> flash_window_left(int64_t window) {
  return window > 0 ? std::optional<int64_t>(window - 1) : std::nullopt;
}

at::Tensor flash_attention(const at::Tensor& qkv, const at::Tensor& starts, int64_t num_heads,
                           int64_t num_kv_heads, double scale, int64_t window) {
  const int64_t tokens = qkv.size(0);
  const int64_t head_size = qkv.size(1) / (num_heads + 2 * num_kv_heads);
  const at::Tensor heads = qkv.view({tokens, num_heads + 2 * num_kv_heads, head_size});
  const at::Tensor queries = heads.narrow(1, 0, num_heads);
  const at::Tensor keys = heads.narrow(1, num_heads, num_kv_heads);
  const at::Tensor values = heads.narrow(1, num_heads + num_kv_heads, num_kv_heads);
  const at::Tensor device_starts = starts.to(qkv.device(), /*non_blocking=*/true);
  const int64_t longest = longest_sequence(starts);
  // Arguments up to the windows are the same in 2.11 and 2.13; what 2.12 and later added follows
  // and has defaults.
  const auto result = at::_flash_attention_forward(
      queries, keys, values, device_starts, device_starts, longest, longest, /*dropout_p=*/0.0,
      /*is_causal=*/true, /*return_debug_mask=*/false, std::optional<double>(scale),
      flash_window_left(window));
  return std::get<0>(result).reshape({tokens, num_heads * head_size});
}

}  // namespace tripost::kernels
