// Sets LibTorch's thread count for a test, and back.
#pragma once

#include <ATen/Parallel.h>

namespace tripost {

class Threads {
 public:
  explicit Threads(int count) : before_(at::get_num_threads()) { at::set_num_threads(count); }
  ~Threads() { at::set_num_threads(before_); }

 private:
  int before_;
};

}  // namespace tripost
