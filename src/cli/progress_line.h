// One line of progress as text: what is done, how fast, how long it will take.
#pragma once

#include <string>

#include "base/progress.h"

namespace tripost {

// What is known of a stage's pace; negative when it is not known yet.
struct Pace {
  double per_second = -1;
  double seconds_left = -1;
};

// "42 s", "3 min 05 s", "2 h 10 min".
std::string duration_text(double seconds);

// "train [#####.......] 1,234/5,000 steps, 41.2/s, 3 min 05 s left, loss 0.43", no wider than
// `width` columns: the bar, then the detail, then the pace are left out where it would not fit, and
// what remains is cut. A width of 0 is unlimited and without a bar: the form for log files.
std::string progress_line(const ProgressUpdate& update, const Pace& pace, int width);

}  // namespace tripost
