// How a stage tells what it is doing, and how it learns that it should stop.
//
// Stages never print. A stage that takes long calls Progress with what is done and what is left;
// `cli` draws it. Between units of work a stage calls check_interrupt(), which throws Interrupted
// once a signal came: whoever owns state on disk has saved it by then or loses at most the unit in
// flight.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace tripost {

struct ProgressUpdate {
  std::string stage;   // "rollout", "train", ...
  int64_t done = 0;    // units finished
  int64_t total = 0;   // units in all; 0 when unknown
  std::string unit;    // "attempts", "steps", ...
  std::string detail;  // "loss 0.123, 18.4k tokens/s"; may be empty
};

using Progress = std::function<void(const ProgressUpdate&)>;

// Safe in a signal handler.
void request_interrupt();
bool interrupt_requested();
// Throws Interrupted when request_interrupt was called.
void check_interrupt();

}  // namespace tripost
