// tripost report: a run as one self-contained HTML file and as Markdown.
#include <memory>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "report/report.h"
#include "run/run_directory.h"

namespace tripost {
namespace {

struct Settings {
  std::filesystem::path run;
  int examples = 6;
};

void report(const Settings& settings, Terminal& terminal) {
  const RunDirectory run(settings.run);
  run.check_exists();
  const Report report = write_report(run, settings.examples);
  terminal.print(report.table);
  terminal.message(fmt::format("written: {} and {}", run.report_html().string(),
                               run.report_markdown().string()));
}

}  // namespace

void register_report(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command =
      commands.add("report", "a run as one HTML page that needs no network, and as Markdown");
  command.example = "tripost report runs/demo";
  command.options.add("run", &settings->run, "run directory").required().positional();
  command.options.add("examples", &settings->examples, "trajectories to show").between(0, 1000);
  command.run = [settings](Terminal& terminal) { report(*settings, terminal); };
}

}  // namespace tripost
