#include "trajectory/update_end.h"

#include <algorithm>

namespace tripost {

std::optional<StopReason> end_of_update(const Exchange& exchange) {
  const auto& steps = exchange.steps;
  const Attempt& update = steps.back().attempt;
  if (!update.complete) return StopReason::kIncomplete;
  if (update.text == steps[steps.size() - 2].attempt.text) return StopReason::kUnchanged;
  const bool older = std::any_of(steps.begin(), steps.end() - 2, [&](const Step& step) {
    return step.attempt.text == update.text;
  });
  if (older) return StopReason::kRepeated;
  return std::nullopt;
}

}  // namespace tripost
