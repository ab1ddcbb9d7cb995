// Leveled messages to a sink that `cli` chooses. Library folders never print: they log here or
// return values.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>

namespace tripost {

enum class LogLevel { kDebug, kInfo, kWarning };

using LogSink = std::function<void(LogLevel, const std::string&)>;

// Replaces the sink; the default drops everything. Call before threads start.
void set_log_sink(LogSink sink);
void log_message(LogLevel level, const std::string& message);

template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace tripost
