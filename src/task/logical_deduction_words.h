// The words of logical deduction: along which axis objects are ordered, and how sentences name a
// place on it or compare two objects.
//
// An axis runs from its first end (place 0) to its last: left to right, oldest to newest. This file
// turns phrases into places and back; whose place it is, logical_deduction_question.h knows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tripost {

// One end of an axis. "leftmost", "second from the left"; in rationales "(left)".
struct AxisEnd {
  std::string label;
  std::string extreme;                    // the first from this end
  std::string rank_suffix;                // after "second", "third", ...: " from the left"
  std::string comparison;                 // what is nearer to this end: "to the left of"
  std::vector<std::string> other_labels;  // that LLMs write in rationales
};

struct Axis {
  std::string name;
  AxisEnd first;
  AxisEnd last;
  bool finishes = false;  // "Ana finished third" instead of "Ana is the third"
};

const std::vector<Axis>& axes();

// "three" for 3, up to seven; and back, digits too. 0 for no such word.
std::string number_word(int number);
int read_number_word(std::string_view word);

// What names a place when counted from one end: "second from the right". `place` counts from the
// axis' first end.
std::string rank_phrase(const Axis& axis, int place, bool from_last, int num_objects);

// A place on the axis, and from which of its ends it is counted.
struct Rank {
  int place = 0;
  bool from_last = false;
};

// The place that such a phrase names, a leading "the " ignored; nullopt when it is none.
std::optional<Rank> read_rank(const Axis& axis, std::string_view phrase, int num_objects);

// Whether a label in brackets names the axis' first end (true) or its last (false).
std::optional<bool> read_label(const Axis& axis, std::string_view label);

// Without a leading "the ", "The ", "a ", "an " or "and ", as often as it is there.
std::string_view without_article(std::string_view text);

std::string lower_case(std::string_view text);

// "fruits" to "fruit", "boxes" to "box", "peaches" to "peach", "cherries" to "cherry".
std::string singular(const std::string& noun);

}  // namespace tripost
