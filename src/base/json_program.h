// A program that answers JSON objects with JSON objects, a line each, run as often as threads ask
// at once.
//
// Every fault is a value that says what went wrong. A long-lived program that faulted or ended is
// started again for the next request; no request is sent twice. After kMostFaultsInARow faults
// without an answer between them the program is not asked any more: a broken one with a long time
// limit would otherwise take days to fail. Thread-safe.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/process.h"

namespace tripost {

struct JsonReply {
  Json answer;  // an object when there is no fault
  ProgramFault fault = ProgramFault::kNone;
  std::string detail;
};

class JsonProgram {
 public:
  static constexpr int kMostFaultsInARow = 20;

  // `most_at_once` processes at most; the number of cores when it is 0.
  explicit JsonProgram(Program program, int most_at_once = 0);
  ~JsonProgram();

  // Waits for a free process when all are busy. Throws Interrupted, and nothing else.
  JsonReply ask(const Json& request);

  // How often a long-lived program had to be started again.
  int num_restarts() const;

 private:
  class Turn;

  JsonReply ask_in_turn(const std::string& line);
  std::unique_ptr<Process> idle_or_started(std::string& why);
  void count(const JsonReply& reply);

  const Program program_;
  const int most_at_once_;
  mutable std::mutex mutex_;
  std::condition_variable turn_is_free_;
  std::vector<std::unique_ptr<Process>> idle_;
  int num_busy_ = 0;
  int num_lost_ = 0;  // long-lived processes that ended or faulted and were not replaced yet
  int num_restarts_ = 0;
  int faults_in_a_row_ = 0;
  std::string last_fault_;
};

}  // namespace tripost
