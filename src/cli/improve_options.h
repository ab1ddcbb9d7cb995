// The settings of the loop as options, once for `improve` and for `compare`.
#pragma once

#include "cli/train_options.h"
#include "improve/config.h"
#include "run/inputs.h"
#include "run/options.h"

namespace tripost {

// Options hold double and words; resolved() turns them into the loop's values.
struct ImproveSettings {
  ImproveConfig config;
  TrainSettings finetuning, training;
  double question_weight = 1.0;
  double attempt_weight = 1.0;
  double wrong_attempt_weight = 1.0;
  double section_weight = 1.5;
  double mended_weight = 1.0;
  double praise_weight = 1.0;
  bool recalculate = false;

  ImproveSettings() { finetuning.config.epochs = 5; }
  ImproveConfig resolved() const;
};

// The files whose content the results depend on. A UsageError for an option that would do nothing.
InputFiles inputs_of(const ImproveSettings& settings, const Options& options);

void add_improve_options(Options& options, ImproveSettings& settings);

}  // namespace tripost
