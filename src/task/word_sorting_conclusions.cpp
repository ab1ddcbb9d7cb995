// The checker's second half: what follows from letters, "We now have", "Hence, we have" and the
// final response.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "task/word_sorting_checker.h"

namespace tripost {
namespace {

constexpr const char* kNotAList = "it is not a valid sorted list";
constexpr const char* kNotAscending =
    "you should always sort in ascending order, from smallest to largest";

using Words = std::vector<std::string>;

bool has(const std::vector<OrderToken>& tokens, OrderToken::Kind kind) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [kind](const OrderToken& token) { return token.kind == kind; });
}

// `["w"]` somewhere in the list; empty when every bracket has several words.
std::string single_word_subpart(const std::vector<SortedGroup>& groups) {
  for (const SortedGroup& group : groups)
    if (group.is_subpart && group.words.size() == 1) return subpart_text(group.words);
  return "";
}

// The numbers of `from` that are not in `other`: "(3) (17)".
std::string numbers_beyond(const std::set<int>& from, const std::set<int>& other) {
  Words numbers;
  for (const int number : from)
    if (other.count(number) == 0) numbers.push_back(fmt::format("({})", number));
  return fmt::format("{}", fmt::join(numbers, " "));
}

// `"a" < "b" < "c"`, brackets aside.
bool is_chain(const std::vector<OrderToken>& tokens) {
  bool expects_word = true;
  for (const OrderToken& token : tokens) {
    if (token.kind == OrderToken::kOpen || token.kind == OrderToken::kClose) continue;
    if ((token.kind == OrderToken::kWord) != expects_word) return false;
    expects_word = !expects_word;
  }
  return !expects_word;
}

}  // namespace

std::optional<LineFault> SortingChecker::check_groups(const SortingLine& line) {
  const auto list = after(line.text, ":");
  if (!list) return unreadable("it has no colon before its groups");
  const std::string_view segment = trimmed(*list);
  const auto tokens = read_order(segment);
  const auto groups = read_groups(tokens);
  if (const auto single = single_word_subpart(groups); !single.empty())
    return mistake(segment, fmt::format("\"{}\" has only a single word, so it is not a subpart "
                                        "that needs further sorting",
                                        single));
  if (!sheet_.look)
    return mistake(segment,
                   fmt::format("the previous step ({}) does not look at letters", previous_step_));
  if (!has(tokens, OrderToken::kLess) && !has(tokens, OrderToken::kUnknown))
    return mistake(segment, kNotAList);
  if (has(tokens, OrderToken::kMore)) return mistake(segment, kNotAscending);
  if (auto fault = check_numbers_of_groups(groups, segment)) return fault;
  for (std::size_t place = 0; place < groups.size(); ++place)
    if (auto fault = check_group(place, groups[place], segment)) return fault;

  std::vector<Words> ranks;
  last_order_ = LastOrder{std::string(segment), {}};
  for (const SortedGroup& group : groups) {
    ranks.push_back(group.words);
    last_order_->words.insert(last_order_->words.end(), group.words.begin(), group.words.end());
  }
  if (has(tokens, OrderToken::kUnknown)) last_order_->words.clear();
  if (ranks.size() > 1) established_.push_back({step_, last_order_->text, ranks});
  results_beside_[StepNumber(line.number.begin(), line.number.end() - 1)] = step_;
  sheet_.sort_by_look(line.number, std::move(ranks));
  return std::nullopt;
}

std::optional<LineFault> SortingChecker::check_numbers_of_groups(
    const std::vector<SortedGroup>& groups, std::string_view segment) const {
  const auto expected = groups_of(*sheet_.look);
  if (groups.size() == expected.size()) return std::nullopt;
  std::set<int> wanted, written;
  for (const auto& [number, words] : expected) wanted.insert(number);
  for (const SortedGroup& group : groups)
    if (group.number) written.insert(*group.number);
  if (const auto missing = numbers_beyond(wanted, written); !missing.empty())
    return mistake(segment, fmt::format("according to step ({}), this ordering does not have words "
                                        "with the numbers {} sorted correctly",
                                        previous_step_, missing));
  if (const auto extra = numbers_beyond(written, wanted); !extra.empty())
    return mistake(segment, fmt::format("words with the numbers {} does not exist in the result "
                                        "from previous step ({})",
                                        extra, previous_step_));
  return mistake(segment, kNotAList);
}

std::optional<LineFault> SortingChecker::check_group(std::size_t place, const SortedGroup& group,
                                                     std::string_view segment) const {
  if (!group.well_formed) return mistake(segment, kNotAList);
  std::set<std::string> words;
  for (const std::string& word : group.words) {
    if (!is_listed(word)) return mistake(segment, "the word " + not_listed(word));
    if (!words.insert(word).second)
      return mistake(segment, fmt::format("the word \"{}\" inside is duplicated", word));
  }
  const auto expected = groups_of(*sheet_.look);
  const auto wanted = std::next(expected.begin(), static_cast<std::ptrdiff_t>(place));
  if (group.number != wanted->first) {
    const std::string reason = fmt::format(
        "words are not sorted in ascending order. Using results from step ({}), ", previous_step_);
    if (place == 0)
      return mistake(segment, reason + fmt::format("the first and smallest number should be {}",
                                                   wanted->first));
    return mistake(segment,
                   reason + fmt::format("those words with ({}) should come after words with ({})",
                                        wanted->first, std::prev(wanted)->first));
  }
  if (words != std::set<std::string>(wanted->second.begin(), wanted->second.end()))
    return mistake(segment,
                   fmt::format("according to step ({}), words with ({}) should be: {}",
                               previous_step_, wanted->first, fmt::join(wanted->second, " ")));
  return std::nullopt;
}

std::optional<LineFault> SortingChecker::check_conclusion(const SortingLine& line) {
  const std::string_view segment = trimmed(*after(line.text, "Hence, we have"));
  const auto tokens = read_order(segment);
  if (has(tokens, OrderToken::kUnknown))
    return mistake(segment,
                   "this subpart has not yet been sorted completely (contains \"?\"), so it should "
                   "not be a conclusion step");
  Words order;
  Positions positions;
  for (const OrderToken& token : tokens) {
    if (token.kind == OrderToken::kMore) return mistake(segment, kNotAscending);
    if (token.kind == OrderToken::kNumber)
      return mistake(segment, not_listed("(" + token.text + ")"));
    if (token.kind != OrderToken::kWord) continue;
    if (!is_listed(token.text)) return mistake(segment, not_listed(token.text));
    positions.emplace(token.text, order.size());
    order.push_back(token.text);
  }
  // What was established below the step that this one belongs to; at the outermost, everything.
  const std::size_t depth = line.number.size() - 1;
  const Words& scope = sheet_.scope_at(depth);
  const std::size_t first = depth == 0 ? 0 : established_before_[depth - 1];
  if (auto fault = check_against_all(first, scope, positions, segment)) return fault;
  if (!is_chain(tokens)) return mistake(segment, kNotAList);
  if (auto fault = check_complete(order, scope, segment)) return fault;
  // Every order is known here, maybe from a step that does not stand below the one around this.
  if (auto fault = check_against_all(0, scope, positions, segment)) return fault;
  sheet_.conclude(line.number);
  last_order_ = LastOrder{std::string(segment), std::move(order)};
  return std::nullopt;
}

// Results about other words than those of the scope, or about more, are none of its business.
std::optional<LineFault> SortingChecker::check_against_all(std::size_t first, const Words& scope,
                                                           const Positions& positions,
                                                           std::string_view segment) const {
  const std::set<std::string> inside(scope.begin(), scope.end());
  const auto is_inside = [&inside](const Words& group) {
    return std::all_of(group.begin(), group.end(),
                       [&inside](const std::string& word) { return inside.count(word) > 0; });
  };
  for (std::size_t i = first; i < established_.size(); ++i) {
    const auto& groups = established_[i].groups;
    if (!std::all_of(groups.begin(), groups.end(), is_inside)) continue;
    if (auto fault = check_against(established_[i], positions, segment)) return fault;
  }
  return std::nullopt;
}

std::optional<LineFault> SortingChecker::check_against(const Established& known,
                                                       const Positions& positions,
                                                       std::string_view segment) const {
  const auto absent = [&](const std::string& word) {
    return mistake(segment,
                   fmt::format("the order of the word \"{}\" is already established in step ({}) "
                               "that: {}",
                               word, known.step, known.text));
  };
  for (std::size_t i = 0; i + 1 < known.groups.size(); ++i) {
    for (const std::string& word : known.groups[i]) {
      for (const std::string& next : known.groups[i + 1]) {
        const auto first = positions.find(word);
        const auto second = positions.find(next);
        if (first == positions.end()) return absent(word);
        if (second == positions.end()) return absent(next);
        if (first->second < second->second) continue;
        return mistake(segment, fmt::format("the order of \"{}\" and \"{}\" is inconsistent with "
                                            "the result in step ({}) that: {}",
                                            word, next, known.step, known.text));
      }
    }
  }
  return std::nullopt;
}

// The words are those of the scope, once each, and every order between them is known.
std::optional<LineFault> SortingChecker::check_complete(const Words& order, const Words& scope,
                                                        std::string_view segment) const {
  const Words subpart = &scope == &sheet_.words ? Words() : scope;
  const std::set<std::string> wanted(scope.begin(), scope.end());
  std::set<std::string> found;
  for (const std::string& word : order) {
    if (wanted.count(word) == 0) return mistake(segment, not_wanted(word, subpart));
    if (!found.insert(word).second)
      return mistake(segment, fmt::format("\"{}\" is duplicated", word));
  }
  if (const auto* rank = sheet_.unsorted_in(scope))
    return mistake(segment, fmt::format("the order of \"{}\" and \"{}\" has not been established "
                                        "in previous steps",
                                        rank->words[0], rank->words[1]));
  const std::string missing = missing_words(found, subpart);
  return missing.empty() ? std::nullopt : std::optional(mistake(segment, missing));
}

std::optional<LineFault> SortingChecker::check_final(std::string_view text) {
  if (!text.ends_with('.')) return unreadable("it does not end with a full stop");
  text.remove_suffix(1);
  constexpr std::string_view kOpening = "So the answer is:";
  text = trimmed(text);
  if (!text.starts_with(kOpening)) return unreadable("it does not say \"So the answer is:\"");
  const std::string_view segment = trimmed(text.substr(kOpening.size()));
  Words sorted = last_order_ ? last_order_->words : Words();
  std::sort(sorted.begin(), sorted.end());
  if (sorted != question_.sorted) {
    const std::string where =
        previous_step_.empty() ? "" : fmt::format(" in step ({})", previous_step_);
    return mistake(segment,
                   "you have not yet sorted all the words in the question statement" + where);
  }
  if (split_words(segment) != last_order_->words)
    return mistake(segment, fmt::format("in step ({}) it is established that: {}", previous_step_,
                                        last_order_->text));
  finished_ = true;
  return std::nullopt;
}

LineReport check_sorting(const SortingQuestion& question, std::string_view attempt) {
  SortingChecker checker(question);
  return check_lines(checker, attempt);
}

}  // namespace tripost
