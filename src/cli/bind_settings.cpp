#include "cli/bind_settings.h"

#include "base/file.h"
#include "improve/model_files.h"
#include "run/config.h"

namespace tripost {
namespace {

// Where the model lies changes nothing, what is in it does.
Json what_results_depend_on(const Options& options, const Json& model) {
  Json values = Json::object();
  for (const Option& option : options.all()) {
    if (option.changes_results() && option.name() != "model")
      values[option.name()] = option.value();
  }
  values["model"] = model;
  return values;
}

}  // namespace

void bind_settings(Start& start, const RunDirectory& run, const BoundSettings& settings,
                   const std::function<void()>& check) {
  // Once: weights are large, and a comparison saves or compares for every model that it loads.
  const Json model = hashes_of(files_of_model(start.model, "--model"));
  start.settings = what_results_depend_on(settings.options, model);
  Json inputs = hashes_of(settings.inputs);
  inputs.update(model);
  const auto save_or_compare = [run, settings, inputs] {
    save_or_compare_config(run.config(), settings.options, settings.command);
    save_or_compare_inputs(run.inputs(), inputs);
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
