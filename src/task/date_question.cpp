#include "task/date_question.h"

#include <fmt/format.h>

#include <algorithm>

#include "task/date_facts.h"
#include "task/lines.h"

namespace tripost {
namespace {

constexpr std::string_view kAsking = "What is the date ";
constexpr std::string_view kForm = " in MM/DD/YYYY?";
constexpr std::size_t kMostOptions = 26;

std::optional<AskedDate> asked_in(std::string_view sentence) {
  if (!sentence.starts_with(kAsking) || !sentence.ends_with(kForm)) return std::nullopt;
  sentence.remove_prefix(kAsking.size());
  sentence.remove_suffix(std::min(kForm.size(), sentence.size()));
  for (const AskedDate& asked : kAskedDates)
    if (sentence == asked.text) return asked;
  return std::nullopt;
}

// "(B) 01/23/2011" to its text, when its letter is the one that comes next.
std::optional<std::string> read_option(std::string_view line, std::size_t index) {
  line = trimmed(line);
  const std::string opening = fmt::format("({}) ", static_cast<char>('A' + index));
  if (!line.starts_with(opening)) return std::nullopt;
  return std::string(trimmed(line.substr(opening.size())));
}

}  // namespace

std::string DateQuestion::text() const {
  std::string text = context.empty() ? sentence : context + " " + sentence;
  text += "\nOptions:";
  for (std::size_t i = 0; i < options.size(); ++i)
    text += fmt::format("\n({}) {}", static_cast<char>('A' + i), options[i]);
  return text;
}

std::optional<Date> DateQuestion::answer() const {
  if (!facts || !asked) return std::nullopt;
  const Date date = plus(facts->today(), asked->offset);
  if (!is_in_range(date)) return std::nullopt;
  return date;
}

std::string DateQuestion::letter_of(Date date) const {
  for (std::size_t i = 0; i < options.size(); ++i) {
    const char letter = static_cast<char>('A' + i);
    if (option_date(*this, letter) == date) return std::string(1, letter);
  }
  return "";
}

std::optional<Date> option_date(const DateQuestion& question, char letter) {
  const auto index = static_cast<std::size_t>(letter - 'A');
  if (letter < 'A' || index >= question.options.size()) return std::nullopt;
  const std::string& option = question.options[index];
  const auto read = read_date(option);
  if (!read || read->length != option.size() || !is_in_range(read->value.date)) return std::nullopt;
  return read->value.date;
}

std::optional<DateQuestion> read_date_question(std::string_view text, std::string& why) {
  text = trimmed(text);
  if (text.starts_with("Q:")) text = trimmed(text.substr(2));
  const auto lines = split_lines(text);
  if (lines.size() < 2 || trimmed(lines[1]) != "Options:") {
    why = "it is not one line followed by a line \"Options:\"";
    return std::nullopt;
  }
  DateQuestion question;
  for (std::size_t i = 2; i < lines.size(); ++i) {
    const auto option = read_option(lines[i], i - 2);
    if (!option || i - 2 >= kMostOptions) {
      why = fmt::format("the line \"{}\" is not the option ({})", shortened(lines[i]),
                        static_cast<char>('A' + std::min(i - 2, kMostOptions)));
      return std::nullopt;
    }
    question.options.push_back(*option);
  }
  if (question.options.size() < 2) {
    why = "it has fewer than two options";
    return std::nullopt;
  }
  const std::string_view line = trimmed(lines[0]);
  const std::size_t asking = line.rfind(kAsking);
  const std::size_t end = asking == std::string_view::npos ? line.size() : asking;
  question.context = trimmed(line.substr(0, end));
  question.sentence = line.substr(end);
  question.facts = understand_context(question.context);
  question.asked = asked_in(question.sentence);
  return question;
}

DateQuestion draw_date_question(int num_steps, Random& random) {
  DateQuestion question;
  question.facts = draw_context(num_steps, random);
  question.context = question.facts->text;
  do {
    question.asked = kAskedDates[random.below(kAskedDates.size())];
  } while (!shifted(question.facts->today(), question.asked->offset));
  question.sentence = fmt::format("{}{}{}", kAsking, question.asked->text, kForm);
  question.options = draw_options(*question.facts, *question.answer(), random);
  return question;
}

}  // namespace tripost
