#include "baselines/attempt_filter.h"

#include <fmt/format.h>

#include <numeric>

#include "edit/attempt_lines.h"
#include "task/conclusion.h"
#include "task/feedback_text.h"
#include "trajectory/fields.h"

namespace tripost {
namespace {

constexpr fields::Names<Fate, kNumFates> kNames{{{Fate::kKept, "kept"},
                                                 {Fate::kNoAnswer, "no answer"},
                                                 {Fate::kCut, "cut at the token limit"},
                                                 {Fate::kFormat, "not in the format"},
                                                 {Fate::kWrongAnswer, "wrong answer"},
                                                 {Fate::kInconsistent, "inconsistent"},
                                                 {Fate::kDuplicate, "kept already"}}};

// The reference's format check: a final response comes last, and no question of the LLM's own.
bool has_format(const std::string& attempt) {
  return step_id_of(attempt_lines(attempt).back()) == kFinalStep &&
         attempt.find("Q:") == std::string::npos;
}

}  // namespace

const char* name_of(Fate fate) { return fields::name_in(kNames, fate); }

Fate AttemptFilter::judge(const Exchange& exchange) {
  const Fate fate = fate_of(exchange);
  ++counts_[static_cast<std::size_t>(fate)];
  return fate;
}

Fate AttemptFilter::fate_of(const Exchange& exchange) {
  const Attempt& attempt = exchange.steps.front().attempt;
  const bool is_rationale = purpose_ == FilterFor::kRationales;
  if (exchange.stop == StopReason::kFailed) return Fate::kNoAnswer;
  if (!attempt.complete) return Fate::kCut;
  if (!attempt.verdict.error.empty() || (is_rationale && !has_format(attempt.text)))
    return Fate::kFormat;
  if (!attempt.verdict.correct) return Fate::kWrongAnswer;
  if (is_rationale && !conclusion_names_answer(exchange.problem, attempt.text))
    return Fate::kInconsistent;
  const bool is_new = kept_.insert(exchange.problem.id + "\n" + attempt.text).second;
  return is_new ? Fate::kKept : Fate::kDuplicate;
}

std::string AttemptFilter::table() const {
  const int all = std::accumulate(counts_.begin(), counts_.end(), 0);
  std::string text = fmt::format("{:<24}{:>8}{:>8}\n", "attempts", all, "%");
  for (std::size_t i = 0; i < kNumFates; ++i) {
    if (counts_[i] == 0 && i > 0) continue;
    text += fmt::format("{:<24}{:>8}{:>8.1f}\n", name_of(static_cast<Fate>(i)), counts_[i],
                        all == 0 ? 0.0 : 100.0 * counts_[i] / all);
  }
  return text;
}

}  // namespace tripost
