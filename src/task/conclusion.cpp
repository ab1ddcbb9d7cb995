#include "task/conclusion.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <vector>

#include "task/date_text.h"
#include "task/lines.h"

namespace tripost {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::optional<std::string_view> option_text(std::string_view question, const std::string& letter) {
  const std::string label = "(" + letter + ") ";
  for (const std::string_view line : split_lines(question)) {
    if (!letter.empty() && line.starts_with(label)) return line.substr(label.size());
  }
  return std::nullopt;
}

// The date that the whole text is.
std::optional<Date> whole_date(std::string_view text) {
  const auto found = read_date(text);
  if (!found || found->length != text.size() || !found->value.has_year) return std::nullopt;
  return found->value.date;
}

bool names_date(std::string_view line, const Date& date) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!is_word(line[i]) || (i > 0 && is_word(line[i - 1]))) continue;
    const auto found = read_date(line.substr(i));
    if (found && found->value.has_year && found->value.date == date) return true;
  }
  return false;
}

// In lower case, without punctuation and articles.
std::vector<std::string> words_of(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (is_word(c) || static_cast<unsigned char>(c) >= 0x80) {
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (c == ' ' || c == '-') {
      plain += ' ';
    }
  }
  std::vector<std::string> words = split_words(plain);
  std::erase_if(
      words, [](const std::string& word) { return word == "a" || word == "an" || word == "the"; });
  return words;
}

bool names_words(std::string_view line, std::string_view option) {
  std::string text;
  for (const std::string& word : words_of(line)) text += word + " ";
  const std::vector<std::string> wanted = words_of(option);
  return std::all_of(wanted.begin(), wanted.end(), [&](std::string word) {
    if (word == "is" || word == "are") return true;
    if (word.ends_with('s')) word.pop_back();  // plurals
    return contains(text, word);
  });
}

}  // namespace

bool conclusion_names_answer(const Problem& problem, const std::string& attempt) {
  const auto option = option_text(problem.question, problem.gold);
  if (!option) return true;
  const auto lines = split_steps(attempt);
  if (lines.size() < 2) return false;
  const std::string_view last = lines.back(), before = lines[lines.size() - 2];
  if (const auto date = whole_date(*option)) return names_date(before, *date);
  return names_words(before, *option) && names_words(last, *option);
}

}  // namespace tripost
