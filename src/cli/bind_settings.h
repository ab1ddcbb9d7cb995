// What binds a run directory of the loop to the settings with which it began.
#pragma once

#include <functional>
#include <string>

#include "improve/improve.h"
#include "run/inputs.h"
#include "run/options.h"
#include "run/run_directory.h"

namespace tripost {

struct BoundSettings {
  const Options& options;
  std::string command;  // "tripost improve"
  InputFiles inputs;
};

// Compares the settings of a run that goes on with the saved ones, at once, and the content of the
// model's files and the inputs' with what it was. Those of a new run are
// saved once `start`'s model, and then `check` where there is one, have answered: settings that
// name a wrong model or endpoint must not bind the next call. `settings.options` outlive the start.
void bind_settings(Start& start, const RunDirectory& run, const BoundSettings& settings,
                   const std::function<void()>& check = {});

}  // namespace tripost
