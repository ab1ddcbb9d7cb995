// Every method that `tripost compare` knows: TriPosT, the paper's baselines and its ablations, each
// in a line or two.
//
// All start from the same fine-tuned model (answer-only fine-tuning: from the base) and take as
// many optimisation steps as TriPosT took, so that a difference is not one of training longer.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "improve/method.h"
#include "improve/state.h"

namespace tripost {

// A method with the settings it runs under.
struct MethodRun {
  Method method;
  ImproveConfig config;
  bool from_base = false;     // or from the fine-tuned model
  bool answers_only = false;  // on the task as AnswerOnlyTask shows it
  bool one_pass = false;      // all its steps in one training; others have TriPosT's iterations
};

struct MethodEntry {
  std::string name;     // in config files and folders: "tripost", "ft-continued", ...
  std::string summary;  // one line for help
  // `config` holds the settings of TriPosT itself, `tripost` what its run took.
  std::function<MethodRun(const ImproveConfig& config, const LoopState& tripost)> make;
};

// In the order of the table. The first is TriPosT; fine-tuning on rationales, from which all start,
// is not among them.
const std::vector<MethodEntry>& method_entries();

// The entry of that name; a UsageError that suggests the nearest otherwise.
const MethodEntry& method_entry(const std::string& name);

}  // namespace tripost
