// Which sampled attempts are kept to train on, and why the rest is dropped, counted by cause.
#pragma once

#include <array>
#include <set>
#include <string>

#include "trajectory/exchange.h"

namespace tripost {

enum class Fate {
  kKept,
  kNoAnswer,  // nothing was generated; the exchange says why
  kCut,       // at the token limit
  kFormat,    // not steps up to a final response whose answer can be read
  kWrongAnswer,
  kInconsistent,  // the answer does not follow from the step before it (task/conclusion.h)
  kDuplicate,     // kept already, word for word
};
inline constexpr std::size_t kNumFates = 7;

const char* name_of(Fate fate);  // "kept", "no answer", ...

// What somebody else's attempts must be (the reference's filters of an LLM's rationales), or the
// model's own, whose right answer is all that LMSI asks for.
enum class FilterFor { kRationales, kOwnAttempts };

class AttemptFilter {
 public:
  explicit AttemptFilter(FilterFor purpose) : purpose_(purpose) {}

  // Judges the first attempt and counts it.
  Fate judge(const Exchange& exchange);

  int count(Fate fate) const { return counts_[static_cast<std::size_t>(fate)]; }

  // A table for people: every fate that occurred, how often, and in percent.
  std::string table() const;

 private:
  Fate fate_of(const Exchange& exchange);

  FilterFor purpose_;
  std::set<std::string> kept_;
  std::array<int, kNumFates> counts_{};
};

}  // namespace tripost
