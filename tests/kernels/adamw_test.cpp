// adamw_step against LibTorch's fused AdamW over several steps, and what only ours does.
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>

#include "compare.h"
#include "kernels/operations.h"
#include "kernels/reference.h"

namespace tripost::kernels {
namespace {

using Step = decltype(&adamw_step);

struct State {
  at::Tensor master, m, v, gradient, shadow;
};

State start(int64_t count) {
  const at::Tensor master = at::randn({count});
  return {master, at::zeros({count}), at::zeros({count}), at::zeros({count}),
          master.to(at::kBFloat16)};
}

void check_against_fused(Step step) {
  constexpr int64_t kCount = 1003;
  State ours = start(kCount);
  at::Tensor master = ours.master.clone(), m = at::zeros({kCount}), v = at::zeros({kCount});
  const at::Tensor decay = at::ones({kCount}, at::kByte);
  AdamW options{.learning_rate = 0.01,
                .beta1 = 0.8,
                .beta2 = 0.95,
                .epsilon = 1e-6,
                .weight_decay = 0.1,
                .gradient_scale = 0.25};
  for (options.step = 1; options.step <= 5; ++options.step) {
    const at::Tensor gradient = at::randn({kCount});
    ours.gradient.copy_(gradient * 4);
    step(options, ours.master, ours.m, ours.v, ours.gradient, ours.shadow, decay);
    at::_fused_adamw_({master}, {gradient}, {m}, {v}, {},
                      {at::full({}, static_cast<double>(options.step))}, 0.01, 0.8, 0.95, 0.1, 1e-6,
                      /*amsgrad=*/false, /*maximize=*/false);
  }
  EXPECT_LT(relative_error(ours.master, master), 1e-6);
  EXPECT_LT(relative_error(ours.m, m), 1e-6);
  EXPECT_LT(relative_error(ours.v, v), 1e-6);
  EXPECT_TRUE(ours.shadow.equal(ours.master.to(at::kBFloat16)));
  EXPECT_EQ(ours.gradient.abs().max().item<float>(), 0.0f);
}

TEST(AdamW, AgreesWithLibTorchsFusedOneAtEveryLevel) {
  const LevelGuard guard;
  for (const Level level : levels()) {
    set_level(level);
    check_against_fused(&adamw_step);
  }
}

TEST(AdamW, OfTheReferenceAgreesWithLibTorchsFusedOne) {
  check_against_fused(&reference::adamw_step);
}

TEST(AdamW, DecaysOnlyWhereTheMaskSays) {
  for (const Step step : {&adamw_step, &reference::adamw_step}) {
    State state = start(100);
    const at::Tensor before = state.master.clone();
    at::Tensor decay = at::zeros({100}, at::kByte);
    decay.narrow(0, 0, 50).fill_(1);
    step({.learning_rate = 0.1, .weight_decay = 0.5}, state.master, state.m, state.v,
         state.gradient, state.shadow, decay);
    EXPECT_TRUE(state.master.narrow(0, 50, 50).equal(before.narrow(0, 50, 50)));
    EXPECT_TRUE(state.master.narrow(0, 0, 50).allclose(before.narrow(0, 0, 50) * 0.95));
  }
}

TEST(AdamW, TakesAShadowThatIsTheMaster) {
  for (const Step step : {&adamw_step, &reference::adamw_step}) {
    State state = start(40);
    State other{state.master.clone(), state.m.clone(), state.v.clone(), at::ones({40}),
                state.shadow};
    state.gradient.fill_(1);
    const at::Tensor decay = at::ones({40}, at::kByte);
    step({}, state.master, state.m, state.v, state.gradient, state.master, decay);
    step({}, other.master, other.m, other.v, other.gradient, other.shadow, decay);
    EXPECT_TRUE(state.master.equal(other.master));
  }
}

}  // namespace
}  // namespace tripost::kernels
