// Runs an operation and its plain reference on the same data, forward and backward, and compares
// everything they make.
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "kernels/level.h"
#include "kernels/parameter.h"

namespace tripost::kernels {

inline Parameter trained_parameter(at::Tensor value) {
  const at::Tensor gradient = at::zeros(value.sizes(), value.options().dtype(at::kFloat));
  return {"weight", value.detach().clone().set_requires_grad(true), gradient};
}

// Largest difference, as a part of the largest expected value.
inline double relative_error(const at::Tensor& actual, const at::Tensor& expected) {
  if (actual.sizes() != expected.sizes()) return INFINITY;
  const at::Tensor wide = expected.to(at::kDouble);
  const double size = wide.abs().max().item<double>() + 1e-30;
  return (actual.to(at::kDouble) - wide).abs().max().item<double>() / size;
}

// What an operation made: outputs, gradients of the inputs, gradients of the parameters.
using Results = std::vector<at::Tensor>;
using Operation = std::function<std::vector<at::Tensor>(const std::vector<at::Tensor>& inputs,
                                                        const std::vector<Parameter>& weights)>;

// Feeds every output the same random gradient, so that a mix-up of outputs shows.
inline Results run(const Operation& operation, const std::vector<at::Tensor>& inputs,
                   const std::vector<at::Tensor>& weights,
                   const std::vector<at::Tensor>& incoming) {
  std::vector<at::Tensor> leaves;
  for (const auto& x : inputs) leaves.push_back(x.detach().clone().set_requires_grad(true));
  std::vector<Parameter> parameters;
  for (const auto& w : weights) parameters.push_back(trained_parameter(w));
  Results results = operation(leaves, parameters);
  at::Tensor total;
  for (size_t i = 0; i < incoming.size(); ++i) {
    const at::Tensor part = (results[i].to(at::kFloat) * incoming[i]).sum();
    total = total.defined() ? total + part : part;
    results[i] = results[i].detach();
  }
  total.backward();
  for (const auto& leaf : leaves) results.push_back(leaf.grad());
  for (const auto& parameter : parameters) results.push_back(parameter.gradient);
  return results;
}

inline void expect_close(const Results& actual, const Results& expected, double tolerance,
                         const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_TRUE(actual[i].defined() && expected[i].defined()) << what << ", result " << i;
    EXPECT_LT(relative_error(actual[i], expected[i]), tolerance) << what << ", result " << i;
  }
}

// Every level this machine has.
inline std::vector<Level> levels() {
  std::vector<Level> all;
  for (const Level level : {Level::kPortable, Level::kAvx2, Level::kAvx512, Level::kAmx}) {
    if (level <= best_level()) all.push_back(level);
  }
  return all;
}

// Restores the level of choice when a test ends.
class LevelGuard {
 public:
  ~LevelGuard() { set_level(best_level()); }
};

}  // namespace tripost::kernels
