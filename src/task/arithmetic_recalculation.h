// The calculations of an attempt, each worked again by itself: what a verifier writes down before
// its verdict when it does not merely look.
//
//   Let's calculate again: (2) 7 - -1 = 8 (8), 8 + -1 = 7 (7). (3) 7 * 3 = 21 (21), 21 * -9 = -189
//   (-179) wrong.
//
// In brackets stands what the attempt has, so that finding a mistake is comparing two neighbours.
// A small model that is sure of "21 * -9" alone is often wrong about it inside a longer expression,
// and cannot see that in one look. Feedback that opens like this gives it room to find out
// (docs/decisions/0011). The text names the operation that leads from each written piece to the
// next, up to the first whose value is another. What follows no single operation (letters put back,
// brackets added) is passed over: the verdict that follows judges it.
#pragma once

#include <string>
#include <string_view>

namespace tripost {

struct Recalculation {
  std::string text;   // empty when the attempt calculates nothing
  std::string value;  // "21 * -9 = -189": the operation that was wrong, as it should be; or empty
};

// `last_step` is the last step to look at, as Review names it; empty for all. Time linear in the
// length of each piece times its operations; nothing throws.
Recalculation recalculate(std::string_view attempt, std::string_view last_step);

}  // namespace tripost
