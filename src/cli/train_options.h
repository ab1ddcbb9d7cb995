// Training settings as options, once for `train` and, with a prefix, twice for `improve`.
#pragma once

#include <string>

#include "run/options.h"
#include "train/config.h"

namespace tripost {

// The words of options that stand for enumerations; apply() turns them into `config`'s values.
struct TrainSettings {
  TrainConfig config;
  std::string schedule = "linear";
  std::string normalisation = "tokens";

  TrainConfig resolved() const;
};

// `prefix` is "" or "finetune-" or "train-".
void add_train_options(Options& options, TrainSettings& settings, const std::string& prefix);

}  // namespace tripost
