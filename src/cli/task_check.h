// What `tripost check-task` looks at for one problem after the other, counted by level and by kind
// of injected error.
//
// For every problem: the question reads back to the same problem; the gold steps are graded right
// and verified correct; the same steps with another problem's final line are graded wrong and not
// verified correct; and the improver, told so, mends them. Gold steps with one error injected at a
// known step: how often the verifier finds it there, and the improver mends it. The first cases
// that fail or are missed are shown as they come; all are kept.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "cli/terminal.h"
#include "task/task.h"

namespace tripost {

class TaskCheck {
 public:
  TaskCheck(const Task& task, Terminal& terminal) : task_(task), terminal_(terminal) {}

  void run(const std::vector<Problem>& problems, const std::string& stage);

  // For checks beyond one problem; `about` goes into the case.
  void failed(const std::string& what, const Json& about = Json::object());

  // To be called once, after all problems: fails when too many injected errors were missed. One
  // that is missed now and then is shown, not failed.
  void check_share_missed();

  // Of levels and of kinds of error, for people.
  std::string tables() const;

  int problems() const;
  // How many of them had no steps, so that neither the reading of answers nor the verifier
  // was tried on them.
  int without_steps() const;
  int failures() const { return failures_; }

  // {"case": "failed" or "missed", "what", ...} of every one, in order.
  const std::vector<Json>& cases() const { return cases_; }
  // That not all cases were shown; empty when they were.
  std::string not_shown() const;

 private:
  struct Tally {
    int problems = 0;
    int read_back = 0;
    int with_steps = 0;
    int graded = 0;
    int verified = 0;
    int changed = 0;
    int caught = 0;
    int injected = 0;
    int found = 0;
    int improvable = 0;
    int improved = 0;
  };
  struct KindTally {
    int injected = 0;
    int found = 0;
  };

  Tally& tally_of(const std::string& level);
  bool expect(bool holds, const Problem& problem, const std::string& what);
  void check(const Problem& problem, const Problem& other);
  bool check_reading(const Problem& problem);
  void check_changed(const Problem& problem, const Problem& other, Tally& tally);
  void check_injected(const Problem& problem, Tally& tally);
  void missed(const Problem& problem, const InjectedError& injected, const Review& review);
  void check_improved(const Problem& problem, const std::string& wrong, const Review& review,
                      Tally& tally);

  const Task& task_;
  Terminal& terminal_;
  // Of levels, in the order of the first problem of each.
  std::vector<std::pair<std::string, Tally>> tallies_;
  std::map<std::string, KindTally> kinds_;
  std::vector<Json> cases_;
  int failures_ = 0;
  int missed_ = 0;  // injected errors
};

}  // namespace tripost
