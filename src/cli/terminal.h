// What the user sees: results on standard output, messages and progress on standard error.
//
// On a terminal the progress of a stage is one line that is drawn over; elsewhere (a file, a pipe,
// TERM=dumb) it is a plain line every ten seconds and one when the stage ends. No escape codes and
// no colours are ever written. Progress never waits for a slow reader: a line that cannot be
// written at once is dropped. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "base/log.h"
#include "base/progress.h"
#include "cli/progress_line.h"

namespace tripost {

class Terminal {
 public:
  using Clock = std::function<double()>;  // seconds, monotonic

  // Descriptors 1 and 2 of the process.
  Terminal();
  // For tests: `width` of 0 is no terminal.
  Terminal(int output, int messages, int width, Clock clock);

  // A result, as it is, to standard output.
  void print(const std::string& text);

  // One line to standard error.
  void message(const std::string& line);

  void update(const ProgressUpdate& update);

  // update() as the callable that stages take, and message() as a log sink. Both need the terminal
  // to outlive them.
  Progress progress();
  LogSink log_sink();

 private:
  Pace pace(const ProgressUpdate& update, double now) const;
  void draw(const ProgressUpdate& update, double now);
  void clear_line();
  void end_line();
  int current_width() const;
  bool is_terminal() const { return width_ != 0; }

  int output_;
  int messages_;
  int width_;  // 0: not a terminal; -1: ask the terminal each time
  Clock clock_;
  std::mutex mutex_;

  std::string stage_;  // the stage whose progress is shown
  double stage_start_ = 0;
  int64_t first_done_ =
      0;  // what was done when the stage was first seen: a resumed stage does not count as fast
  double last_drawn_ = 0;
  bool finished_ = false;  // the stage's last line has been written
  std::size_t drawn_width_ = 0;
};

}  // namespace tripost
