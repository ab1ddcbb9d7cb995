#include "task/word_sorting_checker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace tripost {
namespace {

constexpr std::string_view kFinalOpening = "(Final response)";
using Words = std::vector<std::string>;

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool opens_a_subpart(std::string_view text) {
  return find_any_case(text, "sort this subpart") != std::string_view::npos ||
         contains(text, "again by looking at");
}

// A step that looks at letters, as far as it can be read.
struct LettersStep {
  Words subpart;
  std::size_t letter = 0;
  std::string look;  // the part before the colon, in lower case, as feedback quotes it
  std::string_view list;
  std::vector<LetterEntry> entries;
};

// `Now sort this subpart ["a" ? "b"]`, or as the paper's prompts word it: `Now let's sort this
// subpart [...]`, `Sort [...] again`.
std::optional<Words> read_subpart_to_sort(std::string_view text) {
  const std::size_t open = text.find('[');
  const std::size_t close = text.rfind(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::nullopt;
  const std::string before = lowered(trimmed(text.substr(0, open)));
  const std::string_view behind = trimmed(text.substr(close + 1));
  const bool is_known = before == "now sort this subpart" ||
                        before == "now let's sort this subpart" || before == "sort this subpart" ||
                        before == "sort";
  if (!is_known || (!behind.empty() && behind != "again")) return std::nullopt;
  return read_subpart(text.substr(open, close + 1 - open));
}

// `which` is "by looking at their second letters".
std::optional<std::size_t> read_letter_looked_at(std::string_view which) {
  const auto words = split_words(which);
  if (words.size() != 6 || words[3] != "their" || words[5] != "letters") return std::nullopt;
  return read_letter_ordinal(words[4]);
}

std::optional<LettersStep> read_letters_step(std::string_view text, std::string& why) {
  const std::size_t looking = text.find("by looking at");
  const std::size_t colon = text.find(':');
  if (looking == std::string_view::npos || colon == std::string_view::npos || colon < looking) {
    why = "it has no \"by looking at\" followed by a colon";
    return std::nullopt;
  }
  const auto subpart = read_subpart_to_sort(text.substr(0, looking));
  const auto letter = read_letter_looked_at(text.substr(looking, colon - looking));
  if (!subpart) why = "it does not open like \"Now sort this subpart [\"one\" ? \"two\"]\"";
  if (!letter) why = "it does not say \"by looking at their second letters\", or which";
  if (!subpart || !letter) return std::nullopt;
  LettersStep step{*subpart,
                   *letter,
                   lowered(trimmed(text.substr(0, colon))),
                   trimmed(text.substr(colon + 1)),
                   {}};
  auto entries = read_letter_entries(step.list, why);
  if (!entries) return std::nullopt;
  step.entries = *std::move(entries);
  return step;
}

}  // namespace

SortingChecker::SortingChecker(const SortingQuestion& question)
    : question_(question), sheet_(question.words) {}

bool SortingChecker::is_listed(const std::string& word) const {
  return std::binary_search(question_.sorted.begin(), question_.sorted.end(), word);
}

std::string SortingChecker::not_listed(const std::string& word) const {
  return fmt::format("\"{}\" is not in the list of words provided by the question statement: {}",
                     word, fmt::join(question_.words, " "));
}

std::optional<LineFault> SortingChecker::check(std::string_view line) {
  previous_step_ = step_;
  step_.clear();
  if (finished_) return unreadable("there is text after the final response");
  if (line.starts_with(kFinalOpening)) {
    step_ = kFinalStep;
    return check_final(line.substr(kFinalOpening.size()));
  }
  auto read = read_sorting_line(line);
  if (!read) return unreadable("it does not open with a step number like \"(3.1) We\"");
  step_ = to_text(read->number);
  if (auto fault = check_number(read->number, opens_a_subpart(read->text))) return fault;
  if (!read->text.ends_with('.')) return unreadable("it does not end with a full stop");
  read->text.remove_suffix(1);
  established_before_.resize(read->number.size() - 1);
  established_before_.push_back(established_.size());
  if (read->number == StepNumber{1}) return check_first_letters(*read);
  if (opens_a_subpart(read->text)) return check_letters(*read);
  if (read->text.starts_with("We now have")) return check_groups(*read);
  if (read->text.starts_with("Hence, we have")) return check_conclusion(*read);
  return unreadable("it is none of the known sentences");
}

// Gaps are allowed: a missing step shows where its result is needed. So is a number that a step of
// the same kind had before: the reference numbers the subparts of a subpart alike.
std::optional<LineFault> SortingChecker::check_number(const StepNumber& number,
                                                      bool opens_subpart) const {
  const std::string segment = fmt::format("({})", to_text(number));
  const auto& path = sheet_.path;
  const StepNumber last = sheet_.number();
  if (!path.empty() && number > last && number.size() > 1) {
    const StepNumber outer(number.begin(), number.end() - 1);
    const bool has_outer =
        outer.size() <= last.size() && std::equal(outer.begin(), outer.end(), last.begin());
    if (!has_outer)
      return mistake(segment,
                     fmt::format("there is no step ({}) for it to belong to", to_text(outer)));
  }
  const std::size_t depth = number.size() - 1;
  const bool is_again =
      depth < path.size() && std::equal(number.begin(), number.end(), last.begin());
  if (is_again && opens_subpart && !path[depth].subpart.empty()) return std::nullopt;
  if (is_again) return mistake(segment, fmt::format("there is already a step {}", segment));
  const bool begins = path.empty() && number == StepNumber{1};
  if (begins || (!path.empty() && number > last && number.back() > 0)) return std::nullopt;
  return mistake(segment, fmt::format("it is out of order, the number of this step should be ({})",
                                      next_sorting_step(sheet_)));
}

std::optional<LineFault> SortingChecker::check_first_letters(const SortingLine& line) {
  const std::size_t colon = line.text.find(':');
  if (colon == std::string_view::npos) return unreadable("it has no colon before its letters");
  const std::string_view list = trimmed(line.text.substr(colon + 1));
  if (!contains(line.text.substr(0, colon), "first letter"))
    return mistake(lowered(list), "you should start sorting from the first letter of the words");
  std::string why;
  const auto entries = read_letter_entries(list, why);
  if (!entries) return unreadable(why);
  if (auto fault = check_entry_words(*entries, {}, list)) return fault;
  if (auto fault = check_entries(*entries, 0)) return fault;
  sheet_.look_at(line.number, {}, 0);
  looks_.emplace_back(line.number, *sheet_.look);
  last_order_.reset();
  return std::nullopt;
}

std::optional<LineFault> SortingChecker::check_letters(const SortingLine& line) {
  std::string why;
  const auto step = read_letters_step(line.text, why);
  if (!step) return unreadable(why);
  if (auto fault = check_subpart(line.number, step->subpart)) return fault;
  if (auto fault = check_which_letter(step->subpart, step->letter, step->look)) return fault;
  if (auto fault = check_entry_words(step->entries, step->subpart, step->list)) return fault;
  if (auto fault = check_entries(step->entries, step->letter)) return fault;
  Words in_order_of_entries;
  for (const LetterEntry& entry : step->entries) in_order_of_entries.push_back(entry.word);
  sheet_.look_at(line.number, std::move(in_order_of_entries), step->letter);
  looks_.emplace_back(line.number, *sheet_.look);
  last_order_.reset();
  return std::nullopt;
}

// A subpart is one rank, its words in the order in which it was written.
std::optional<LineFault> SortingChecker::check_subpart(const StepNumber& number,
                                                       const Words& subpart) const {
  const bool known =
      std::any_of(sheet_.ranks.begin(), sheet_.ranks.end(), [&](const SortingSheet::Rank& rank) {
        return rank.num_letters > 0 && rank.words == subpart;
      });
  if (known && subpart.size() > 1) return std::nullopt;
  const std::string segment = subpart_text(subpart);
  if (established_.empty())
    return mistake(segment, "no previous step says which subparts are unknown");
  const StepNumber outer(number.begin(), number.end() - 1);
  const auto beside = results_beside_.find(outer);
  return mistake(
      segment,
      fmt::format("this subpart is not amongst the unknown subparts in step ({})",
                  beside == results_beside_.end() ? established_.back().step : beside->second));
}

std::optional<LineFault> SortingChecker::check_which_letter(const Words& subpart,
                                                            std::size_t letter,
                                                            const std::string& segment) const {
  const std::set<std::string> words(subpart.begin(), subpart.end());
  const auto rank = std::find_if(
      sheet_.ranks.begin(), sheet_.ranks.end(),
      [&](const SortingSheet::Rank& known) { return words.count(known.words.front()) > 0; });
  const bool looks_again =
      sheet_.look && sheet_.look->letter == letter &&
      words == std::set<std::string>(sheet_.look->words.begin(), sheet_.look->words.end());
  if (letter > rank->num_letters)
    return mistake(segment, fmt::format("the {} letter of {} has not been sorted yet",
                                        ordinal(rank->num_letters), subpart_text(subpart)));
  if (letter == rank->num_letters && !looks_again) return std::nullopt;
  // Every letter that counts was looked at in a step about these words, and maybe others.
  for (auto look = looks_.rbegin(); look != looks_.rend(); ++look) {
    const Words& seen = look->second.words;
    if (look->second.letter != letter ||
        std::find(seen.begin(), seen.end(), subpart.front()) == seen.end())
      continue;
    return mistake(segment,
                   fmt::format("the {} letter of {} has already been checked in step ({})",
                               ordinal(letter), subpart_text(subpart), to_text(look->first)));
  }
  return std::nullopt;
}

std::string SortingChecker::not_wanted(const std::string& word, const Words& subpart) const {
  if (subpart.empty()) return not_listed(word);
  return fmt::format("\"{}\" is not in the list of words you wanted to sort: {}", word,
                     subpart_text(subpart));
}

std::string SortingChecker::missing_words(const std::set<std::string>& found,
                                          const Words& subpart) const {
  Words missing;
  for (const std::string& word : subpart.empty() ? question_.words : subpart)
    if (found.count(word) == 0) missing.push_back(word);
  if (missing.empty()) return "";
  if (subpart.empty())
    return fmt::format(
        "you missed the words \"{}\", which are in the list of words provided by the "
        "question statement: {}",
        fmt::join(missing, " "), fmt::join(question_.words, " "));
  return fmt::format("you miss the words \"{}\", which were in the subpart you wanted to sort: {}",
                     fmt::join(missing, " "), subpart_text(subpart));
}

// An empty subpart stands for the whole list.
std::optional<LineFault> SortingChecker::check_entry_words(const std::vector<LetterEntry>& entries,
                                                           const Words& subpart,
                                                           std::string_view segment) const {
  const Words& wanted = subpart.empty() ? question_.words : subpart;
  const std::set<std::string> known(wanted.begin(), wanted.end());
  std::set<std::string> found;
  for (const LetterEntry& entry : entries) {
    if (known.count(entry.word) == 0) return mistake(entry.text, not_wanted(entry.word, subpart));
    if (!found.insert(entry.word).second)
      return mistake(entry.text, fmt::format("\"{}\" is duplicated", entry.word));
  }
  const std::string missing = missing_words(found, subpart);
  return missing.empty() ? std::nullopt : std::optional(mistake(segment, missing));
}

std::optional<LineFault> SortingChecker::check_entries(const std::vector<LetterEntry>& entries,
                                                       std::size_t letter) const {
  for (const LetterEntry& entry : entries) {
    if (letter >= entry.word.size())
      return mistake(entry.text,
                     fmt::format("\"{}\" has no {} letter", entry.word, ordinal(letter)));
    const char right = entry.word[letter];
    if (entry.letter != std::string(1, right))
      return mistake(entry.text, fmt::format("the {} letter of \"{}\" should be \"{}\"",
                                             ordinal(letter), entry.word, right));
    if (entry.number != alphabet_number(right))
      return mistake(entry.text,
                     fmt::format("the alphabetical order for the character \"{}\" should be {}",
                                 right, alphabet_number(right)));
  }
  return std::nullopt;
}

}  // namespace tripost
