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

// The facts that say something which no other does; of equal ones the latest.
std::vector<const DeductionFact*> live_facts(const std::vector<DeductionFact>& facts) {
  std::vector<const DeductionFact*> live;
  for (const DeductionFact& fact : facts) {
    std::erase_if(live, [&](const auto* known) { return fact.meaning.is_within(known->meaning); });
    const bool is_known = std::any_of(live.begin(), live.end(), [&](const auto* known) {
      return known->meaning.is_within(fact.meaning);
    });
    if (!is_known) live.push_back(&fact);
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
  if (!fact.meaning.is_one()) return std::nullopt;
  auto pattern = pattern_of(fact.meaning, fact.meaning.example());
  return Combination{{std::min(counted_in, fact.step), std::max(counted_in, fact.step)},
                     *std::move(pattern)};
}

// The objects must have been counted.
std::optional<Combination> next_combination(const DeductionQuestion& question,
                                            const DeductionSheet& sheet) {
  const auto live = live_facts(sheet.facts);
  if (live.size() == 1) return completion(*live.front(), sheet.counted_in.back());
  if (auto found = easy_combination(live)) return found;
  return counting_combination(live, sheet.counted_in.back(), question.num_objects());
}

// Adds steps to a list and what they establish to the sheet.
class StepWriter {
 public:
  StepWriter(const DeductionQuestion& question, DeductionSheet sheet)
      : question_(question), sheet_(std::move(sheet)) {}

  // The clues that are not translated yet, and the count of the objects.
  void add_givens() {
    for (std::size_t i = 0; i < question_.clues.size(); ++i) {
      if (sheet_.translated[i]) continue;
      DeductionStep step{Kind::kClue, 0, i, question_.clues[i]};
      step.pattern = pattern_of(question_.clues[i], question_.num_objects());
      add(std::move(step));
    }
    if (sheet_.counted_in.empty()) add({Kind::kCount});
  }

  // False when some order stays open, or is contradictory.
  bool add_combinations() {
    while (!is_complete(question_, sheet_)) {
      auto found = next_combination(question_, sheet_);
      if (!found) return false;
      DeductionStep step{Kind::kCombination};
      step.premises = std::move(found->premises);
      step.pattern = std::move(found->pattern);
      add(std::move(step));
    }
    return true;
  }

  // The option that the latest ordering tells; false when it is not exactly one.
  bool add_answer() {
    std::vector<std::size_t> options;
    for (std::size_t i = 0; i < question_.options.size(); ++i)
      if (sheet_.facts.back().meaning.always(question_.options[i].bound)) options.push_back(i);
    if (options.size() != 1) return false;
    DeductionStep conclusion{Kind::kConclusion};
    conclusion.statement = question_.options[options.front()];
    if (!sheet_.concluded) add(std::move(conclusion));
    DeductionStep answer{Kind::kFinal};
    answer.option = options.front();
    add(std::move(answer));
    return true;
  }

  const DeductionSheet& sheet() const { return sheet_; }
  std::vector<DeductionStep> steps() { return std::move(steps_); }

 private:
  using Kind = DeductionStep::Kind;

  void add(DeductionStep step) {
    step.number = sheet_.last_step + 1;
    take(question_, step, sheet_);
    steps_.push_back(std::move(step));
  }

  const DeductionQuestion& question_;
  DeductionSheet sheet_;
  std::vector<DeductionStep> steps_;
};

std::string conclusion(const DeductionQuestion& question, const DeductionStatement& statement) {
  const Bound& bound = statement.bound;
  if (bound.from != kStart) return sentence(question, bound, statement.from_last);
  return fmt::format(
      "the {} that {} {} is {}", singular(question.kind),
      question.axis->finishes ? "finished" : "is the",
      rank_phrase(*question.axis, bound.low - 1, statement.from_last, question.num_objects()),
      with_article(question.objects[static_cast<std::size_t>(bound.to)]));
}

}  // namespace

DeductionSheet empty_sheet(const DeductionQuestion& question) {
  return {.translated = std::vector<bool>(question.clues.size(), false)};
}

void take(const DeductionQuestion& question, const DeductionStep& step, DeductionSheet& sheet) {
  const bool is_clue = step.kind == DeductionStep::Kind::kClue;
  sheet.last_step = step.number;
  if (is_clue) sheet.translated[step.clue] = true;
  if (is_clue || step.kind == DeductionStep::Kind::kCombination) {
    sheet.facts.push_back(
        {step.number, step.pattern, step.pattern.meaning(question.num_objects()), is_clue});
    sheet.concluded = false;  // what was concluded is not about the latest ordering any more
  }
  if (step.kind == DeductionStep::Kind::kCount) sheet.counted_in.push_back(step.number);
  if (step.kind == DeductionStep::Kind::kConclusion)
    sheet.concluded |= step.statement.bound == question.options[question.answer].bound;
}

std::vector<DeductionStep> remaining_steps(const DeductionQuestion& question,
                                           DeductionSheet sheet) {
  if (!question.possible.is_one()) return {};
  StepWriter writer(question, std::move(sheet));
  if (!writer.sheet().concluded) {
    writer.add_givens();
    if (!writer.add_combinations()) return {};
  }
  if (!writer.add_answer()) return {};
  return writer.steps();
}

std::string write_step(const DeductionQuestion& question, const DeductionStep& step) {
  using Kind = DeductionStep::Kind;
  switch (step.kind) {
    case Kind::kClue: {
      std::string_view text = step.statement.text;
      if (text.ends_with('.')) text.remove_suffix(1);
      return fmt::format("({}) {}: \"{}\".", step.number, text,
                         write_pattern(question, step.pattern));
    }
    case Kind::kCount:
      return fmt::format("({}) There are in total {} {}: {}.", step.number,
                         number_word(question.num_objects()), question.kind, question.list);
    case Kind::kCombination:
      return fmt::format("({}) Combining {} we get the following ordering: \"{}\".", step.number,
                         step_list(step.premises), write_pattern(question, step.pattern));
    case Kind::kConclusion:
      return fmt::format("({}) According to this ordering, {}.", step.number,
                         conclusion(question, step.statement));
    default:
      return fmt::format("(Final response) {} So the answer is ({}).",
                         question.options[step.option].text, static_cast<char>('A' + step.option));
  }
}

std::vector<std::string> write_steps(const DeductionQuestion& question,
                                     const std::vector<DeductionStep>& steps) {
  std::vector<std::string> lines;
  for (const DeductionStep& step : steps) lines.push_back(write_step(question, step));
  return lines;
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
