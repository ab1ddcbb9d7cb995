#include "base/progress.h"

#include <atomic>

#include "base/error.h"

namespace tripost {
namespace {

std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free,
              "a signal handler may only touch lock-free atomics");

}  // namespace

void request_interrupt() { requested.store(true); }

bool interrupt_requested() { return requested.load(); }

void check_interrupt() {
  if (interrupt_requested()) throw Interrupted();
}

}  // namespace tripost
