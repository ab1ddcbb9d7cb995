// How a user's task reads the answer in an attempt and compares it with the gold one.
//
// The text is the last line of the attempt, or the first group of a pattern's last match. A JSON
// pointer, if there is one, picks a value from that text. Whatever the attempt holds, reading ends
// in bounded time and gives a value or a reason. Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "task/task.h"

struct pcre2_real_code_8;

namespace tripost {

struct AnswerConfig {
  std::string pattern;                      // PCRE2 with one group; empty: the last line
  std::optional<std::string> json_pointer;  // RFC 6901
  bool numeric = false;                     // numbers within `tolerance`; otherwise the same text
  double tolerance = 0.0;                   // absolute
  std::string where;  // "task.toml:7": opens messages about pattern and pointer
};

class AnswerReader {
 public:
  // A UsageError when the pattern or the pointer is not one.
  explicit AnswerReader(AnswerConfig config);

  Verdict grade(std::string_view attempt, const std::string& gold) const;

  // Why this cannot be a gold answer; empty when it can.
  std::string fault_of_gold(const std::string& gold) const;

 private:
  std::string text_in(std::string_view attempt, std::string& error) const;
  std::string value_in(const std::string& text, std::string& error) const;
  bool same(const std::string& answer, const std::string& gold) const;

  AnswerConfig config_;
  std::shared_ptr<const pcre2_real_code_8> pattern_;
};

}  // namespace tripost
