#include "kernels/decode_attention_product.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <optional>

#include "kernels/amx.h"
#include "kernels/level.h"
#include "kernels/parallel.h"

namespace tripost::kernels {
namespace {

constexpr int64_t kBlockColumns = 16;

std::optional<PanelLayout> layout_of(const at::Tensor& weight) {
  const bool half = weight.scalar_type() == at::kBFloat16;
  if (!weight.device().is_cpu() || (!half && weight.scalar_type() != at::kFloat)) return {};
  switch (level()) {
    case Level::kAmx:
    case Level::kAvx512:
      if (half && weight.size(1) % 2 == 0) return PanelLayout::kInputPairs;
      break;
    case Level::kAvx2:
      return half ? PanelLayout::kOutputPairs : PanelLayout::kFloats;
    case Level::kPortable:
      break;
  }
  return {};
}

int64_t panels_of(int64_t outputs) { return (outputs + kPanelColumns - 1) / kPanelColumns; }

int64_t panel_words(PanelLayout layout, int64_t inputs) {
  return kPanelColumns * inputs / (layout == PanelLayout::kFloats ? 1 : 2);
}

// `weight` is the panel's first row, of `inputs` elements, and `columns` rows are there.
void pack_input_pairs(const uint16_t* weight, int64_t inputs, int64_t columns, uint32_t* words) {
  for (int64_t input = 0; input < inputs; input += 2, words += kPanelColumns) {
    for (int64_t column = 0; column < columns; ++column)
      std::memcpy(words + column, weight + column * inputs + input, sizeof(uint32_t));
  }
}

void pack_output_pairs(const uint16_t* weight, int64_t inputs, int64_t columns, uint32_t* words) {
  constexpr int64_t kHalf = kBlockColumns / 2;
  for (int64_t column = 0; column < columns; ++column) {
    const int64_t in_block = column % kBlockColumns;
    uint32_t* to = words + column / kBlockColumns * inputs * kHalf + in_block % kHalf;
    const int shift = in_block < kHalf ? 0 : 16;
    for (int64_t input = 0; input < inputs; ++input)
      to[input * kHalf] |= uint32_t{weight[column * inputs + input]} << shift;
  }
}

void pack_floats(const uint32_t* weight, int64_t inputs, int64_t columns, uint32_t* words) {
  for (int64_t column = 0; column < columns; ++column) {
    uint32_t* to = words + column / kBlockColumns * inputs * kBlockColumns + column % kBlockColumns;
    for (int64_t input = 0; input < inputs; ++input)
      to[input * kBlockColumns] = weight[column * inputs + input];
  }
}

void pack_panel(PanelLayout layout, const void* weight, int64_t first, int64_t inputs,
                int64_t columns, uint32_t* words) {
  const auto* halves = static_cast<const uint16_t*>(weight) + first * inputs;
  switch (layout) {
    case PanelLayout::kInputPairs:
      return pack_input_pairs(halves, inputs, columns, words);
    case PanelLayout::kOutputPairs:
      return pack_output_pairs(halves, inputs, columns, words);
    case PanelLayout::kFloats:
      return pack_floats(static_cast<const uint32_t*>(weight) + first * inputs, inputs, columns,
                         words);
  }
}

void multiply_panel(PanelLayout layout, const PanelTask& task) {
  switch (layout) {
    case PanelLayout::kInputPairs:
      return level() == Level::kAmx && task.inputs % (2 * kAmxTile) == 0
                 ? multiply_panel_amx(task)
                 : multiply_panel_avx512_bfloat16(task);
    case PanelLayout::kOutputPairs:
      return multiply_panel_avx2_bfloat16(task);
    case PanelLayout::kFloats:
      return multiply_panel_avx2_float32(task);
  }
}

}  // namespace

bool PackedWeight::supports(const at::Tensor& weight) { return layout_of(weight).has_value(); }

PackedWeight::PackedWeight(const at::Tensor& weight)
    : layout_(layout_of(weight).value()),
      inputs_(weight.size(1)),
      outputs_(weight.size(0)),
      words_(panels_of(outputs_) * panel_words(layout_, inputs_)) {
  assert(weight.is_contiguous());
  const void* data = weight.const_data_ptr();
  parallel_for(panels_of(outputs_), 1, [&](int64_t begin, int64_t end) {
    for (int64_t panel = begin; panel < end; ++panel) {
      const int64_t first = panel * kPanelColumns;
      pack_panel(layout_, data, first, inputs_, std::min(kPanelColumns, outputs_ - first),
                 words_.data() + panel * panel_words(layout_, inputs_));
    }
  });
}

void PackedWeight::product(const at::Tensor& x, const at::Tensor& target) const {
  assert(x.size(1) == inputs_ && target.size(1) == outputs_ && x.stride(1) == 1 &&
         target.stride(1) == 1);
  const at::Tensor rows = layout_ == PanelLayout::kOutputPairs ? x.to(at::kFloat) : x;
  const void* in = rows.const_data_ptr();
  char* out = static_cast<char*>(target.data_ptr());
  const int64_t words = panel_words(layout_, inputs_);
  parallel_for(panels_of(outputs_), 1, [&](int64_t begin, int64_t end) {
    for (int64_t panel = begin; panel < end; ++panel) {
      const int64_t next = std::min(panel + 1, end - 1), first = panel * kPanelColumns;
      multiply_panel(layout_,
                     {in, rows.stride(0), rows.size(0), inputs_, words_.data() + panel * words,
                      words_.data() + next * words, out + first * target.element_size(),
                      target.stride(0), std::min(kPanelColumns, outputs_ - first)});
    }
  });
}

}  // namespace tripost::kernels
