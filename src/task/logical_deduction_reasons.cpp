#include "task/logical_deduction_reasons.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace tripost {
namespace {

std::string object_name(const DeductionQuestion& question, int object) {
  return with_article(question.objects[static_cast<std::size_t>(object)]);
}

std::string says(const DeductionSource& source, const std::string& what) {
  return fmt::format("{} {} that {}", source.name, source.plural ? "say" : "says", what);
}

std::string does_not_follow(const DeductionSource& source, const std::string& what) {
  return fmt::format("it does not follow from {} that {}", source.name, what);
}

// "there is exactly one object", "there are at least two objects".
std::string so_many_objects(const Bound& bound) {
  const int number = bound.low - 1;
  const std::string word = number <= kMostObjects ? number_word(number) : std::to_string(number);
  return fmt::format("there {} {} {} object{}", number == 1 ? "is" : "are",
                     bound.low == bound.high ? "exactly" : "at least", word,
                     number == 1 ? "" : "s");
}

std::string why_not_between(const DeductionQuestion& question, const DeductionSource& source,
                            const Bound& bound) {
  const Bound order = comes_before(bound.from, bound.to);
  const Bound reverse = comes_before(bound.to, bound.from);
  if (!source.meaning.always(order)) {
    return source.meaning.always(reverse)
               ? says(source, sentence(question, reverse, false))
               : does_not_follow(source, sentence(question, order, false));
  }
  const std::string both =
      fmt::format("{} and {}", object_name(question, bound.from), object_name(question, bound.to));
  if (bound.high == 1) return does_not_follow(source, both + " are next to each other");
  return does_not_follow(source, fmt::format("{} between {}", so_many_objects(bound), both));
}

// "Rob finished last": counted from the nearer end, from the middle as the options count.
std::string place_of(const DeductionQuestion& question, int object, int place) {
  const int behind = question.num_objects() - 1 - place;
  const bool from_last = behind == place ? question.options.front().from_last : behind < place;
  return sentence(question, has_place(object, place), from_last);
}

// One object's exact place.
std::string why_not_there(const DeductionQuestion& question, const DeductionSource& source,
                          int object, int place) {
  for (int other = 0; other < question.num_objects(); ++other) {
    if (other != object && source.meaning.always(has_place(other, place)))
      return says(source, place_of(question, other, place));
  }
  const Bound known = source.meaning.narrowest(kStart, object);
  if (known.low == known.high) return says(source, place_of(question, object, known.low - 1));
  return does_not_follow(source, place_of(question, object, place));
}

std::string why_impossible(const DeductionQuestion& question, const Pattern& pattern) {
  const int num_places = std::accumulate(pattern.gaps.begin(), pattern.gaps.end(),
                                         static_cast<int>(pattern.objects.size()),
                                         [](int sum, const Gap& gap) { return sum + gap.least; });
  const int num_objects = question.num_objects();
  return fmt::format("it has {} than {} places, but there are {} {}",
                     num_places > num_objects ? "more" : "fewer", number_word(num_objects),
                     number_word(num_objects), question.kind);
}

}  // namespace

std::string why_not(const DeductionQuestion& question, const DeductionSource& source,
                    const Bound& bound) {
  const bool from_start = bound.from == kStart;
  if (!from_start && bound.to != kEnd) return why_not_between(question, source, bound);
  const int object = from_start ? bound.to : bound.from;
  if (bound.low == bound.high) {
    const int place = from_start ? bound.low - 1 : question.num_objects() - bound.low;
    return why_not_there(question, source, object, place);
  }
  return does_not_follow(
      source, fmt::format("{} on the ({}) side of {}", so_many_objects(bound),
                          (from_start ? question.axis->first : question.axis->last).label,
                          object_name(question, object)));
}

std::string why_not(const DeductionQuestion& question, const DeductionSource& source,
                    const Pattern& pattern) {
  if (pattern.objects.empty()) return "it has no objects";
  if (pattern.meaning(question.num_objects()).empty()) return why_impossible(question, pattern);
  for (const Bound& bound : pattern.bounds())
    if (!source.meaning.always(bound)) return why_not(question, source, bound);
  return "";
}

}  // namespace tripost
