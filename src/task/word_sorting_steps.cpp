#include "task/word_sorting_steps.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "task/lines.h"

namespace tripost {
namespace {

constexpr std::array<const char*, 20> kOrdinals = {
    "first",     "second",    "third",       "fourth",     "fifth",      "sixth",      "seventh",
    "eighth",    "ninth",     "tenth",       "eleventh",   "twelfth",    "thirteenth", "fourteenth",
    "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"};
constexpr std::array<const char*, 8> kTens = {"twent", "thirt",  "fort",  "fift",
                                              "sixt",  "sevent", "eight", "ninet"};
constexpr std::size_t kMostOrdinals = 99;
constexpr std::size_t kLongestNumber = 14;  // with brackets and sign, more than an int has

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits with an optional minus and nothing else.
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<int> int_of(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// What stands in front of the text between `open` and `close`, and takes it off.
std::optional<std::string_view> take_enclosed(std::string_view& text, char open, char close) {
  text = trimmed(text);
  const std::size_t end = text.find(close, 1);
  if (!text.starts_with(open) || end == std::string_view::npos) return std::nullopt;
  const std::string_view inside = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return inside;
}

std::optional<LetterEntry> read_entry(std::string_view text) {
  LetterEntry entry;
  entry.text = trimmed(text);
  const auto word = take_enclosed(text, '"', '"');
  text = trimmed(text);
  if (!word || !text.starts_with('=')) return std::nullopt;
  text.remove_prefix(1);
  const auto letter = take_enclosed(text, '"', '"');
  const auto number = take_enclosed(text, '(', ')');
  if (!letter || !number || !is_number(*number) || !trimmed(text).empty()) return std::nullopt;
  entry.word = *word;
  entry.letter = *letter;
  entry.number = int_of(*number);
  return entry;
}

std::optional<OrderToken::Kind> kind_of_sign(char c) {
  switch (c) {
    case '<':
      return OrderToken::kLess;
    case '>':
      return OrderToken::kMore;
    case '?':
      return OrderToken::kUnknown;
    case '[':
      return OrderToken::kOpen;
    case ']':
      return OrderToken::kClose;
    default:
      return std::nullopt;
  }
}

// A word in quotes, a number in brackets, or the characters up to the next blank or sign.
OrderToken take_token(std::string_view& text) {
  std::string_view rest = text;
  if (const auto word = take_enclosed(rest, '"', '"')) {
    text = rest;
    return {OrderToken::kWord, std::string(*word)};
  }
  rest = text.substr(0, kLongestNumber);  // never a search to the end for each "("
  const auto number = take_enclosed(rest, '(', ')');
  if (number && is_number(*number)) {
    text.remove_prefix(number->size() + 2);
    return {OrderToken::kNumber, std::string(*number)};
  }
  const std::size_t end = std::min(text.find_first_of(" \t<>?[]", 1), text.size());
  const OrderToken bare{OrderToken::kWord, std::string(text.substr(0, end))};
  text.remove_prefix(end);
  return bare;
}

// One group's tokens to the group: number, then one word, or words and "?" in brackets.
SortedGroup group_of(const OrderToken* begin, const OrderToken* end) {
  SortedGroup group;
  std::string shape;  // one letter a token, for the form
  for (const OrderToken* token = begin; token != end; ++token) {
    shape += "wn<>?[]"[token->kind];
    if (token->kind == OrderToken::kWord) group.words.push_back(token->text);
    if (token->kind == OrderToken::kNumber && token == begin) group.number = int_of(token->text);
    if (token->kind == OrderToken::kOpen) group.is_subpart = true;
  }
  std::string expected = group.is_subpart ? "n[" : "n";
  for (std::size_t i = 0; i < group.words.size(); ++i) expected += i == 0 ? "w" : "?w";
  if (group.is_subpart) expected += "]";
  group.well_formed = group.number && shape == expected && !group.words.empty() &&
                      group.is_subpart == (group.words.size() > 1);
  return group;
}

std::vector<std::string> quoted(const std::vector<std::string>& words) {
  std::vector<std::string> result;
  for (const std::string& word : words) result.push_back("\"" + word + "\"");
  return result;
}

}  // namespace

std::string to_text(const StepNumber& number) { return fmt::format("{}", fmt::join(number, ".")); }

std::optional<SortingLine> read_sorting_line(std::string_view line) {
  const std::size_t close = line.find(')');
  if (!line.starts_with('(') || close == std::string_view::npos) return std::nullopt;
  SortingLine result;
  for (const std::string& part : split_trimmed(line.substr(1, close - 1), '.')) {
    const auto number = part.size() <= 9 ? int_of(part) : std::nullopt;
    if (!number || std::to_string(*number) != part || *number < 0) return std::nullopt;
    result.number.push_back(*number);
  }
  result.text = line.substr(close + 1);
  if (!result.text.starts_with(' ')) return std::nullopt;
  result.text = trimmed(result.text);
  if (result.text.empty()) return std::nullopt;
  return result;
}

std::string ordinal(std::size_t letter) {
  if (letter < kOrdinals.size()) return kOrdinals[letter];
  const std::string tens = kTens[(letter + 1) / 10 - 2];
  const std::size_t rest = (letter + 1) % 10;
  return rest == 0 ? tens + "ieth" : fmt::format("{}y-{}", tens, kOrdinals[rest - 1]);
}

std::optional<std::size_t> read_letter_ordinal(std::string_view word) {
  for (std::size_t letter = 0; letter < kMostOrdinals; ++letter) {
    const std::string name = ordinal(letter);
    if (name.size() == word.size() && find_any_case(word, name) == 0) return letter;
  }
  return std::nullopt;
}

int alphabet_number(char letter) { return letter - 'a' + 1; }

std::string letter_entry(const std::string& word, std::size_t letter) {
  return fmt::format("\"{}\"=\"{}\" ({})", word, word[letter], alphabet_number(word[letter]));
}

std::optional<std::vector<LetterEntry>> read_letter_entries(std::string_view text,
                                                            std::string& why) {
  std::vector<LetterEntry> entries;
  for (const std::string& piece : split_trimmed(text, ',')) {
    auto entry = read_entry(piece);
    if (!entry) {
      why = fmt::format("\"{}\" is not like \"word\"=\"w\" (23)", shortened(piece));
      return std::nullopt;
    }
    entries.push_back(*std::move(entry));
  }
  return entries;
}

std::string subpart_text(const std::vector<std::string>& words) {
  return fmt::format("[{}]", fmt::join(quoted(words), " ? "));
}

std::string sorted_group(int number, const std::vector<std::string>& words) {
  return words.size() == 1 ? fmt::format("({}) \"{}\"", number, words.front())
                           : fmt::format("({}) {}", number, subpart_text(words));
}

std::vector<OrderToken> read_order(std::string_view text) {
  std::vector<OrderToken> tokens;
  // Only the first quote without an end costs a search to the end of the text: what follows it has
  // no quotes left to search for.
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    if (const auto sign = kind_of_sign(text.front())) {
      tokens.push_back({*sign, ""});
      text.remove_prefix(1);
    } else {
      tokens.push_back(take_token(text));
    }
  }
  return tokens;
}

std::optional<std::vector<std::string>> read_subpart(std::string_view text) {
  const auto tokens = read_order(text);
  std::vector<std::string> words;
  std::string shape;
  for (const OrderToken& token : tokens) {
    shape += "wn<>?[]"[token.kind];
    if (token.kind == OrderToken::kWord) words.push_back(token.text);
  }
  std::string expected = "[";
  for (std::size_t i = 0; i < words.size(); ++i) expected += i == 0 ? "w" : "?w";
  if (shape != expected + "]") return std::nullopt;
  return words;
}

std::vector<SortedGroup> read_groups(const std::vector<OrderToken>& tokens) {
  std::vector<SortedGroup> groups;
  const OrderToken* begin = tokens.data();
  const OrderToken* const end = begin + tokens.size();
  for (;;) {
    const OrderToken* const less = std::find_if(
        begin, end, [](const OrderToken& token) { return token.kind == OrderToken::kLess; });
    groups.push_back(group_of(begin, less));
    if (less == end) return groups;
    begin = less + 1;
  }
}

}  // namespace tripost
