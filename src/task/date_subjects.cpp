#include "task/date_subjects.h"

#include <algorithm>

#include "task/date_text.h"
#include "task/lines.h"

namespace tripost {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool is_alphanumeric(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

// The weekday that ends the text, before a comma or a blank.
std::optional<int> weekday_at_end(std::string_view text) {
  text = trimmed(text);
  if (text.ends_with(',')) text.remove_suffix(1);
  std::size_t begin = text.size();
  while (begin > 0 && is_alphanumeric(text[begin - 1])) --begin;
  const auto weekday = read_weekday(text.substr(begin));
  if (!weekday || weekday->length != text.size() - begin) return std::nullopt;
  return weekday->value;
}

}  // namespace

bool is_said_of_today(const DateQuestion& question, std::string_view subject) {
  if (subject.find_first_of("0123456789") == std::string_view::npos) return false;
  const std::string said = "today is " + lowered(subject);
  const std::size_t found = find_any_case(question.context, said);
  if (found == std::string_view::npos) return false;
  const std::size_t end = found + said.size();
  return end == question.context.size() || !is_alphanumeric(question.context[end]);
}

bool is_any_date(const DateClaim& claim) { return lowered(claim.subject) == "the date"; }

std::optional<std::size_t> step_about(const DateQuestion& question, const DateClaim& claim) {
  const auto& steps = question.facts->steps;
  const std::string subject = lowered(claim.subject);
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (lowered(steps[i].entity) == subject) return i;
  const bool is_today = claim.has_premise && (is_any_date(claim) || subject == "it is now");
  if (is_today || is_said_of_today(question, claim.subject)) return steps.size() - 1;
  return std::nullopt;
}

std::optional<DateSubject> span_about(const DateQuestion& question, const DateClaim& claim) {
  if (auto span = read_date_subject(claim.subject)) return span;
  std::string event = lowered(claim.subject);
  if (event.ends_with(" date")) event.resize(event.size() - 5);
  const std::string said = event + " will be ";
  const std::size_t found = find_any_case(question.context, said);
  if (event.empty() || found == std::string_view::npos) return std::nullopt;
  const std::string_view rest = std::string_view(question.context).substr(found + said.size());
  const auto span = read_duration(rest);
  if (!span || !rest.substr(span->length).starts_with(" later")) return std::nullopt;
  return DateSubject{.offset = span->value, .base = {}};
}

int weekdays_ahead(std::string_view context) {
  for (const DateMention& mention : dates_in(context)) {
    const auto place = static_cast<std::size_t>(mention.text.data() - context.data());
    const auto weekday = weekday_at_end(context.substr(0, place));
    if (weekday && mention.date.ok()) return *weekday - weekday_of(mention.date);
  }
  return 0;
}

}  // namespace tripost
