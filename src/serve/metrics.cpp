#include "serve/metrics.h"

#include <fmt/format.h>

#include <algorithm>

namespace tripost {
namespace {

std::string opening(const std::string& name, const std::string& help, const char* type) {
  return fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

std::string single(const std::string& name, const std::string& help, const char* type,
                   int64_t value) {
  return opening(name, help, type) + fmt::format("{} {}\n", name, value);
}

}  // namespace

void Histogram::add(double seconds) {
  const auto place = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
  ++counts_[static_cast<std::size_t>(place - kBounds.begin())];
  sum_ += seconds;
}

std::string Histogram::text(const std::string& name, const std::string& help) const {
  std::string text = opening(name, help, "histogram");
  int64_t count = 0;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    count += counts_[i];
    text += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", name, kBounds[i], count);
  }
  count += counts_.back();
  return text + fmt::format("{0}_bucket{{le=\"+Inf\"}} {1}\n{0}_sum {2}\n{0}_count {1}\n", name,
                            count, sum_);
}

void Metrics::count_reply(const std::string& path, int status) {
  const std::lock_guard lock(mutex_);
  ++replies_[{path, status}];
}

void Metrics::count_request(const RequestRecord& record) {
  const std::lock_guard lock(mutex_);
  prompt_tokens_ += record.prompt_tokens;
  completion_tokens_ += record.completion_tokens;
  aborted_ += record.is_aborted;
  seconds_.add(record.seconds);
  if (record.first_token_seconds > 0) first_token_seconds_.add(record.first_token_seconds);
}

std::string Metrics::text(int64_t sequences) const {
  const std::lock_guard lock(mutex_);
  std::string text = opening("tripost_replies_total", "Replies by path and status.", "counter");
  for (const auto& [key, count] : replies_) {
    text += fmt::format("tripost_replies_total{{path=\"{}\",status=\"{}\"}} {}\n", key.first,
                        key.second, count);
  }
  text += single("tripost_sequences", "Completions that run or wait.", "gauge", sequences);
  text += single("tripost_prompt_tokens_total", "Tokens of prompts.", "counter", prompt_tokens_);
  text +=
      single("tripost_completion_tokens_total", "Tokens generated.", "counter", completion_tokens_);
  text += single("tripost_aborted_requests_total",
                 "Requests that ended before their answer was told.", "counter", aborted_);
  text += seconds_.text("tripost_request_seconds", "From a request to the end of its answer.");
  return text + first_token_seconds_.text("tripost_first_token_seconds",
                                          "From a request to its first token.");
}

}  // namespace tripost
