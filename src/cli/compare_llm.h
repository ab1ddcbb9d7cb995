// What an LLM does in a comparison: it demonstrates, or finds and corrects mistakes for TriPosT, as
// in the paper. Without it the tasks' own scripts do both.
#pragma once

#include <map>
#include <string>

#include "baselines/compare.h"
#include "cli/edit_options.h"
#include "improve/method.h"
#include "run/inputs.h"
#include "run/options.h"
#include "task/task.h"

namespace tripost {

struct CompareLlm {
  EditSettings edit;  // of TriPosT and its ablations
  std::string demonstrator = "scripted";

  bool demonstrates() const { return demonstrator == "llm"; }
  bool asked() const { return demonstrates() || edit.uses_llm(); }

  // The prompts of what it does, by names for people.
  InputFiles inputs(const Task& task) const;

  // The methods whose records it makes, by their names in `method_entries()`. `llm` and this
  // outlive them.
  std::map<std::string, CollectRecords> collect(Llm& llm) const;
};

void add_compare_llm_options(Options& options, CompareLlm& settings);

// A UsageError where the settings, the comparison's methods and `recalculate` do not fit together.
void check_compare_llm(const CompareLlm& settings, const CompareConfig& compare, bool recalculate,
                       const Options& options);

}  // namespace tripost
