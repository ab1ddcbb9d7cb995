#include "llm/counts.h"

#include <fmt/format.h>

namespace tripost {

Json to_json(const LlmCounts& counts) {
  Json faults = Json::object();
  for (std::size_t i = 1; i < kNumLlmFaults; ++i) {
    if (counts.faults[i] > 0) faults[name_of(static_cast<LlmFault>(i))] = counts.faults[i];
  }
  return {{"requests", counts.requests},
          {"cache_hits", counts.cache_hits},
          {"shared", counts.shared},
          {"answered", counts.answered},
          {"failed", counts.failed},
          {"calls", counts.calls},
          {"abandoned", counts.abandoned},
          {"faults", faults},
          {"prompt_tokens", counts.spent.prompt_tokens},
          {"completion_tokens", counts.spent.completion_tokens},
          {"cost", counts.spent.cost},
          {"usage_estimated", counts.usage_estimated},
          {"bad_cache_entries", counts.bad_entries},
          {"seconds_waited", counts.seconds_waited}};
}

std::string describe(const LlmCounts& counts) {
  std::string text = fmt::format("{} calls, {} cached", counts.calls, counts.cache_hits);
  if (counts.failed > 0) text += fmt::format(", {} failed", counts.failed);
  if (counts.spent.cost > 0) text += fmt::format(", cost {:.4f}", counts.spent.cost);
  if (counts.seconds_waited >= 1) text += fmt::format(", waited {:.0f} s", counts.seconds_waited);
  return text;
}

}  // namespace tripost
