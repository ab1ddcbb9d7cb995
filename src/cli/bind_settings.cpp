#include "cli/bind_settings.h"

#include "run/config.h"

namespace tripost {

void bind_settings(Start& start, const RunDirectory& run, const BoundSettings& settings,
                   const std::function<void()>& check) {
  const auto save_or_compare = [run, settings] {
    save_or_compare_config(run.config(), settings.options, settings.command);
    save_or_compare_inputs(run.inputs(), settings.inputs);
  };
  if (std::filesystem::exists(run.config())) {
    save_or_compare();
    return;
  }
  start.when_loaded = [save_or_compare, check] {
    if (check) check();
    save_or_compare();
  };
}

}  // namespace tripost
