#include "task/word_sorting_errors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "task/feedback_text.h"
#include "task/lines.h"
#include "task/word_sorting_question.h"
#include "task/word_sorting_rationale.h"
#include "task/word_sorting_steps.h"

namespace tripost {
namespace {

using Words = std::vector<std::string>;

enum class Kind { kLetters, kGroups, kConclusion, kFinal };

// One gold line taken apart.
struct GoldLine {
  std::string text;
  Kind kind = Kind::kFinal;
  StepNumber number;  // empty for the final response
  std::string head;   // up to what it lists, a blank included
  std::string list;   // without the full stop
  std::size_t place = 0;

  std::string step() const { return number.empty() ? kFinalStep : to_text(number); }
  std::string with(const std::string& other_list) const { return head + other_list + "."; }
  bool opens_subpart() const { return kind == Kind::kLetters && number != StepNumber{1}; }
};

struct Gold {
  SortingQuestion question;
  std::vector<GoldLine> lines;
};

GoldLine gold_line(std::string_view text, std::size_t place) {
  GoldLine line{.text = std::string(text), .place = place};
  const auto numbered = read_sorting_line(text);
  std::string_view mark = "is: ";
  if (numbered) {
    line.number = numbered->number;
    line.kind = contains(text, "We now have")      ? Kind::kGroups
                : contains(text, "Hence, we have") ? Kind::kConclusion
                                                   : Kind::kLetters;
    mark = line.kind == Kind::kConclusion ? "have " : ": ";
  }
  const std::size_t begin = text.find(mark) + mark.size();
  line.head = text.substr(0, begin);
  line.list = text.substr(begin, text.size() - 1 - begin);
  return line;
}

std::optional<Gold> gold_of(const Problem& problem) {
  std::string why;
  auto question = read_sorting_question(problem.question, why);
  if (!question || problem.rationale.empty()) return std::nullopt;
  Gold gold{*std::move(question), {}};
  for (const std::string_view line : split_lines(problem.rationale))
    gold.lines.push_back(gold_line(line, gold.lines.size()));
  return gold;
}

// The gold lines, with those from `begin` to `end` replaced by others.
std::string with_lines(const Gold& gold, std::size_t begin, std::size_t end, const Words& others) {
  Words lines;
  for (const GoldLine& line : gold.lines) lines.push_back(line.text);
  const auto at = lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                              lines.begin() + static_cast<std::ptrdiff_t>(end));
  lines.insert(at, others.begin(), others.end());
  return fmt::format("{}", fmt::join(lines, "\n"));
}

using Injected = std::optional<InjectedError>;

Injected changed_line(const Gold& gold, const GoldLine& line, const std::string& other) {
  if (other == line.text) return std::nullopt;
  return InjectedError{with_lines(gold, line.place, line.place + 1, {other}), line.step(), ""};
}

template <class Chosen>
const GoldLine* any_line(const Gold& gold, Random& random, Chosen chosen) {
  std::vector<const GoldLine*> lines;
  for (const GoldLine& line : gold.lines)
    if (chosen(line)) lines.push_back(&line);
  return lines.empty() ? nullptr : random.pick(lines);
}

const GoldLine* any_line(const Gold& gold, Random& random, Kind kind) {
  return any_line(gold, random, [kind](const GoldLine& line) { return line.kind == kind; });
}

// Changes to a list of letters.

using Entries = std::vector<LetterEntry>;

std::string entry_text(const LetterEntry& entry) {
  return fmt::format("\"{}\"=\"{}\" ({})", entry.word, entry.letter, *entry.number);
}

std::string entries_text(const Entries& entries) {
  Words texts;
  for (const LetterEntry& entry : entries) texts.push_back(entry_text(entry));
  return fmt::format("{}", fmt::join(texts, ", "));
}

char other_letter(char letter, Random& random) {
  const char other = static_cast<char>('a' + random.below(26));
  return other == letter ? (letter == 'z' ? 'a' : static_cast<char>(letter + 1)) : other;
}

void wrong_letter(Entries& entries, const Gold&, Random& random) {
  LetterEntry& entry = entries[random.below(entries.size())];
  entry.letter = std::string(1, other_letter(entry.letter[0], random));
  if (random.below(2) == 0) entry.number = alphabet_number(entry.letter[0]);
}

void wrong_number(Entries& entries, const Gold&, Random& random) {
  LetterEntry& entry = entries[random.below(entries.size())];
  const int distance = static_cast<int>(random.between(1, 4));
  entry.number = *entry.number + (random.below(2) == 0 ? distance : -distance);
}

void lost_word(Entries& entries, const Gold&, Random& random) {
  entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(random.below(entries.size())));
}

void doubled_word(Entries& entries, const Gold&, Random& random) {
  const LetterEntry again = random.pick(entries);
  entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(random.below(entries.size() + 1)),
                 again);
}

void misspelt_word(Entries& entries, const Gold& gold, Random& random) {
  std::string& word = entries[random.below(entries.size())].word;
  char& letter = word[random.below(word.size())];
  const char before = letter;
  letter = other_letter(letter, random);
  // Another word of the list would be a doubled one, and so as wrong; but then not misspelt.
  const Words& listed = gold.question.words;
  if (std::find(listed.begin(), listed.end(), word) != listed.end()) letter = before;
}

using ChangeEntries = void (*)(Entries&, const Gold&, Random&);

template <ChangeEntries change>
Injected changed_entries(const Gold& gold, Random& random) {
  const GoldLine& line = *any_line(gold, random, Kind::kLetters);
  std::string why;
  Entries entries = *read_letter_entries(line.list, why);
  change(entries, gold, random);
  return changed_line(gold, line, line.with(entries_text(entries)));
}

// A letter misread and everything after it sorted by what was read: the gold steps of another
// word, under the name of this one.
Injected misread_word(const Gold& gold, Random& random) {
  const GoldLine& line = *any_line(gold, random, Kind::kLetters);
  std::string why;
  const LetterEntry entry = random.pick(*read_letter_entries(line.list, why));
  const auto named = line.opens_subpart() ? line.head.find("their ") : std::string::npos;
  const std::size_t letter =
      named == std::string::npos
          ? 0
          : *read_letter_ordinal(split_words(std::string_view(line.head).substr(named))[1]);
  std::string other = entry.word;
  other[letter] = other_letter(other[letter], random);
  SortingQuestion question = gold.question;
  std::replace(question.words.begin(), question.words.end(), entry.word, other);
  const auto misread = read_sorting_question(question.text(), why);
  if (!misread || !misread->prefix_pair.empty()) return std::nullopt;
  Words lines = remaining_sorting_steps(SortingSheet(misread->words));
  std::string text = fmt::format("{}", fmt::join(lines, "\n"));
  for (const auto& [open, close] : {std::pair{"\"", "\""}, {" ", " "}, {" ", "."}}) {
    const std::string from = open + other + close, to = open + entry.word + close;
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1))
      text.replace(at, from.size(), to);
  }
  return InjectedError{text, line.step(), ""};
}

// Changes to which subpart and which letters a step looks at.

Injected wrong_subpart(const Gold& gold, Random& random) {
  const auto* line =
      any_line(gold, random, [](const GoldLine& other) { return other.opens_subpart(); });
  if (line == nullptr) return std::nullopt;
  const std::size_t open = line->text.find('['), close = line->text.find(']');
  Words subpart = *read_subpart(std::string_view(line->text).substr(open, close + 1 - open));
  if (random.below(2) == 0 && subpart.size() > 2) {
    subpart.erase(subpart.begin() + static_cast<std::ptrdiff_t>(random.below(subpart.size())));
  } else {
    const std::string& other = random.pick(gold.question.words);
    if (std::find(subpart.begin(), subpart.end(), other) != subpart.end()) return std::nullopt;
    subpart[random.below(subpart.size())] = other;
  }
  std::string text = line->text;
  return changed_line(gold, *line, text.replace(open, close + 1 - open, subpart_text(subpart)));
}

Injected wrong_ordinal(const Gold& gold, Random& random) {
  const auto* line =
      any_line(gold, random, [](const GoldLine& other) { return other.opens_subpart(); });
  if (line == nullptr) return std::nullopt;
  const std::size_t begin = line->text.find("their ") + 6;
  const std::size_t end = line->text.find(" letters:");
  const std::size_t letter = *read_letter_ordinal(line->text.substr(begin, end - begin));
  const std::size_t other = random.below(2) == 0 ? letter + 1 : letter - 1;
  std::string text = line->text;
  return changed_line(gold, *line, text.replace(begin, end - begin, ordinal(other)));
}

// Changes to a list of ranks.

using Groups = std::vector<SortedGroup>;

std::string groups_text(const Groups& groups, const char* sign = " < ") {
  Words texts;
  for (const SortedGroup& group : groups) texts.push_back(sorted_group(*group.number, group.words));
  return fmt::format("{}", fmt::join(texts, sign));
}

void swap_two(Groups& groups, Random& random) {
  if (groups.size() < 2) return;
  const std::size_t first = random.below(groups.size() - 1);
  std::swap(groups[first], groups[first + 1]);
}

void lose_one(Groups& groups, Random& random) {
  if (groups.size() > 1)
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(random.below(groups.size())));
}

void miscount_one(Groups& groups, Random& random) {
  SortedGroup& group = groups[random.below(groups.size())];
  group.number = *group.number + static_cast<int>(random.between(1, 3));
}

void move_a_word(Groups& groups, Random& random) {
  const auto from = std::find_if(groups.begin(), groups.end(),
                                 [](const SortedGroup& group) { return group.is_subpart; });
  SortedGroup& to = groups[random.below(groups.size())];
  if (from == groups.end() || &*from == &to) return;
  to.words.push_back(from->words.back());
  from->words.pop_back();
}

// "[a ? b]" becomes "a < b" before anybody has looked at their letters.
void sort_too_early(Groups& groups, Random&) {
  const auto subpart = std::find_if(groups.begin(), groups.end(),
                                    [](const SortedGroup& group) { return group.is_subpart; });
  if (subpart == groups.end()) return;
  Groups split;
  for (const std::string& word : subpart->words) split.push_back({subpart->number, {word}});
  groups.insert(groups.erase(subpart), split.begin(), split.end());
}

using ChangeGroups = void (*)(Groups&, Random&);

template <ChangeGroups change>
Injected changed_groups(const Gold& gold, Random& random) {
  const auto* line = any_line(gold, random, [](const GoldLine& other) {
    return other.kind == Kind::kGroups && contains(other.list, "<");
  });
  Groups groups = read_groups(read_order(line->list));
  change(groups, random);
  return changed_line(gold, *line, line->with(groups_text(groups)));
}

Injected descending_order(const Gold& gold, Random& random) {
  const GoldLine& line = *any_line(gold, random, Kind::kGroups);
  Groups groups = read_groups(read_order(line.list));
  std::reverse(groups.begin(), groups.end());
  return changed_line(gold, line, line.with(groups_text(groups, " > ")));
}

// Changes to an order of words.

Words words_in(const std::string& order) {
  Words words;
  for (const OrderToken& token : read_order(order))
    if (token.kind == OrderToken::kWord) words.push_back(token.text);
  return words;
}

void swap_words(Words& words, Random& random) {
  const std::size_t first = random.below(words.size() - 1);
  std::swap(words[first], words[first + 1]);
}

void lose_word(Words& words, Random& random) {
  words.erase(words.begin() + static_cast<std::ptrdiff_t>(random.below(words.size())));
}

void double_word(Words& words, Random& random) {
  const std::string word = random.pick(words);
  words.insert(words.begin() + static_cast<std::ptrdiff_t>(random.below(words.size() + 1)), word);
}

using ChangeWords = void (*)(Words&, Random&);

template <ChangeWords change>
Injected changed_conclusion(const Gold& gold, Random& random) {
  const GoldLine& line = *any_line(gold, random, Kind::kConclusion);
  Words words = words_in(line.list);
  change(words, random);
  const std::string wrong = line.with(fmt::format("\"{}\"", fmt::join(words, "\" < \"")));
  const bool is_last = line.place + 2 == gold.lines.size();
  if (!is_last || random.below(2) == 0) return changed_line(gold, line, wrong);
  return InjectedError{
      with_lines(gold, line.place, gold.lines.size(), {wrong, final_sorting_step(words)}),
      line.step(), ""};
}

Injected unsorted_conclusion(const Gold& gold, Random& random) {
  const GoldLine& line = *any_line(gold, random, Kind::kConclusion);
  return changed_line(gold, line, line.with(subpart_text(words_in(line.list))));
}

template <ChangeWords change>
Injected changed_answer(const Gold& gold, Random& random) {
  Words words = gold.question.sorted;
  change(words, random);
  return changed_line(gold, gold.lines.back(), final_sorting_step(words));
}

// Changes to the steps as a whole.

// Missed at the next step, which rests on it.
Injected skipped_step(const Gold& gold, Random& random) {
  const auto* line = any_line(gold, random, [](const GoldLine& other) {
    return other.kind == Kind::kLetters || other.kind == Kind::kGroups;
  });
  return InjectedError{with_lines(gold, line->place, line->place + 1, {}),
                       gold.lines[line->place + 1].step(), ""};
}

bool is_below(const StepNumber& inner, const StepNumber& outer) {
  return inner.size() >= outer.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

// Missed at the conclusion about the words around it.
Injected skipped_subpart(const Gold& gold, Random& random) {
  const auto* line = any_line(gold, random, [&](const GoldLine& other) {
    return other.opens_subpart() && is_below(gold.lines[other.place + 1].number, other.number);
  });
  if (line == nullptr) return std::nullopt;
  std::size_t end = line->place;
  while (is_below(gold.lines[end].number, line->number)) ++end;
  std::size_t conclusion = end;
  while (gold.lines[conclusion].kind != Kind::kConclusion ||
         gold.lines[conclusion].number.size() != line->number.size())
    ++conclusion;
  return InjectedError{with_lines(gold, line->place, end, {}), gold.lines[conclusion].step(), ""};
}

Injected repeated_step(const Gold& gold, Random& random) {
  const auto* line =
      any_line(gold, random, [](const GoldLine& other) { return other.kind != Kind::kFinal; });
  StepNumber number = line->number;
  // A conclusion may be said again under the next number; what it rests on may not.
  if (line->kind != Kind::kConclusion && random.below(2) == 0 && number != StepNumber{1})
    ++number.back();
  const std::string again =
      fmt::format("({}){}", to_text(number), line->text.substr(line->text.find(')') + 1));
  return InjectedError{with_lines(gold, line->place, line->place + 1, {line->text, again}),
                       to_text(number), ""};
}

// A conclusion may be put off beyond the next step, but its number then comes too late.
Injected swapped_steps(const Gold& gold, Random& random) {
  const GoldLine& line = gold.lines[random.below(gold.lines.size() - 2)];
  const GoldLine& next = gold.lines[line.place + 1];
  const bool late = line.kind == Kind::kConclusion;
  return InjectedError{with_lines(gold, line.place, line.place + 2, {next.text, line.text}),
                       late ? line.step() : next.step(), ""};
}

Injected misnumbered_step(const Gold& gold, Random& random) {
  const auto& line = gold.lines[1 + random.below(gold.lines.size() - 2)];
  const auto& previous = gold.lines[line.place - 1];
  const std::string wrong =
      fmt::format("({}){}", previous.step(), line.text.substr(line.text.find(')') + 1));
  return InjectedError{with_lines(gold, line.place, line.place + 1, {wrong}), previous.step(), ""};
}

struct NamedKind {
  const char* name;
  Injected (*inject)(const Gold&, Random&);
};

constexpr NamedKind kKinds[] = {
    {"wrong letter", changed_entries<wrong_letter>},
    {"wrong number of a letter", changed_entries<wrong_number>},
    {"word left out of the letters", changed_entries<lost_word>},
    {"word twice in the letters", changed_entries<doubled_word>},
    {"misspelt word", changed_entries<misspelt_word>},
    {"misread word, sorted accordingly", misread_word},
    {"wrong subpart", wrong_subpart},
    {"wrong letters looked at", wrong_ordinal},
    {"ranks swapped", changed_groups<swap_two>},
    {"rank left out", changed_groups<lose_one>},
    {"wrong number of a rank", changed_groups<miscount_one>},
    {"word in the wrong rank", changed_groups<move_a_word>},
    {"subpart sorted too early", changed_groups<sort_too_early>},
    {"descending order", descending_order},
    {"words of a conclusion swapped", changed_conclusion<swap_words>},
    {"word left out of a conclusion", changed_conclusion<lose_word>},
    {"word twice in a conclusion", changed_conclusion<double_word>},
    {"conclusion left unsorted", unsorted_conclusion},
    {"words of the answer swapped", changed_answer<swap_words>},
    {"word left out of the answer", changed_answer<lose_word>},
    {"word twice in the answer", changed_answer<double_word>},
    {"skipped step", skipped_step},
    {"skipped subpart", skipped_subpart},
    {"repeated step", repeated_step},
    {"steps out of order", swapped_steps},
    {"misnumbered step", misnumbered_step},
};

}  // namespace

std::optional<InjectedError> inject_sorting_error(const Problem& problem, Random& random) {
  const auto gold = gold_of(problem);
  if (!gold) return std::nullopt;
  for (;;) {
    // Not every kind fits every list (two words may have no subpart): then another is drawn.
    const NamedKind& kind = kKinds[random.below(std::size(kKinds))];
    if (auto injected = kind.inject(*gold, random)) {
      injected->kind = kind.name;
      return injected;
    }
  }
}

std::vector<std::string> sorting_error_kinds() {
  std::vector<std::string> names;
  for (const NamedKind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

}  // namespace tripost
