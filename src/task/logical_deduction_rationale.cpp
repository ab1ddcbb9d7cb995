#include "task/logical_deduction_rationale.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace tripost {
namespace {

// A pattern that follows from earlier steps.
struct Combination {
  std::vector<int> premises;
  Pattern pattern;
};

std::vector<int> objects_of(const std::vector<const DeductionFact*>& facts) {
  std::vector<int> objects;
  for (const DeductionFact* fact : facts)
    for (const int object : fact->pattern.objects)
      if (std::find(objects.begin(), objects.end(), object) == objects.end())
        objects.push_back(object);
  return objects;
}

// The facts that say something which no other does.
std::vector<const DeductionFact*> live_facts(const std::vector<DeductionFact>& facts) {
  std::vector<const DeductionFact*> live;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    bool is_said_elsewhere = false;
    for (std::size_t j = 0; j < facts.size(); ++j) {
      if (i == j || !facts[j].meaning.is_within(facts[i].meaning)) continue;
      is_said_elsewhere |= j > i || !(facts[i].meaning == facts[j].meaning);
    }
    if (!is_said_elsewhere) live.push_back(&facts[i]);
  }
  return live;
}

bool is_complete(const DeductionQuestion& question, const DeductionSheet& sheet) {
  if (sheet.facts.empty()) return false;
  const Pattern& pattern = sheet.facts.back().pattern;
  return pattern.objects.size() == question.objects.size() &&
         std::all_of(pattern.gaps.begin(), pattern.gaps.end(),
                     [](const Gap& gap) { return gap == Gap{}; });
}

std::optional<Combination> merged_pair(const DeductionFact& a, const DeductionFact& b) {
  auto pattern = merged(a.pattern, b.pattern, a.meaning.num_objects());
  if (!pattern) return std::nullopt;
  return Combination{{std::min(a.step, b.step), std::max(a.step, b.step)}, *std::move(pattern)};
}

// Two facts that fit together as they are; what was found last goes on first.
std::optional<Combination> easy_combination(const std::vector<const DeductionFact*>& live) {
  const DeductionFact& latest = *live.back();
  if (!latest.is_clue) {
    for (std::size_t i = 0; i + 1 < live.size(); ++i)
      if (auto found = merged_pair(*live[i], latest)) return found;
  }
  for (std::size_t i = 0; i < live.size(); ++i)
    for (std::size_t j = i + 1; j < live.size(); ++j)
      if (auto found = merged_pair(*live[i], *live[j])) return found;
  return std::nullopt;
}

// The chosen facts and the number of objects, when together they fit one pattern.
std::optional<Combination> counted_subset(const std::vector<const DeductionFact*>& live,
                                          uint64_t subset, int counted_in, int num_objects) {
  std::vector<int> premises = {counted_in};
  std::vector<const DeductionFact*> chosen;
  OrderingSet meaning(num_objects);
  for (std::size_t i = 0; i < live.size(); ++i) {
    if ((subset >> i & 1) == 0) continue;
    chosen.push_back(live[i]);
    meaning.keep(live[i]->meaning);
    premises.push_back(live[i]->step);
  }
  auto pattern = pattern_of(meaning, objects_of(chosen));
  if (!pattern) return std::nullopt;
  std::sort(premises.begin(), premises.end());
  return Combination{std::move(premises), *std::move(pattern)};
}

// As few facts as possible that fit together once it is known how many objects there are. With many
// facts, as no usual question has, all of them at once: the number of choices would explode.
std::optional<Combination> counting_combination(const std::vector<const DeductionFact*>& live,
                                                int counted_in, int num_objects) {
  constexpr std::size_t kMostLive = 10;
  if (live.size() > 60) return std::nullopt;
  const uint64_t all = (uint64_t{1} << live.size()) - 1;
  if (live.size() > kMostLive) return counted_subset(live, all, counted_in, num_objects);
  for (int size = 2; size <= static_cast<int>(live.size()); ++size) {
    for (uint64_t subset = 1; subset <= all; ++subset) {
      if (std::popcount(subset) != size) continue;
      if (auto found = counted_subset(live, subset, counted_in, num_objects)) return found;
    }
  }
  return std::nullopt;
}

// Every object in its place; nullopt when that is not known.
std::optional<Combination> completion(const DeductionFact& fact, int counted_in) {
  if (fact.meaning.count() != 1) return std::nullopt;
  auto pattern = pattern_of(fact.meaning, fact.meaning.example());
  return Combination{{std::min(counted_in, fact.step), std::max(counted_in, fact.step)},
                     *std::move(pattern)};
}

std::optional<Combination> next_combination(const DeductionQuestion& question,
                                            const DeductionSheet& sheet) {
  const auto live = live_facts(sheet.facts);
  if (live.size() == 1) return completion(*live.front(), sheet.counted_in);
  if (auto found = easy_combination(live)) return found;
  return counting_combination(live, sheet.counted_in, question.num_objects());
}

// The clues that are not translated yet, and the count of the objects.
void write_givens(const DeductionQuestion& question, DeductionSheet& sheet,
                  std::vector<std::string>& lines) {
  const int num_objects = question.num_objects();
  for (std::size_t i = 0; i < question.clues.size(); ++i) {
    if (sheet.translated[i]) continue;
    const Pattern pattern = pattern_of(question.clues[i], num_objects);
    lines.push_back(clue_step(++sheet.last_step, question, question.clues[i].text, pattern));
    sheet.facts.push_back({sheet.last_step, pattern, pattern.meaning(num_objects), true});
  }
  if (sheet.counted_in > 0) return;
  sheet.counted_in = ++sheet.last_step;
  lines.push_back(count_step(sheet.counted_in, question));
}

}  // namespace

DeductionSheet empty_sheet(const DeductionQuestion& question) {
  return {.translated = std::vector<bool>(question.clues.size(), false)};
}

std::vector<std::string> remaining_steps(const DeductionQuestion& question, DeductionSheet sheet) {
  if (question.possible.count() != 1) return {};
  std::vector<std::string> lines;
  if (!sheet.concluded) {
    write_givens(question, sheet, lines);
    while (!is_complete(question, sheet)) {
      const auto found = next_combination(question, sheet);
      if (!found) return {};
      lines.push_back(
          combination_step(++sheet.last_step, question, found->premises, found->pattern));
      sheet.facts.push_back(
          {sheet.last_step, found->pattern, found->pattern.meaning(question.num_objects()), false});
    }
    lines.push_back(
        conclusion_step(++sheet.last_step, question, question.options[question.answer]));
  }
  lines.push_back(final_step(question, question.answer));
  return lines;
}

std::string clue_step(int number, const DeductionQuestion& question, const std::string& statement,
                      const Pattern& pattern) {
  std::string_view text = statement;
  if (text.ends_with('.')) text.remove_suffix(1);
  return fmt::format("({}) {}: \"{}\".", number, text, write_pattern(question, pattern));
}

std::string count_step(int number, const DeductionQuestion& question) {
  return fmt::format("({}) There are in total {} {}: {}.", number,
                     number_word(question.num_objects()), question.kind, question.list);
}

std::string combination_step(int number, const DeductionQuestion& question,
                             const std::vector<int>& premises, const Pattern& pattern) {
  return fmt::format("({}) Combining {} we get the following ordering: \"{}\".", number,
                     step_list(premises), write_pattern(question, pattern));
}

std::string conclusion_step(int number, const DeductionQuestion& question,
                            const DeductionStatement& conclusion) {
  const Bound& bound = conclusion.bound;
  const std::string opening = fmt::format("({}) According to this ordering, ", number);
  if (bound.from != kStart) return opening + sentence(question, bound, conclusion.from_last) + ".";
  return fmt::format(
      "{}the {} that {} {} is {}.", opening, singular(question.kind),
      question.axis->finishes ? "finished" : "is the",
      rank_phrase(*question.axis, bound.low - 1, conclusion.from_last, question.num_objects()),
      with_article(question.objects[static_cast<std::size_t>(bound.to)]));
}

std::string final_step(const DeductionQuestion& question, std::size_t option) {
  return fmt::format("(Final response) {} So the answer is ({}).", question.options[option].text,
                     static_cast<char>('A' + option));
}

std::string step_list(const std::vector<int>& steps) {
  std::string text;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i > 0) text += steps.size() == 2 ? " and " : i + 1 == steps.size() ? ", and " : ", ";
    text += fmt::format("({})", steps[i]);
  }
  return text;
}

}  // namespace tripost
