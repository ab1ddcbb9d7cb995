#include "kernels/low_rank.h"

#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cassert>
#include <optional>

#include "kernels/dropout.h"
#include "kernels/product.h"
#include "kernels/reference.h"
#include "kernels/weight.h"

namespace tripost::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// What one piece works with; `rows` and `ranks` are its rows of B and its columns of x A^T.
struct Slices {
  const LowRank& adapter;
  std::size_t piece = 0;
  int64_t rows_before = 0;

  const LowRank::Piece& here() const { return adapter.pieces[piece]; }
  at::Tensor outputs(const at::Tensor& y) const { return y.narrow(1, here().first, here().rows); }
  at::Tensor hidden(const at::Tensor& h) const {
    const int64_t rank = h.size(1) / static_cast<int64_t>(adapter.pieces.size());
    return h.narrow(1, static_cast<int64_t>(piece) * rank, rank);
  }
  at::Tensor a(const at::Tensor& all) const {
    const int64_t rank = all.size(0) / static_cast<int64_t>(adapter.pieces.size());
    return all.narrow(0, static_cast<int64_t>(piece) * rank, rank);
  }
  at::Tensor b(const at::Tensor& all) const { return all.narrow(0, rows_before, here().rows); }
  at::Tensor dropped(const at::Tensor& x, const at::Tensor& keys) const {
    return dropped_out(x, keys, adapter.dropout,
                       adapter.dropout_seed + static_cast<uint32_t>(piece));
  }
};

// Calls visit(slices) for each piece.
void for_each_piece(const LowRank& adapter, const auto& visit) {
  Slices slices{adapter};
  for (; slices.piece < adapter.pieces.size(); ++slices.piece) {
    visit(slices);
    slices.rows_before += slices.here().rows;
  }
}

bool drops(const LowRank& adapter, const at::Tensor& keys) {
  return keys.defined() && adapter.dropout > 0;
}

// x A^T, each piece's of what its mask leaves of x.
at::Tensor down_projection(const at::Tensor& x, const at::Tensor& a, const LowRank& adapter,
                           const at::Tensor& keys) {
  if (!drops(adapter, keys)) return product(x, a.t());
  at::Tensor hidden = at::empty({x.size(0), a.size(0)}, x.options());
  for_each_piece(adapter, [&](const Slices& piece) {
    piece.hidden(hidden).copy_(product(piece.dropped(x, keys), piece.a(a).t()));
  });
  return hidden;
}

void add_up_projection(const at::Tensor& target, const at::Tensor& hidden, const at::Tensor& b,
                       const LowRank& adapter) {
  for_each_piece(adapter, [&](const Slices& piece) {
    add_product(piece.outputs(target), piece.hidden(hidden), piece.b(b).t(), adapter.scale);
  });
}

// Rides in the autograd node: what backward needs beside tensors.
struct Shape : torch::CustomClassHolder {
  Shape(const LowRank& adapter, const at::Tensor& dropout_keys)
      : adapter(adapter), dropout_keys(dropout_keys) {}
  LowRank adapter;
  at::Tensor dropout_keys;
};

// Adds A's gradient, and to d_x, where it is defined, what x gets through A.
void down_projection_backward(const at::Tensor& d_hidden, const at::Tensor& x, const at::Tensor& a,
                              const Shape& shape, const at::Tensor& d_x) {
  const LowRank& adapter = shape.adapter;
  const at::Tensor &keys = shape.dropout_keys, &gradient = adapter.a.gradient;
  if (!drops(adapter, keys)) {
    add_product(gradient, d_hidden.t(), x);
    if (d_x.defined()) add_product(d_x, d_hidden, a);
    return;
  }
  for_each_piece(adapter, [&](const Slices& piece) {
    const at::Tensor d_piece = piece.hidden(d_hidden);
    add_product(piece.a(gradient), d_piece.t(), piece.dropped(x, keys));
    if (d_x.defined()) d_x.add_(piece.dropped(product(d_piece, piece.a(a)), keys));
  });
}

struct LowRankLinear : torch::autograd::Function<LowRankLinear> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const std::optional<at::Tensor>& bias, const at::Tensor& a,
                            const at::Tensor& b, c10::intrusive_ptr<Shape> shape) {
    at::Tensor y = affine(x, weight, bias);
    const at::Tensor hidden = down_projection(x, a, shape->adapter, shape->dropout_keys);
    add_up_projection(y, hidden, b, shape->adapter);
    context->save_for_backward({x, weight, a, b, hidden});
    context->saved_data["shape"] = c10::IValue::make_capsule(shape);
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& incoming) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &a = saved[2], &b = saved[3];
    const at::Tensor &hidden = saved[4], d_y = incoming[0].contiguous();
    const auto shape =
        c10::static_intrusive_pointer_cast<Shape>(context->saved_data["shape"].toCapsule());
    const LowRank& adapter = shape->adapter;
    const at::Tensor d_hidden = at::empty_like(hidden);
    for_each_piece(adapter, [&](const Slices& piece) {
      const at::Tensor d_outputs = piece.outputs(d_y);
      piece.hidden(d_hidden).copy_(product(d_outputs, piece.b(b)).mul_(adapter.scale));
      add_product(piece.b(adapter.b.gradient), d_outputs.t(), piece.hidden(hidden), adapter.scale);
    });
    at::Tensor d_x;
    if (context->needs_input_grad(0)) d_x = product(d_y, weight);
    down_projection_backward(d_hidden, x, a, *shape, d_x);
    return {d_x, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor low_rank_linear(const at::Tensor& x, const Parameter& weight, const Parameter* bias,
                           const LowRank& adapter, const at::Tensor& dropout_keys) {
  assert(!records_gradient(weight) && "the weight beside an adapter is frozen");
  if (!x.is_cpu()) return reference::low_rank_linear(x, weight, bias, adapter, dropout_keys);
  return LowRankLinear::apply(
      x.contiguous(), weight.value, bias == nullptr ? std::nullopt : std::optional(bias->value),
      adapter.a.value, adapter.b.value, c10::make_intrusive<Shape>(adapter, dropout_keys));
}

void add_low_rank(const at::Tensor& target, const at::Tensor& x, const LowRank& adapter) {
  add_up_projection(target, product(x, adapter.a.value.t()), adapter.b.value, adapter);
}

}  // namespace tripost::kernels
