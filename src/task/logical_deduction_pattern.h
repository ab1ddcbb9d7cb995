// Patterns, the notation of logical deduction's rationales: "(left) ?? white ? gray (right)".
//
// "??" stands for 0 or more objects, "?" for exactly one, and the labels say where the order begins
// and ends. A pattern is a conjunction of bounds, so what it says is an OrderingSet. This file
// reads and writes patterns and puts several of them together; what follows from what is decided on
// the sets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task/logical_deduction_question.h"
#include "task/ordering.h"

namespace tripost {

// What lies between two neighbours of a pattern: at least so many objects, and perhaps more.
struct Gap {
  int least = 0;
  bool more = false;
  bool operator==(const Gap&) const = default;
};

// From the axis' first end to its last. gaps[i] lies before objects[i], the last gap after all.
struct Pattern {
  std::vector<int> objects;
  std::vector<Gap> gaps;
  bool operator==(const Pattern&) const = default;

  std::vector<Bound> bounds() const;
  OrderingSet meaning(int num_objects) const;
};

// What a statement says, on its own.
Pattern pattern_of(const DeductionStatement& statement, int num_objects);

// With its labels, without quotes.
std::string write_pattern(const DeductionQuestion& question, const Pattern& pattern);

// A pattern as read, or what is wrong with it: a word that is no object, labels of another axis,
// ...
struct ReadPattern {
  std::optional<Pattern> pattern;
  std::string mistake;     // a reason in feedback; empty when there is none
  std::string unreadable;  // a reason for a reader; empty when there is none
};

// The text between the quotes. Either end of the axis may come first.
ReadPattern read_pattern(const DeductionQuestion& question, std::string_view text);

// One pattern over all objects of both that says the same as both together, found without knowing
// how many objects there are. nullopt when the order of some two objects stays open.
std::optional<Pattern> merged(const Pattern& a, const Pattern& b, int num_objects);

// One pattern over these objects that says the same as the set; nullopt when there is none.
std::optional<Pattern> pattern_of(const OrderingSet& set, std::vector<int> objects);

}  // namespace tripost
