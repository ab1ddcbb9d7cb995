#include "task/logical_deduction_words.h"

#include <algorithm>
#include <array>

#include "task/lines.h"

namespace tripost {
namespace {

constexpr std::array<std::string_view, 8> kNumbers = {"",     "one",  "two", "three",
                                                      "four", "five", "six", "seven"};
constexpr std::array<std::string_view, 8> kOrdinals = {"",       "first", "second", "third",
                                                       "fourth", "fifth", "sixth",  "seventh"};

bool names_end(const AxisEnd& end, std::string_view label) {
  return label == end.label || label == end.extreme ||
         std::find(end.other_labels.begin(), end.other_labels.end(), label) !=
             end.other_labels.end();
}

// How many places from this end the phrase says, counted from 0.
std::optional<int> distance_from(const AxisEnd& end, std::string_view phrase) {
  if (phrase == end.extreme) return 0;
  for (std::size_t i = 1; i < kOrdinals.size(); ++i) {
    if (phrase.starts_with(kOrdinals[i]) && phrase.substr(kOrdinals[i].size()) == end.rank_suffix)
      return static_cast<int>(i) - 1;
  }
  return std::nullopt;
}

}  // namespace

const std::vector<Axis>& axes() {
  // The first four are BIG-bench's; their labels are those that the reference's rationales use
  // most.
  static const std::vector<Axis> all = {
      {"position",
       {"left", "leftmost", " from the left", "to the left of", {}},
       {"right", "rightmost", " from the right", "to the right of", {}}},
      {"age",
       {"oldest", "oldest", "-oldest", "older than", {"old", "older"}},
       {"newest", "newest", "-newest", "newer than", {"new", "newer"}}},
      {"price",
       {"cheapest",
        "cheapest",
        "-cheapest",
        "less expensive than",
        {"least expensive", "cheap", "cheaper", "least", "less expensive"}},
       {"most expensive",
        "most expensive",
        "-most expensive",
        "more expensive than",
        {"expensive", "most", "more expensive"}}},
      {"finish",
       {"above", "first", "", "above", {"best", "top"}},
       {"below", "last", "-to-last", "below", {"worst", "bottom"}},
       true},
      {"height",
       {"shortest", "shortest", "-shortest", "shorter than", {"short"}},
       {"tallest", "tallest", "-tallest", "taller than", {"tall"}}},
      {"weight",
       {"lightest", "lightest", "-lightest", "lighter than", {"light"}},
       {"heaviest", "heaviest", "-heaviest", "heavier than", {"heavy"}}}};
  return all;
}

std::string number_word(int number) {
  return std::string(kNumbers[static_cast<std::size_t>(number)]);
}

int read_number_word(std::string_view word) {
  for (std::size_t i = 1; i < kNumbers.size(); ++i)
    if (word == kNumbers[i] || word == std::string_view("01234567").substr(i, 1))
      return static_cast<int>(i);
  return 0;
}

std::string rank_phrase(const Axis& axis, int place, bool from_last, int num_objects) {
  const AxisEnd& end = from_last ? axis.last : axis.first;
  const int distance = from_last ? num_objects - 1 - place : place;
  if (distance == 0) return end.extreme;
  return std::string(kOrdinals[static_cast<std::size_t>(distance + 1)]) + end.rank_suffix;
}

std::optional<Rank> read_rank(const Axis& axis, std::string_view phrase, int num_objects) {
  phrase = without_article(phrase);
  if (const auto place = distance_from(axis.first, phrase); place && *place < num_objects)
    return Rank{*place, false};
  if (const auto place = distance_from(axis.last, phrase); place && *place < num_objects)
    return Rank{num_objects - 1 - *place, true};
  return std::nullopt;
}

std::optional<bool> read_label(const Axis& axis, std::string_view label) {
  const std::string lower = lower_case(trimmed(label));
  if (names_end(axis.first, lower)) return true;
  if (names_end(axis.last, lower)) return false;
  return std::nullopt;
}

std::string_view without_article(std::string_view text) {
  for (;;) {
    text = trimmed(text);
    const std::size_t before = text.size();
    for (const std::string_view word : {"the ", "The ", "a ", "an ", "and "})
      if (text.starts_with(word)) text.remove_prefix(word.size());
    if (text.size() == before) return text;
  }
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::string singular(const std::string& noun) {
  const auto without = [&](std::size_t count) { return noun.substr(0, noun.size() - count); };
  if (noun.ends_with("ies") && noun.size() > 4) return without(3) + "y";
  for (const std::string_view ending : {"xes", "ches", "shes", "sses", "oes"})
    if (noun.ends_with(ending)) return without(2);
  return noun.ends_with('s') && !noun.ends_with("ss") ? without(1) : noun;
}

}  // namespace tripost
