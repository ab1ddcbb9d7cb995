#include "edit/llm_reply.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "edit/attempt_lines.h"
#include "task/feedback_text.h"
#include "task/lines.h"

namespace tripost {
namespace {

constexpr std::array<std::string_view, 3> kLabels = {"earliest error step", "error segment",
                                                     "error reason"};
constexpr std::string_view kMarkup = " \t*#>`_-";

std::string_view before_end(std::string_view reply) { return reply.substr(0, reply.find(kLlmEnd)); }

std::string_view without_markup(std::string_view line) {
  const auto first = line.find_first_not_of(kMarkup);
  return first == std::string_view::npos ? std::string_view() : line.substr(first);
}

// Which of the labels the line opens with, and what follows it; -1 when none.
int label_of(std::string_view line, std::string_view& rest) {
  const std::string_view bare = without_markup(line);
  const std::string low = lowered(bare);
  for (std::size_t i = 0; i < kLabels.size(); ++i) {
    if (!low.starts_with(kLabels[i])) continue;
    const auto colon = bare.find(':', kLabels[i].size());
    // "**Error segment**: x" and "**Error segment:** x"
    if (colon == std::string_view::npos ||
        bare.substr(kLabels[i].size(), colon - kLabels[i].size()).find_first_not_of(kMarkup) !=
            std::string_view::npos)
      continue;
    rest = bare.substr(colon + 1);
    while (rest.starts_with('*') || rest.starts_with('_')) rest.remove_prefix(1);
    rest = trimmed(rest);
    return static_cast<int>(i);
  }
  return -1;
}

// The three values as they were written; the first may come without its label, which the prompt
// ended in.
struct Table {
  std::array<std::vector<std::string>, 3> values;  // every value given under that label
};

Table read_table(std::string_view reply) {
  Table table;
  std::string first_line;
  for (const std::string_view line : split_lines(reply)) {
    if (line.starts_with("```")) continue;
    std::string_view rest;
    const int label = label_of(line, rest);
    if (label >= 0) table.values[static_cast<std::size_t>(label)].emplace_back(rest);
    if (first_line.empty() && label < 0) first_line = trimmed(line);
  }
  if (table.values[0].empty() && !first_line.empty()) table.values[0].push_back(first_line);
  return table;
}

std::string key_of(std::string_view label) {
  std::string key(label);
  std::replace(key.begin(), key.end(), ' ', '_');
  return key;
}

// The same three values of a JSON object, in a fence or bare; nullopt when the reply is none.
std::optional<Table> read_object(std::string_view reply) {
  const auto open = reply.find('{'), close = reply.rfind('}');
  const std::string_view before = trimmed(reply.substr(0, open));
  if (open == std::string_view::npos || close == std::string_view::npos || close < open ||
      !(before.empty() || before.starts_with("```")))
    return std::nullopt;
  const Json object =
      Json::parse(reply.substr(open, close - open + 1), nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  Table table;
  for (std::size_t i = 0; i < kLabels.size(); ++i) {
    const auto value = object.find(key_of(kLabels[i]));
    if (value == object.end()) continue;
    table.values[i].push_back(value->is_string() ? value->get<std::string>()
                              : value->is_null() ? "None"
                                                 : value->dump());
  }
  return table;
}

// "2" of "(2)", "Step 2", "step (2).", "2: Let's ..."; empty when it opens with no step.
std::string step_in(std::string_view value) {
  value = without_markup(value);
  std::string low = lowered(value);
  if (low.starts_with("step")) value = trimmed(value.substr(4));
  if (value.starts_with('(')) value.remove_prefix(1);
  low = lowered(value);
  if (low.starts_with("final response") || low.starts_with("final answer")) return kFinalStep;
  const auto end = std::min(value.find_first_not_of("0123456789."), value.size());
  std::string_view id = value.substr(0, end);
  while (id.ends_with('.')) id.remove_suffix(1);
  return std::string(id);
}

bool says_none(std::string_view value) {
  const std::string low = lowered(without_markup(value));
  return low.starts_with("none") || low.starts_with("no error") || low.starts_with("n/a");
}

// The text inside one pair of quotes around the whole; nullopt when there is none.
std::optional<std::string_view> unquoted(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kQuotes = {
      {{"\"", "\""}, {"\xE2\x80\x9C", "\xE2\x80\x9D"}, {"'", "'"}, {"`", "`"}}};
  for (const auto& [open, close] : kQuotes) {
    if (text.size() < open.size() + close.size() || !text.starts_with(open) ||
        !text.ends_with(close))
      continue;
    return trimmed(text.substr(open.size(), text.size() - open.size() - close.size()));
  }
  return std::nullopt;
}

// The segment as it stands in the line, whatever quotes the LLM put around it; empty when it is not
// in it.
std::string segment_in(std::string_view value, const std::string& line) {
  value = trimmed(value);
  std::vector<std::string_view> candidates;
  if (const auto inside = unquoted(value)) candidates.push_back(*inside);
  candidates.push_back(value);
  if (value.starts_with('"'))
    candidates.push_back(trimmed(value.substr(1)));  // a closing quote left out
  const std::string low = lowered(line);
  for (const std::string_view candidate : candidates) {
    if (!candidate.empty() && low.find(lowered(candidate)) != std::string::npos)
      return std::string(candidate);
  }
  return "";
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// One sentence as the grammar wants it: no "because" before it, no full stop after it, and a word
// that opens it in lower case. "A has not been calculated" opens with a name.
std::string reason_in(std::string_view value) {
  value = trimmed(value);
  if (const auto inside = unquoted(value)) value = *inside;
  if (lowered(value).starts_with("because ")) value = trimmed(value.substr(8));
  while (value.ends_with('.')) value = trimmed(value.substr(0, value.size() - 1));
  std::string reason(value);
  if (reason.size() > 1 && is_lower(reason[1])) reason[0] = lowered(reason.substr(0, 1))[0];
  return reason;
}

LlmReview fault_of_review(std::string fault, std::string why) {
  return {.review = {}, .fault = std::move(fault), .why = std::move(why)};
}

// The step that the table names, or why there is none.
LlmReview read_step(const Table& table) {
  const auto& values = table.values[0];
  if (values.empty()) return fault_of_review("no_step", "no step is named");
  if (says_none(values.front()))
    return fault_of_review(kCalledCorrect, "it calls an attempt with a wrong answer correct");
  LlmReview read;
  read.review.step = step_in(values.front());
  if (read.review.step.empty())
    return fault_of_review("no_step",
                           fmt::format("\"{}\" names no step", shortened(values.front())));
  for (const std::string& other : values) {
    if (step_in(other) != read.review.step)
      return fault_of_review("two_steps", "it names two different steps");
  }
  return read;
}

// The step that was going on before line `at`; empty when there is none. A step may span lines, and
// lines may be blank.
std::string step_before(const std::vector<std::string>& lines, std::size_t at) {
  while (at > 0) {
    std::string id = step_id_of(lines[--at]);
    if (!id.empty()) return id;
  }
  return "";
}

std::string first_of(const std::vector<std::string>& values) {
  return values.empty() ? "" : values.front();
}

}  // namespace

Json llm_review_format() {
  Json properties, required = Json::array();
  for (const std::string_view label : kLabels) {
    properties[key_of(label)] = {{"type", "string"}};
    required.push_back(key_of(label));
  }
  const Json schema = {{"type", "object"},
                       {"properties", properties},
                       {"required", required},
                       {"additionalProperties", false}};
  return {{"response_format",
           {{"type", "json_schema"},
            {"json_schema", {{"name", "review"}, {"strict", true}, {"schema", schema}}}}}};
}

LlmReview read_llm_review(const std::string& reply, const std::string& attempt) {
  const std::string_view answer = before_end(reply);
  const Table table = read_object(answer).value_or(read_table(answer));
  LlmReview read = read_step(table);
  if (!read.fault.empty()) return read;
  Review& review = read.review;
  const std::string segment = first_of(table.values[1]), reason = first_of(table.values[2]);
  if (trimmed(segment).empty()) return fault_of_review("no_segment", "no segment is quoted");
  review.reason = reason_in(reason);
  if (review.reason.empty()) return fault_of_review("no_reason", "no reason is given");

  const auto lines = attempt_lines(attempt);
  // Of two lines with the same id, the one that holds the segment.
  std::size_t at = lines.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (step_id_of(lines[i]) != review.step) continue;
    if (at == lines.size()) at = i;
    const std::string found = segment_in(segment, lines[i]);
    if (found.empty() || !review.segment.empty()) continue;
    review.segment = found;
    at = i;
  }
  if (at == lines.size())
    return fault_of_review("unknown_step",
                           fmt::format("the attempt has no step ({})", review.step));
  if (review.segment.empty()) {
    return fault_of_review(
        "segment_not_in_step",
        fmt::format("the segment \"{}\" is not in step ({})", shortened(segment), review.step));
  }
  review.feedback =
      error_feedback(step_before(lines, at), review.step, review.segment, review.reason);
  const Review back = read_feedback(review.feedback);
  if (!back.error.empty() || back.step != review.step || back.segment != review.segment) {
    return fault_of_review("grammar", "its words do not fit the grammar of feedback");
  }
  return read;
}

namespace {

bool opens_with_any(std::string_view line, std::initializer_list<std::string_view> labels) {
  return std::any_of(labels.begin(), labels.end(),
                     [&](std::string_view label) { return line.starts_with(label); });
}

LlmUpdate fault_of_update_reply(std::string fault, std::string why) {
  return {.attempt = "", .fault = std::move(fault), .why = std::move(why)};
}

// The step lines of the reply up to its final response. A line without a step between them is a
// fault.
std::vector<std::string> step_lines(std::string_view reply, std::string& fault) {
  std::vector<std::string> lines;
  for (const std::string_view whole : split_lines(before_end(reply))) {
    const std::string_view line = trimmed(whole);
    if (line.empty() || line.starts_with("```")) continue;
    const std::string id = step_id_of(line);
    if (id.empty() && lines.empty())
      continue;  // "Updated Answer: Let's think step by step.", "Sure, here it is:"
    if (opens_with_any(line, {"Feedback:", "Q:", "Answer:", "Updated Answer:", "Options:"})) break;
    if (id.empty()) fault = fmt::format("the line \"{}\" opens with no step", shortened(line));
    lines.emplace_back(line);
    if (id == kFinalStep) break;
  }
  return lines;
}

}  // namespace

LlmUpdate read_llm_update(const std::string& reply, const std::vector<std::string>& kept) {
  std::string unknown;
  std::vector<std::string> lines = step_lines(reply, unknown);
  if (lines.empty()) return fault_of_update_reply("no_steps", "the update holds no steps");
  if (!unknown.empty()) return fault_of_update_reply("line_without_step", unknown);
  if (step_id_of(lines.back()) != kFinalStep)
    return fault_of_update_reply("no_final_response",
                                 "the update does not end in a final response");

  std::size_t repeated = std::min(lines.size(), kept.size());
  while (repeated > 0 &&
         !std::equal(kept.end() - static_cast<std::ptrdiff_t>(repeated), kept.end(), lines.begin()))
    --repeated;
  const bool begins_again =
      repeated == 0 && !kept.empty() && step_id_of(lines.front()) == step_id_of(kept.front());
  std::vector<std::string> whole;
  if (!begins_again) whole = kept;
  whole.insert(whole.end(), lines.begin() + static_cast<std::ptrdiff_t>(repeated), lines.end());
  return {.attempt = fmt::format("{}", fmt::join(whole, "\n")), .fault = "", .why = ""};
}

}  // namespace tripost
