// Operations without a weight (rotary embedding, attention, gated activation) and the optimizer's
// passes.
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "kernels/attention.h"
#include "kernels/cpu.h"
#include "kernels/element.h"
#include "kernels/optimizer.h"
#include "kernels/rows.h"

namespace tripost::kernels::cpu {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

struct Heads {
  int64_t queries;
  int64_t keys;
};

at::Tensor rotated(const at::Tensor& qkv, const at::Tensor& cos, const at::Tensor& sin, Heads heads,
                   float direction) {
  at::Tensor output = at::empty_like(qkv);
  with_element(qkv, [&](auto element) {
    using Element = decltype(element);
    rotate<Element>({elements<Element>(qkv), mutable_elements<Element>(output),
                     elements<float>(cos), elements<float>(sin), qkv.size(0),
                     heads.queries + 2 * heads.keys, heads.queries + heads.keys, cos.size(1),
                     direction});
  });
  return output;
}

struct Rope : Function<Rope> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& qkv, const at::Tensor& cos,
                            const at::Tensor& sin, int64_t num_heads, int64_t num_kv_heads) {
    context->save_for_backward({cos, sin});
    context->saved_data["num_heads"] = num_heads;
    context->saved_data["num_kv_heads"] = num_kv_heads;
    return rotated(qkv, cos, sin, {num_heads, num_kv_heads}, 1.0f);
  }

  static variable_list backward(AutogradContext* context, const variable_list& incoming) {
    const variable_list saved = context->get_saved_variables();
    const Heads heads{context->saved_data["num_heads"].toInt(),
                      context->saved_data["num_kv_heads"].toInt()};
    return {rotated(incoming[0].contiguous(), saved[0], saved[1], heads, -1.0f), at::Tensor(),
            at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

AttentionShape attention_shape(int64_t row_width, const at::Tensor& starts, Heads heads,
                               double scale, int64_t window) {
  return {starts.const_data_ptr<int32_t>(),
          starts.numel() - 1,
          heads.queries,
          heads.keys,
          row_width / (heads.queries + 2 * heads.keys),
          static_cast<float>(scale),
          window};
}

struct PackedAttention : Function<PackedAttention> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& qkv,
                            const at::Tensor& starts, int64_t num_heads, int64_t num_kv_heads,
                            double scale, int64_t window) {
    const AttentionShape shape =
        attention_shape(qkv.size(1), starts, {num_heads, num_kv_heads}, scale, window);
    assert(shape.num_tokens() == qkv.size(0) && "starts must cover every row");
    at::Tensor output = at::empty({qkv.size(0), num_heads * shape.head_size}, qkv.options());
    const at::Tensor log_sum_exp =
        at::empty({num_heads, qkv.size(0)}, qkv.options().dtype(at::kFloat));
    with_element(qkv, [&](auto element) {
      using Element = decltype(element);
      attention_forward(shape, elements<Element>(qkv), mutable_elements<Element>(output),
                        mutable_elements<float>(log_sum_exp));
    });
    context->save_for_backward({qkv, output, log_sum_exp, starts});
    context->saved_data["num_heads"] = num_heads;
    context->saved_data["num_kv_heads"] = num_kv_heads;
    context->saved_data["scale"] = scale;
    context->saved_data["window"] = window;
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& incoming) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor& qkv = saved[0];
    const AttentionShape shape = attention_shape(
        qkv.size(1), saved[3],
        {context->saved_data["num_heads"].toInt(), context->saved_data["num_kv_heads"].toInt()},
        context->saved_data["scale"].toDouble(), context->saved_data["window"].toInt());
    const at::Tensor d_output = incoming[0].contiguous();
    at::Tensor d_qkv = at::empty_like(qkv);
    with_element(qkv, [&](auto element) {
      using Element = decltype(element);
      attention_backward(shape, elements<Element>(qkv), elements<Element>(saved[1]),
                         elements<float>(saved[2]), elements<Element>(d_output),
                         mutable_elements<Element>(d_qkv));
    });
    return {d_qkv, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct Swiglu : Function<Swiglu> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& gate_up) {
    const int64_t width = gate_up.size(1) / 2;
    at::Tensor output = at::empty({gate_up.size(0), width}, gate_up.options());
    with_element(gate_up, [&](auto element) {
      using Element = decltype(element);
      swiglu_forward(elements<Element>(gate_up), mutable_elements<Element>(output), gate_up.size(0),
                     width);
    });
    context->save_for_backward({gate_up});
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& incoming) {
    const at::Tensor gate_up = context->get_saved_variables()[0];
    const at::Tensor d_output = incoming[0].contiguous();
    at::Tensor d_gate_up = at::empty_like(gate_up);
    with_element(gate_up, [&](auto element) {
      using Element = decltype(element);
      swiglu_backward(elements<Element>(gate_up), elements<Element>(d_output),
                      mutable_elements<Element>(d_gate_up), gate_up.size(0), gate_up.size(1) / 2);
    });
    return {d_gate_up};
  }
};

}  // namespace

at::Tensor rope(const at::Tensor& qkv, const at::Tensor& cos, const at::Tensor& sin,
                int64_t num_heads, int64_t num_kv_heads) {
  return Rope::apply(qkv.contiguous(), cos.contiguous(), sin.contiguous(), num_heads, num_kv_heads);
}

at::Tensor packed_attention(const at::Tensor& qkv, const at::Tensor& starts, int64_t num_heads,
                            int64_t num_kv_heads, double scale, int64_t window) {
  return PackedAttention::apply(qkv.contiguous(), starts.contiguous(), num_heads, num_kv_heads,
                                scale, window);
}

at::Tensor swiglu(const at::Tensor& gate_up) { return Swiglu::apply(gate_up.contiguous()); }

void adamw_step(const AdamW& options, at::Tensor& master, at::Tensor& m, at::Tensor& v,
                at::Tensor& gradient, at::Tensor& shadow, const at::Tensor& decay) {
  const double steps = static_cast<double>(options.step);
  const auto narrow = [](double value) { return static_cast<float>(value); };
  with_element(shadow, [&](auto element) {
    using Element = decltype(element);
    AdamWPass<Element> pass{mutable_elements<float>(master),
                            mutable_elements<float>(m),
                            mutable_elements<float>(v),
                            mutable_elements<float>(gradient),
                            mutable_elements<Element>(shadow),
                            elements<uint8_t>(decay),
                            master.numel()};
    pass.gradient_scale = narrow(options.gradient_scale);
    pass.epsilon = narrow(options.epsilon);
    pass.m_rate = narrow(1.0 - options.beta1);
    pass.v_rate = narrow(1.0 - options.beta2);
    pass.shrink = narrow(options.learning_rate * options.weight_decay);
    pass.step_size = narrow(options.learning_rate / (1.0 - std::pow(options.beta1, steps)));
    pass.root_factor = narrow(1.0 / std::sqrt(1.0 - std::pow(options.beta2, steps)));
    adamw_pass(pass);
  });
}

double squared_norm(const at::Tensor& values) {
  const at::Tensor flat = values.contiguous();
  return sum_of_squares(elements<float>(flat), flat.numel());
}

}  // namespace tripost::kernels::cpu
