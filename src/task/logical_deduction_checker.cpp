#include "task/logical_deduction_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "task/arithmetic_checker.h"
#include "task/feedback_text.h"
#include "task/lines.h"
#include "task/logical_deduction_reasons.h"

namespace tripost {
namespace {

constexpr std::string_view kFinalOpening = "(Final response)";

// What stands between the first and the last quote.
std::optional<std::string_view> quoted(std::string_view text) {
  const std::size_t open = text.find('"');
  const std::size_t close = text.rfind('"');
  if (open == std::string_view::npos || close == open) return std::nullopt;
  return trimmed(text.substr(open + 1, close - open - 1));
}

// All "(3)" of a text.
std::vector<int> step_numbers(std::string_view text) {
  std::vector<int> numbers;
  for (std::size_t open = text.find('('); open != std::string_view::npos;
       open = text.find('(', open + 1)) {
    const std::size_t end = text.find_first_not_of("0123456789", open + 1);
    const std::size_t size = std::min(end, text.size()) - open - 1;
    if (size == 0 || size > 4 || !text.substr(open + 1 + size).starts_with(')')) continue;
    numbers.push_back(static_cast<int>(*read_integer(text.substr(open + 1, size))));
  }
  return numbers;
}

// The first word that is a number.
int number_in(std::string_view text) {
  for (const std::string& word : split_trimmed(text, ' '))
    if (const int number = read_number_word(word)) return number;
  return 0;
}

// "the bird that is the leftmost", "the golfer who finished last (the one at the bottom)", "the
// leftmost bird": the rank in it.
std::optional<Rank> read_described_rank(const DeductionQuestion& question, std::string_view text) {
  text = trimmed(text.substr(0, text.find(" (")));
  for (const std::string_view relative : {" that ", " who "}) {
    const auto clause = after(text, relative);
    if (clause) text = trimmed(clause->substr(std::min(clause->find(' '), clause->size())));
  }
  for (const std::string& noun : {question.kind, singular(question.kind)})
    if (text.ends_with(" " + noun)) text.remove_suffix(noun.size() + 1);
  return read_rank(*question.axis, text, question.num_objects());
}

// "the bird that is the leftmost is the owl", or a sentence as in the question.
std::optional<DeductionStatement> read_conclusion(const DeductionQuestion& question,
                                                  std::string_view text) {
  for (const std::string_view verb : {" is ", " are "}) {
    const std::size_t found = text.rfind(verb);
    if (found == std::string_view::npos) continue;
    std::string_view tail = text.substr(found + verb.size());
    const auto object = read_object(question, tail, tail);
    const auto rank = read_described_rank(question, text.substr(0, found));
    if (object && tail.empty() && rank)
      return DeductionStatement{std::string(text), has_place(*object, rank->place),
                                rank->from_last};
  }
  return read_statement(question, text);
}

}  // namespace

DeductionChecker::DeductionChecker(const DeductionQuestion& question)
    : question_(question), sheet_(empty_sheet(question)) {}

std::optional<LineFault> DeductionChecker::check(std::string_view line) {
  previous_step_ = step_;
  step_.clear();
  if (finished_) return unreadable("there is text after the final response");
  if (line.starts_with(kFinalOpening)) {
    step_ = kFinalStep;
    return check_final(trimmed(line.substr(kFinalOpening.size())));
  }
  const auto numbered = read_numbered_line(line);
  if (!numbered) return unreadable("it does not open with a step number like \"(2) The\"");
  step_ = std::to_string(numbered->number);
  if (auto fault = check_number(numbered->number)) return fault;
  const std::string_view text = numbered->text;
  if (!text.ends_with('.')) return unreadable("it does not end with a full stop");
  sheet_.last_step = numbered->number;
  if (text.starts_with("Combining ")) return check_combination(text);
  if (text.starts_with("According to ")) return check_conclusion(text);
  if (text.starts_with("There are ")) return check_count(text);
  if (contains(text, "\"")) return check_clue(text);
  return unreadable("it is none of the known sentences");
}

// Gaps are allowed: a missing step shows where it is needed.
std::optional<LineFault> DeductionChecker::check_number(int number) const {
  const std::string segment = fmt::format("({})", number);
  if (number == sheet_.last_step && number > 0)
    return mistake(segment, fmt::format("there is already a step {}", segment));
  if (number <= sheet_.last_step || number == 0)
    return mistake(segment,
                   fmt::format("it is out of order, the number of this step should be ({})",
                               sheet_.last_step + 1));
  return std::nullopt;
}

std::optional<LineFault> DeductionChecker::check_clue(std::string_view text) {
  const auto pattern_text = quoted(text);
  if (!pattern_text) return unreadable("it has no ordering in quotes");
  std::string_view statement_text = trimmed(text.substr(0, text.find('"')));
  if (statement_text.ends_with(':')) statement_text.remove_suffix(1);
  const auto statement = read_statement(question_, statement_text);
  if (!statement) return unreadable("its statement cannot be read");
  const auto clue =
      std::find_if(question_.clues.begin(), question_.clues.end(),
                   [&](const auto& known) { return known.bound == statement->bound; });
  if (clue == question_.clues.end())
    return mistake(statement_text,
                   fmt::format("the question does not say that {}", as_clause(statement_text)));
  const ReadPattern read = read_pattern(question_, *pattern_text);
  if (!read.unreadable.empty()) return unreadable(read.unreadable);
  if (!read.pattern) return mistake(*pattern_text, read.mistake);
  DeductionSource source{"the statement", false, OrderingSet(question_.num_objects())};
  source.meaning.keep(statement->bound);
  const std::string reason = why_not(question_, source, *read.pattern);
  if (!reason.empty()) return mistake(*pattern_text, reason);
  if (!(read.pattern->meaning(question_.num_objects()) == source.meaning))
    return mistake(*pattern_text,
                   fmt::format("it does not say that {}", as_clause(statement_text)));
  DeductionStep step{DeductionStep::Kind::kClue, sheet_.last_step};
  step.clue = static_cast<std::size_t>(clue - question_.clues.begin());
  step.pattern = *read.pattern;
  take(question_, step, sheet_);
  return std::nullopt;
}

std::optional<LineFault> DeductionChecker::check_count(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return unreadable("it has no list after a colon");
  const std::string_view opening = text.substr(0, colon);
  const std::string_view list = trimmed(text.substr(colon + 1, text.size() - colon - 2));
  const int number = number_in(opening);
  if (number == 0) return unreadable("it does not say how many objects there are");
  if (number != question_.num_objects())
    return mistake(opening, fmt::format("the question lists {} {}",
                                        number_word(question_.num_objects()), question_.kind));
  std::vector<bool> listed(question_.objects.size(), false);
  for (const std::string& item : list_items(list)) {
    std::string_view rest;
    const auto object = read_object(question_, item, rest);
    if (!object || !rest.empty())
      return mistake(item,
                     fmt::format("\"{}\" is not among the {}", shortened(item), question_.kind));
    const auto index = static_cast<std::size_t>(*object);
    if (listed[index])
      return mistake(
          list, fmt::format("{} appears more than once", with_article(question_.objects[index])));
    listed[index] = true;
  }
  const auto missing = std::find(listed.begin(), listed.end(), false);
  if (missing != listed.end())
    return mistake(
        list,
        fmt::format(
            "{} is missing",
            with_article(question_.objects[static_cast<std::size_t>(missing - listed.begin())])));
  take(question_, {DeductionStep::Kind::kCount, sheet_.last_step}, sheet_);
  return std::nullopt;
}

std::optional<LineFault> DeductionChecker::keep_premises(const std::vector<int>& steps,
                                                         std::string_view text,
                                                         OrderingSet& meaning) const {
  const auto& counts = sheet_.counted_in;
  for (const int step : steps) {
    if (std::find(counts.begin(), counts.end(), step) != counts.end()) continue;
    const auto fact = std::find_if(sheet_.facts.begin(), sheet_.facts.end(),
                                   [&](const auto& known) { return known.step == step; });
    if (fact == sheet_.facts.end())
      return mistake(text, fmt::format("no step ({}) before this one gives an ordering", step));
    meaning.keep(fact->meaning);
  }
  return std::nullopt;
}

std::optional<LineFault> DeductionChecker::check_combination(std::string_view text) {
  const auto pattern_text = quoted(text);
  if (!pattern_text) return unreadable("it has no ordering in quotes");
  const std::size_t end = std::min(text.find(" we get"), text.find('"'));
  const std::string_view opening = text.substr(0, end);
  const std::vector<int> steps = step_numbers(opening);
  if (steps.empty()) return unreadable("it does not name the steps that it combines");
  DeductionSource source{fmt::format("step{} {}", steps.size() > 1 ? "s" : "", step_list(steps)),
                         steps.size() > 1, OrderingSet(question_.num_objects())};
  if (auto fault = keep_premises(steps, opening, source.meaning)) return fault;
  const ReadPattern read = read_pattern(question_, *pattern_text);
  if (!read.unreadable.empty()) return unreadable(read.unreadable);
  if (!read.pattern) return mistake(*pattern_text, read.mistake);
  const std::string reason = why_not(question_, source, *read.pattern);
  if (!reason.empty()) return mistake(*pattern_text, reason);
  DeductionStep step{DeductionStep::Kind::kCombination, sheet_.last_step};
  step.pattern = *read.pattern;
  take(question_, step, sheet_);
  return std::nullopt;
}

std::optional<LineFault> DeductionChecker::check_conclusion(std::string_view text) {
  auto claim = after(text, ", ");
  if (!claim) return unreadable("it has no comma after \"According to this ordering\"");
  claim->remove_suffix(1);
  const auto conclusion = read_conclusion(question_, *claim);
  if (!conclusion) return unreadable("what it concludes cannot be read");
  if (sheet_.facts.empty()) return mistake(*claim, "there is no ordering in previous steps");
  const DeductionFact& latest = sheet_.facts.back();
  if (!latest.meaning.always(conclusion->bound))
    return mistake(*claim, why_not(question_,
                                   {fmt::format("the ordering in step ({})", latest.step), false,
                                    latest.meaning},
                                   conclusion->bound));
  DeductionStep step{DeductionStep::Kind::kConclusion, sheet_.last_step};
  step.statement = *conclusion;
  take(question_, step, sheet_);
  return std::nullopt;
}

std::optional<LineFault> DeductionChecker::check_final(std::string_view text) {
  if (!text.ends_with('.')) return unreadable("it does not end with a full stop");
  const auto letter = answer_letter(text);
  if (!letter) return unreadable("it does not say \"the answer is (X)\" with a letter");
  const std::string segment = fmt::format("the answer is ({})", *letter);
  const auto option = static_cast<std::size_t>(*letter - 'A');
  if (option >= question_.options.size())
    return mistake(segment, fmt::format("there is no option ({})", *letter));
  if (sheet_.facts.empty()) return mistake(segment, "there is no ordering in previous steps");
  const DeductionFact& latest = sheet_.facts.back();
  const Bound& bound = question_.options[option].bound;
  if (!latest.meaning.always(bound))
    return mistake(segment, why_not(question_,
                                    {fmt::format("the ordering in step ({})", latest.step), false,
                                     latest.meaning},
                                    bound));
  const std::size_t so = find_any_case(text, "so the answer is");
  if (so == std::string_view::npos) return unreadable("it does not say \"So the answer is\"");
  const std::string_view said = trimmed(text.substr(0, so));
  if (!said.empty()) {
    const auto statement = read_statement(question_, said);
    if (!statement) return unreadable("its sentence cannot be read");
    if (!(statement->bound == bound))
      return mistake(said, fmt::format("it is not what option ({}) says", *letter));
  }
  finished_ = true;
  return std::nullopt;
}

std::optional<char> answer_letter(std::string_view text) {
  constexpr std::string_view kMarker = "answer is (";
  for (std::size_t found = text.find(kMarker); found != std::string_view::npos;
       found = text.find(kMarker, found + 1)) {
    const std::string_view rest = text.substr(found + kMarker.size());
    if (rest.size() < 2 || rest[1] != ')') continue;
    if (rest[0] >= 'A' && rest[0] <= 'Z') return rest[0];
    if (rest[0] >= 'a' && rest[0] <= 'z') return static_cast<char>(rest[0] - 'a' + 'A');
  }
  return std::nullopt;
}

LineReport check_deduction(const DeductionQuestion& question, std::string_view attempt) {
  DeductionChecker checker(question);
  return check_lines(checker, attempt);
}

}  // namespace tripost
