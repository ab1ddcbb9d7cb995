#include "task/date_contexts.h"

#include <algorithm>
#include <cassert>

#include "task/lines.h"

namespace tripost {
namespace {

// A wording ready for use.
struct Sentence {
  const ContextFamily* family;
  const ContextFamily::Wording* wording;
  DatePattern pattern;
  std::vector<DatePattern> premises;
};

struct Families {
  std::vector<ContextFamily> all;
  std::vector<Sentence> sentences;

  Families() : all(short_context_families()) {
    for (ContextFamily& family : long_context_families()) all.push_back(std::move(family));
    for (const ContextFamily& family : all) {
      for (const auto& wording : family.wordings) {
        sentences.push_back({&family, &wording, DatePattern(wording.context), {}});
        for (const auto& step : wording.steps) sentences.back().premises.emplace_back(step.premise);
      }
    }
  }
};

const Families& families() {
  static const Families all;
  return all;
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

// Words that are capitals only because they open a sentence.
bool opens_sentence(std::string_view sentence) {
  static const std::vector<std::string_view> kOpenings = {
      "Today", "Today's", "Yesterday", "Yesterday,", "Tomorrow", "It",     "The",  "This",
      "In",    "She",     "He",        "Her",        "On",       "Today,", "An",   "A",
      "After", "Exactly", "Therefore", "That",       "When",     "There",  "They", "Their"};
  const std::string_view word = sentence.substr(0, sentence.find(' '));
  return std::find(kOpenings.begin(), kOpenings.end(), word) != kOpenings.end();
}

std::string decapitalised(std::string sentence) {
  if (opens_sentence(sentence)) sentence[0] = static_cast<char>(sentence[0] - 'A' + 'a');
  return sentence;
}

// The sentences of a context, joined by "and".
std::string as_premise(std::string_view context) {
  std::string premise;
  while (!context.empty()) {
    std::size_t end = context.find(". ");
    while (end != std::string_view::npos && !is_capital(context[end + 2]))
      end = context.find(". ", end + 2);
    std::string_view sentence = context.substr(0, end);
    context.remove_prefix(end == std::string_view::npos ? context.size() : end + 2);
    if (sentence.ends_with('.')) sentence.remove_suffix(1);
    if (!premise.empty()) premise += " and ";
    premise += decapitalised(std::string(sentence));
  }
  return premise;
}

std::optional<DateContext> context_from(const Sentence& sentence, Slots slots, std::string text) {
  const auto dates = sentence.family->dates(slots);
  if (!dates || !std::all_of(dates->begin(), dates->end(), is_in_range)) return std::nullopt;
  assert(dates->size() == sentence.wording->steps.size());
  DateContext context{sentence.family->name, std::move(text), {}};
  for (std::size_t i = 0; i < dates->size(); ++i) {
    const auto& step = sentence.wording->steps[i];
    context.steps.push_back(
        {*step.premise == '\0' ? as_premise(context.text) : sentence.premises[i].write(slots),
         DatePattern(step.entity).write(slots), (*dates)[i]});
    slots.set("#" + std::to_string(i + 1)).text = write_date((*dates)[i], DateStyle::kShort);
  }
  return context;
}

}  // namespace

std::optional<DateContext> understand_context(std::string_view text) {
  if (text.size() > kLongestContext) return std::nullopt;
  for (const Sentence& sentence : families().sentences) {
    auto slots = sentence.pattern.match(text);
    if (!slots) continue;
    if (auto context = context_from(sentence, *std::move(slots), std::string(text))) return context;
  }
  return std::nullopt;
}

DateContext draw_context(int num_steps, Random& random) {
  std::vector<const ContextFamily*> fitting;
  for (const ContextFamily& family : families().all)
    if (family.wordings[0].steps.size() == static_cast<std::size_t>(num_steps))
      fitting.push_back(&family);
  assert(!fitting.empty());
  for (;;) {
    // A draw without dates (the palindrome day of 2019) is drawn again, its family too.
    const ContextFamily* family = random.pick(fitting);
    const auto* wording = &random.pick(family->wordings);
    const auto& sentences = families().sentences;
    const auto sentence =
        std::find_if(sentences.begin(), sentences.end(),
                     [&](const Sentence& candidate) { return candidate.wording == wording; });
    Slots slots = sentence->pattern.draw(random);
    if (family->complete) family->complete(slots);
    std::string text = sentence->pattern.write(slots);
    if (auto context = context_from(*sentence, std::move(slots), std::move(text)))
      return *std::move(context);
  }
}

std::vector<std::string> context_families() {
  std::vector<std::string> names;
  for (const ContextFamily& family : families().all) names.emplace_back(family.name);
  return names;
}

}  // namespace tripost
