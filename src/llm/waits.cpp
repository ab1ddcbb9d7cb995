#include "llm/waits.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace tripost {
namespace {

std::optional<double> number_in(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(number) && number >= 0 ? std::optional(number) : std::nullopt;
}

std::string header(const HttpResult& result, const char* name) {
  const auto found = result.headers.find(name);
  return found == result.headers.end() ? "" : found->second;
}

// Seconds since 1970; nullopt when it is no date.
std::optional<double> date_in(const std::string& text) {
  // libcurl also reads bare numbers as dates.
  if (text.find_first_of(":") == std::string::npos) return std::nullopt;
  const time_t time = curl_getdate(text.c_str(), nullptr);
  return time < 0 ? std::nullopt : std::optional(static_cast<double>(time));
}

}  // namespace

std::optional<double> asked_wait(const HttpResult& result, double now) {
  if (const auto milliseconds = number_in(header(result, "retry-after-ms")))
    return *milliseconds / 1000;
  const std::string text = header(result, "retry-after");
  if (const auto seconds = number_in(text)) return seconds;
  const auto date = date_in(text);
  if (!date) return std::nullopt;
  return std::max(0.0, *date - date_in(header(result, "date")).value_or(now));
}

double backoff(int tries, double first, double most, Random& random) {
  return random.uniform() * std::min(most, first * std::exp2(std::min(tries, 60)));
}

Allowance::Allowance(double per_minute, double now)
    : per_second_(0.95 * per_minute / 60),
      capacity_(std::max(1.0, per_second_)),
      level_(capacity_),
      filled_at_(now) {}

void Allowance::fill(double now) {
  level_ = std::min(capacity_, level_ + (now - filled_at_) * per_second_);
  filled_at_ = now;
}

double Allowance::wait_for(double amount, double now) {
  if (per_second_ <= 0) return 0;
  fill(now);
  const double missing = std::min(amount, capacity_) - level_;
  return missing > 1e-6 ? missing / per_second_
                        : 0;  // less would be lost in rounding, and never arrive
}

void Allowance::take(double amount, double now) {
  if (per_second_ <= 0) return;
  fill(now);
  level_ -= amount;
}

void Allowance::give_back(double amount) { level_ = std::min(capacity_, level_ + amount); }

}  // namespace tripost
