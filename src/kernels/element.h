// From tensors to the typed pointers of the CPU kernels.
#pragma once

#include <ATen/core/Tensor.h>

#include <cassert>

#include "kernels/bfloat16.h"

namespace tripost::kernels {

// Calls work(Element{}) with the kernels' type for the tensor's elements.
template <class Work>
void with_element(const at::Tensor& tensor, const Work& work) {
  if (tensor.scalar_type() == at::kFloat) {
    work(float{});
  } else {
    assert(tensor.scalar_type() == at::kBFloat16 && "kernels take float32 and bfloat16");
    work(Bfloat16{});
  }
}

// The elements of a contiguous tensor; nullptr for an undefined one.
template <class Element>
const Element* elements(const at::Tensor& tensor) {
  if (!tensor.defined()) return nullptr;
  assert(tensor.is_contiguous());
  return static_cast<const Element*>(tensor.const_data_ptr());
}

template <class Element>
Element* mutable_elements(const at::Tensor& tensor) {
  if (!tensor.defined()) return nullptr;
  assert(tensor.is_contiguous());
  return static_cast<Element*>(tensor.mutable_data_ptr());
}

}  // namespace tripost::kernels
