#include "task/logical_deduction_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "task/lines.h"

namespace tripost {
namespace {

// Longer gaps cannot be meant: there are 7 objects at most.
constexpr int kLongestGap = 100;

// Lower bounds on place(to) - place(from), closed under addition. Unlike an OrderingSet it does not
// know how many objects there are, so it draws the conclusions that a reader of two patterns draws.
class Closure {
 public:
  explicit Closure(const std::vector<int>& objects) : objects_(objects) {
    marks_ = {kStart, kEnd};
    marks_.insert(marks_.end(), objects.begin(), objects.end());
    for (auto& row : low_) row.fill(kUnknown);
    for (const int object : objects) {
      raise(kStart, object, 1);
      raise(object, kEnd, 1);
    }
  }

  void add(const Bound& bound) {
    raise(bound.from, bound.to, bound.low);
    if (bound.high < kFarthest) raise(bound.to, bound.from, -bound.high);
  }

  // False when the bounds contradict each other.
  bool close() {
    for (bool changed = true; changed;) {
      changed = false;
      for (const int middle : marks_)
        for (const int from : marks_)
          for (const int to : marks_) changed |= raise_through(from, middle, to);
      if (at(kStart, kEnd) > kLongestGap) return false;
      changed |= keep_apart();
    }
    return std::all_of(marks_.begin(), marks_.end(), [&](int mark) { return at(mark, mark) <= 0; });
  }

  std::optional<Pattern> pattern() {
    for (const int a : objects_)
      for (const int b : objects_)
        if (a != b && at(a, b) < 1 && at(b, a) < 1) return std::nullopt;
    Pattern pattern{objects_, {}};
    std::sort(pattern.objects.begin(), pattern.objects.end(),
              [&](int a, int b) { return at(a, b) >= 1; });
    int before = kStart;
    for (std::size_t i = 0; i <= pattern.objects.size(); ++i) {
      const int next = i < pattern.objects.size() ? pattern.objects[i] : kEnd;
      pattern.gaps.push_back({at(before, next) - 1, at(next, before) != -at(before, next)});
      before = next;
    }
    return pattern;
  }

 private:
  static constexpr int kUnknown = -1000;

  static std::size_t index(int mark) { return static_cast<std::size_t>(mark + 2); }
  int& at(int from, int to) { return low_[index(from)][index(to)]; }

  bool raise(int from, int to, int low) {
    int& known = at(from, to);
    if (low <= known) return false;
    known = low;
    return true;
  }
  bool raise_through(int from, int middle, int to) {
    const int first = at(from, middle), second = at(middle, to);
    return first != kUnknown && second != kUnknown && at(from, from) <= 0 &&
           raise(from, to, first + second);
  }
  // No two objects share a place.
  bool keep_apart() {
    bool changed = false;
    for (const int a : objects_)
      for (const int b : objects_)
        if (a != b && at(a, b) == 0) changed |= raise(a, b, 1);
    return changed;
  }

  std::vector<int> objects_;
  std::vector<int> marks_;
  std::array<std::array<int, kMostObjects + 2>, kMostObjects + 2> low_;
};

// "(left)" at the front or at the back of the text: its words, and the text without it.
std::optional<std::string_view> take_label(std::string_view& text, bool at_front) {
  text = trimmed(text);
  if (at_front) {
    const std::size_t close = text.find(')');
    if (!text.starts_with('(') || close == std::string_view::npos) return std::nullopt;
    const std::string_view label = text.substr(1, close - 1);
    text = trimmed(text.substr(close + 1));
    return label;
  }
  const std::size_t open = text.rfind('(');
  if (!text.ends_with(')') || open == std::string_view::npos) return std::nullopt;
  const std::string_view label = text.substr(open + 1, text.size() - open - 2);
  text = trimmed(text.substr(0, open));
  return label;
}

ReadPattern mistake(std::string reason) { return {std::nullopt, std::move(reason), ""}; }
ReadPattern unreadable(std::string reason) { return {std::nullopt, "", std::move(reason)}; }

void reverse(Pattern& pattern) {
  std::reverse(pattern.objects.begin(), pattern.objects.end());
  std::reverse(pattern.gaps.begin(), pattern.gaps.end());
}

}  // namespace

std::vector<Bound> Pattern::bounds() const {
  std::vector<Bound> bounds;
  int before = kStart;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const int next = i < objects.size() ? objects[i] : kEnd;
    bounds.push_back(
        {before, next, gaps[i].least + 1, gaps[i].more ? kFarthest : gaps[i].least + 1});
    before = next;
  }
  return bounds;
}

OrderingSet Pattern::meaning(int num_objects) const {
  OrderingSet set(num_objects);
  for (const Bound& bound : bounds()) set.keep(bound);
  return set;
}

Pattern pattern_of(const DeductionStatement& statement, int num_objects) {
  const Bound& bound = statement.bound;
  if (bound.from != kStart) return {{bound.from, bound.to}, {{0, true}, {0, true}, {0, true}}};
  const int place = bound.low - 1;
  if (statement.from_last) return {{bound.to}, {{0, true}, {num_objects - 1 - place, false}}};
  return {{bound.to}, {{place, false}, {0, true}}};
}

std::string write_pattern(const DeductionQuestion& question, const Pattern& pattern) {
  std::string text = fmt::format("({})", question.axis->first.label);
  for (std::size_t i = 0; i < pattern.gaps.size(); ++i) {
    for (int j = 0; j < pattern.gaps[i].least; ++j) text += " ?";
    if (pattern.gaps[i].more) text += " ??";
    if (i < pattern.objects.size())
      text += " " + question.objects[static_cast<std::size_t>(pattern.objects[i])].short_name;
  }
  return text + fmt::format(" ({})", question.axis->last.label);
}

ReadPattern read_pattern(const DeductionQuestion& question, std::string_view text) {
  const auto first_label = take_label(text, true);
  const auto last_label = take_label(text, false);
  if (!first_label || !last_label)
    return unreadable("its ordering does not begin and end with a label in brackets");
  const auto opens = read_label(*question.axis, *first_label);
  const auto closes = read_label(*question.axis, *last_label);
  if (!opens || !closes || *opens == *closes)
    return mistake(fmt::format("the ends of the ordering should be ({}) and ({})",
                               question.axis->first.label, question.axis->last.label));
  Pattern pattern{{}, {{}}};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_not_of('?'), text.size());
    if (end > 2) return unreadable(fmt::format("it has {} question marks in a row", end));
    if (end > 0) {
      Gap& gap = pattern.gaps.back();
      gap.more |= end == 2;
      gap.least = std::min(gap.least + (end == 1 ? 1 : 0), kLongestGap);
      text = trimmed(text.substr(end));
      continue;
    }
    const auto object = read_object(question, text, text);
    if (!object)
      return mistake(fmt::format("\"{}\" is not among the {}",
                                 shortened(text.substr(0, text.find(' '))), question.kind));
    const auto& known = pattern.objects;
    if (std::find(known.begin(), known.end(), *object) != known.end())
      return mistake(
          fmt::format("{} appears more than once",
                      with_article(question.objects[static_cast<std::size_t>(*object)])));
    pattern.objects.push_back(*object);
    pattern.gaps.emplace_back();
  }
  if (!*opens) reverse(pattern);
  return {pattern, "", ""};
}

std::optional<Pattern> merged(const Pattern& a, const Pattern& b, int num_objects) {
  std::vector<int> objects = a.objects;
  for (const int object : b.objects)
    if (std::find(objects.begin(), objects.end(), object) == objects.end())
      objects.push_back(object);
  Closure closure(objects);
  for (const Bound& bound : a.bounds()) closure.add(bound);
  for (const Bound& bound : b.bounds()) closure.add(bound);
  if (!closure.close()) return std::nullopt;
  auto pattern = closure.pattern();
  if (!pattern) return std::nullopt;
  OrderingSet both = a.meaning(num_objects);
  both.keep(b.meaning(num_objects));
  if (!(pattern->meaning(num_objects) == both)) return std::nullopt;
  return pattern;
}

std::optional<Pattern> pattern_of(const OrderingSet& set, std::vector<int> objects) {
  if (set.empty()) return std::nullopt;
  const auto order = set.example();
  std::sort(objects.begin(), objects.end(), [&](int a, int b) {
    return std::find(order.begin(), order.end(), a) < std::find(order.begin(), order.end(), b);
  });
  Pattern pattern{objects, {}};
  int before = kStart;
  for (std::size_t i = 0; i <= objects.size(); ++i) {
    const int next = i < objects.size() ? objects[i] : kEnd;
    const Bound bound = set.narrowest(before, next);
    if (bound.low < 1) return std::nullopt;
    pattern.gaps.push_back({bound.low - 1, bound.low != bound.high});
    before = next;
  }
  if (!(pattern.meaning(set.num_objects()) == set)) return std::nullopt;
  return pattern;
}

}  // namespace tripost
