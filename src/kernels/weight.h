// A Parameter as an input of ATen's autograd: its value, with a backward that adds into
// Parameter::gradient.
#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/parameter.h"

namespace tripost::kernels {

// True when an operation that uses `parameter` now must be able to give it a gradient.
bool records_gradient(const Parameter& parameter);

// parameter.value, and when it records a gradient, a view of it whose incoming gradient is added to
// parameter.gradient (float32, in place); autograd's own leaf never gets one.
at::Tensor accumulating_weight(const Parameter& parameter);

// Rows ids [T] of parameter.value; each row's gradient is added to parameter.gradient in float32.
at::Tensor accumulating_rows(const Parameter& parameter, const at::Tensor& ids);

}  // namespace tripost::kernels
