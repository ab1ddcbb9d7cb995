#include "bench/profile.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace tripost {
namespace {

using Clock = std::chrono::steady_clock;
using Name = std::pair<std::string_view, Kind>;

constexpr Name kForward[] = {{"aten::linear", Kind::kProduct},
                             {"aten::mm", Kind::kProduct},
                             {"aten::addmm", Kind::kProduct},
                             {"aten::addmm_", Kind::kProduct},
                             {"tripost::attention", Kind::kAttention},
                             {"tripost::norm", Kind::kNorm},
                             {"tripost::rope", Kind::kRope},
                             {"tripost::swiglu", Kind::kSwiglu},
                             {"tripost::loss", Kind::kLoss}};

// A node's name is torch::autograd::CppNode<...::Rope>.
constexpr Name kBackward[] = {{"::Linear>", Kind::kWeightGradient},
                              {"::Embedding>", Kind::kWeightGradient},
                              {"::PackedAttention>", Kind::kAttentionBackward},
                              {"::Norm>", Kind::kNorm},
                              {"::Rope>", Kind::kRope},
                              {"::Swiglu>", Kind::kSwiglu},
                              {"::LinearCrossEntropy>", Kind::kLoss}};

std::optional<Kind> kind_of(const at::RecordFunction& call) {
  const std::string_view called = call.name();
  if (call.scope() == at::RecordScope::FUNCTION) {
    for (const auto& [name, kind] : kForward)
      if (called == name) return kind;
  } else {
    for (const auto& [name, kind] : kBackward)
      if (called.ends_with(name)) return kind;
  }
  return std::nullopt;
}

struct Timer : at::ObserverContext {
  Timer(Kind kind, Timer* outer) : kind(kind), outer(outer) {}

  Kind kind;
  Timer* outer;  // of the operation that called this one
  Clock::time_point start = Clock::now();
  Clock::duration inside{0};  // of timers that it is the outer one of
};

thread_local Timer* current = nullptr;
std::array<std::atomic<int64_t>, kKindNames.size()> nanoseconds{};

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& call) {
  const std::optional<Kind> kind = kind_of(call);
  if (!kind) return nullptr;
  auto timer = std::make_unique<Timer>(*kind, current);
  current = timer.get();
  return timer;
}

void end(const at::RecordFunction&, at::ObserverContext* context) {
  if (context == nullptr) return;
  const auto* timer = static_cast<Timer*>(context);
  const Clock::duration spent = Clock::now() - timer->start;
  nanoseconds[static_cast<std::size_t>(timer->kind)] +=
      std::chrono::duration_cast<std::chrono::nanoseconds>(spent - timer->inside).count();
  current = timer->outer;
  if (current != nullptr) current->inside += spent;
}

}  // namespace

void begin_profile() {
  at::addGlobalCallback(
      at::RecordFunctionCallback(begin, end)
          .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
}

std::array<double, kKindNames.size()> take_profile() {
  std::array<double, kKindNames.size()> seconds{};
  std::transform(
      nanoseconds.begin(), nanoseconds.end(), seconds.begin(),
      [](std::atomic<int64_t>& spent) { return 1e-9 * static_cast<double>(spent.exchange(0)); });
  return seconds;
}

}  // namespace tripost
