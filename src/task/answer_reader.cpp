#define PCRE2_CODE_UNIT_WIDTH 8
#include "task/answer_reader.h"

#include <fmt/format.h>
#include <pcre2.h>

#include <array>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "task/lines.h"

namespace tripost {
namespace {

// Steps of one match: some milliseconds, where a pattern like (a+)+b would take for ever.
constexpr uint32_t kMostSteps = 1'000'000;
constexpr uint32_t kMostHeap = 64 * 1024;  // KiB

using MatchContext = std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)>;
using MatchData = std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)>;

std::string message_of(int code) {
  std::array<PCRE2_UCHAR, 200> message{};
  pcre2_get_error_message(code, message.data(), message.size());
  return reinterpret_cast<const char*>(message.data());
}

std::shared_ptr<const pcre2_code> compiled(const AnswerConfig& config) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  // Model text may hold bytes that are not UTF-8: they match nothing, and are no error.
  pcre2_code* code =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(config.pattern.data()), config.pattern.size(),
                    PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C,
                    &error, &offset, nullptr);
  if (code == nullptr) {
    fail_usage("{}: answer-pattern: not a valid pattern: {} at character {}", config.where,
               message_of(error), offset);
  }
  std::shared_ptr<const pcre2_code> owned(
      code, [](const pcre2_code* last) { pcre2_code_free(const_cast<pcre2_code*>(last)); });
  uint32_t groups = 0;
  pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
  if (groups == 0) {
    fail_usage(
        "{}: answer-pattern: no group; put the answer's part in brackets: 'the answer is (.+)'",
        config.where);
  }
  return owned;
}

// The first group of the last match; nullopt with `error` set when there is none.
std::optional<std::string> last_match(const pcre2_code* code, std::string_view text,
                                      std::string& error) {
  const MatchContext context(pcre2_match_context_create(nullptr), &pcre2_match_context_free);
  pcre2_set_match_limit(context.get(), kMostSteps);
  pcre2_set_heap_limit(context.get(), kMostHeap);
  const MatchData data(pcre2_match_data_create_from_pattern(code, nullptr), &pcre2_match_data_free);
  std::optional<std::string> found;
  std::size_t position = 0;
  while (position <= text.size()) {
    const int result = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                                   position, 0, data.get(), context.get());
    if (result == PCRE2_ERROR_NOMATCH) break;
    if (result < 0) {
      error = fmt::format("the pattern could not be matched: {}", message_of(result));
      return std::nullopt;
    }
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(data.get());
    if (result > 1 && bounds[2] != PCRE2_UNSET)
      found = text.substr(bounds[2], bounds[3] - bounds[2]);
    position = bounds[1] > position ? bounds[1] : position + 1;
    while (position < text.size() && (static_cast<unsigned char>(text[position]) & 0xC0) == 0x80)
      ++position;
  }
  if (!found) error = "the pattern finds no answer";
  return found;
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> finite_in(std::string_view text) {
  const auto number = number_in<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

}  // namespace

AnswerReader::AnswerReader(AnswerConfig config) : config_(std::move(config)) {
  if (!config_.pattern.empty()) pattern_ = compiled(config_);
  if (!config_.json_pointer) return;
  try {
    Json::json_pointer pointer(*config_.json_pointer);
  } catch (const Json::exception&) {
    fail_usage("{}: answer-json: {} is not a JSON pointer; write one like \"/answer\"",
               config_.where, to_line(*config_.json_pointer));
  }
}

std::string AnswerReader::text_in(std::string_view attempt, std::string& error) const {
  if (pattern_) return last_match(pattern_.get(), attempt, error).value_or("");
  const auto lines = split_lines(attempt);
  if (lines.empty()) error = "the attempt is empty";
  return lines.empty() ? "" : std::string(lines.back());
}

std::string AnswerReader::value_in(const std::string& text, std::string& error) const {
  try {
    const Json value = parse_json(text, "the answer");
    const Json& picked = value.at(Json::json_pointer(*config_.json_pointer));
    return picked.is_string() ? picked.get<std::string>() : to_line(picked);
  } catch (const Error& failure) {
    error = failure.what();
  } catch (const Json::exception&) {
    error = fmt::format("the answer {} has nothing at {}", shortened(text), *config_.json_pointer);
  }
  return "";
}

bool AnswerReader::same(const std::string& answer, const std::string& gold) const {
  if (!config_.numeric) return answer == gold;
  // Whole numbers beyond 2^53 have no double of their own.
  const auto a = number_in<int64_t>(answer), b = number_in<int64_t>(gold);
  if (config_.tolerance == 0 && a && b) return *a == *b;
  const auto x = finite_in(answer), y = finite_in(gold);
  return x && y && std::abs(*x - *y) <= config_.tolerance;
}

Verdict AnswerReader::grade(std::string_view attempt, const std::string& gold) const {
  Verdict verdict;
  std::string text = text_in(attempt, verdict.error);
  if (verdict.error.empty() && config_.json_pointer) text = value_in(text, verdict.error);
  if (!verdict.error.empty()) return verdict;
  verdict.answer = trimmed(text);
  if (verdict.answer.empty()) {
    verdict.error = "the answer is empty";
  } else if (config_.numeric && !finite_in(verdict.answer)) {
    verdict.error = fmt::format("the answer \"{}\" is not a number", shortened(verdict.answer));
    verdict.answer.clear();
  } else {
    verdict.correct = same(verdict.answer, gold);
  }
  return verdict;
}

std::string AnswerReader::fault_of_gold(const std::string& gold) const {
  if (trimmed(gold).empty()) return "it is empty";
  if (gold != trimmed(gold)) return "it begins or ends with a blank";
  if (config_.numeric && !finite_in(gold)) return "it is not a number, and compare is \"numeric\"";
  return "";
}

}  // namespace tripost
