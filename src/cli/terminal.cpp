#include "cli/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace tripost {
namespace {

constexpr double kRedrawSeconds = 0.1;
constexpr double kPlainLineSeconds = 10;
constexpr int kMessagePatienceMilliseconds = 200;

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool draws_over(int descriptor) {
  const char* kind = std::getenv("TERM");
  return ::isatty(descriptor) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

// Writes a short text unless the reader keeps us waiting longer than that. A poll that says
// "writable" promises room for PIPE_BUF bytes, which every line here is shorter than.
void write_if_ready(int descriptor, std::string_view text, int patience_milliseconds) {
  pollfd ready{.fd = descriptor, .events = POLLOUT, .revents = 0};
  if (::poll(&ready, 1, patience_milliseconds) != 1 || (ready.revents & POLLOUT) == 0) return;
  if (::write(descriptor, text.data(), text.size()) < 0) return;  // nobody is left to be told
}

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

Terminal::Terminal()
    : Terminal(STDOUT_FILENO, STDERR_FILENO, draws_over(STDERR_FILENO) ? -1 : 0, steady_seconds) {}

Terminal::Terminal(int output, int messages, int width, Clock clock)
    : output_(output), messages_(messages), width_(width), clock_(std::move(clock)) {}

void Terminal::print(const std::string& text) {
  const std::lock_guard lock(mutex_);
  clear_line();
  write_all(output_, text);
}

void Terminal::message(const std::string& line) {
  const std::lock_guard lock(mutex_);
  clear_line();
  write_if_ready(messages_, line + "\n", kMessagePatienceMilliseconds);
}

Progress Terminal::progress() {
  return [this](const ProgressUpdate& update) { this->update(update); };
}

LogSink Terminal::log_sink() {
  return [this](LogLevel level, const std::string& text) {
    if (level == LogLevel::kDebug) return;
    message(level == LogLevel::kWarning ? "warning: " + text : text);
  };
}

void Terminal::update(const ProgressUpdate& update) {
  const std::lock_guard lock(mutex_);
  const double now = clock_();
  if (update.stage != stage_ || (finished_ && update.done < update.total)) {
    if (!finished_) end_line();
    stage_ = update.stage;
    stage_start_ = now;
    first_done_ = update.done;
    finished_ = false;
    last_drawn_ =
        is_terminal() ? now - 2 * kRedrawSeconds : now;  // the first line at once, or after a while
  }
  if (finished_) return;
  const bool last = update.total > 0 && update.done >= update.total;
  const double interval = is_terminal() ? kRedrawSeconds : kPlainLineSeconds;
  if (!last && now - last_drawn_ < interval) return;
  draw(update, now);
  last_drawn_ = now;
  if (!last) return;
  end_line();
  finished_ = true;
}

Pace Terminal::pace(const ProgressUpdate& update, double now) const {
  const double seconds = now - stage_start_;
  const auto done = static_cast<double>(update.done - first_done_);
  if (done <= 0 || seconds <= 0) return {};
  Pace pace{.per_second = done / seconds};
  if (update.total > update.done)
    pace.seconds_left = static_cast<double>(update.total - update.done) / pace.per_second;
  return pace;
}

void Terminal::draw(const ProgressUpdate& update, double now) {
  if (!is_terminal()) {
    write_if_ready(messages_, progress_line(update, pace(update, now), 0) + "\n", 0);
    return;
  }
  // One column stays free: a character in the last one would wrap the line.
  std::string line = progress_line(update, pace(update, now), current_width() - 1);
  const std::size_t length = line.size();
  if (drawn_width_ > length) line.append(drawn_width_ - length, ' ');
  write_if_ready(messages_, "\r" + line, 0);
  drawn_width_ = length;
}

void Terminal::clear_line() {
  if (drawn_width_ == 0) return;
  write_if_ready(messages_, "\r" + std::string(drawn_width_, ' ') + "\r", 0);
  drawn_width_ = 0;
}

void Terminal::end_line() {
  if (drawn_width_ == 0) return;
  write_if_ready(messages_, "\n", 0);
  drawn_width_ = 0;
}

int Terminal::current_width() const {
  if (width_ > 0) return width_;
  winsize size{};
  if (::ioctl(messages_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::max<int>(size.ws_col, 2);
}

}  // namespace tripost
