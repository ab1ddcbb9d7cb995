#include "kernels/memory.h"

#include <cstdlib>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace tripost::kernels {

void keep_freed_memory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, -1);
  // A thread's own arena consists of 64 MB heaps that are unmapped when empty, whatever the
  // threshold.
  mallopt(M_ARENA_MAX, 1);
#endif
}

}  // namespace tripost::kernels
