#include "report/html.h"

#include <fmt/format.h>

#include "report/charts.h"
#include "report/html_text.h"
#include "report/page.h"
#include "report/tables.h"

namespace tripost {
namespace {

std::string notes_section(const ReportData& data) {
  std::string html;
  for (const std::string& note : data.notes)
    html += "<p class=warning>Not shown in full: " + escape_html(note) + "</p>\n";
  return html;
}

std::string with_heading(const char* heading, const std::string& html) {
  return html.empty() ? "" : fmt::format("<h2>{}</h2>\n{}", heading, html);
}

// Where the model's own correction saved an answer, and where it broke one.
std::string tests_section(const TestExamples& tests) {
  if (tests.source.empty()) return "";
  std::string html = fmt::format(
      "<h3>Where self-improvement saved the answer, and where it broke it</h3>\n<p class=note>{}: "
      "{} "
      "of {} test questions saved, {} broken. Everything below was said by the model; the step "
      "that "
      "it called wrong is marked, and what an improvement changed.</p>\n",
      escape_html(tests.source), tests.num_saved, tests.questions, tests.num_broken);
  for (const auto* kind : {&tests.saved, &tests.broken}) {
    if (kind->empty()) continue;
    html += fmt::format("<details{}><summary>{} of the {}</summary>\n",
                        kind == &tests.saved ? " open" : "", kind->size(),
                        kind == &tests.saved ? fmt::format("{} saved", tests.num_saved)
                                             : fmt::format("{} broken", tests.num_broken));
    for (const Exchange& exchange : *kind) html += exchange_html(exchange);
    html += "</details>\n";
  }
  return html;
}

std::string task_section(const TaskData& task, const std::string& reference) {
  return fmt::format("<h2>{}</h2>\n", escape_html(task.task)) +
         score_tables(task.lines, reference) + diagnosis_table(task.diagnosis) +
         iteration_charts(task.lines) + level_charts(task.lines) + tests_section(task.tests);
}

}  // namespace

std::string to_html(const ReportData& data) {
  std::string body = fmt::format("<h1>{}</h1>\n", escape_html(data.name)) + notes_section(data);
  if (data.tasks.empty()) body += "<p>No scores yet.</p>\n";
  for (const TaskData& task : data.tasks) body += task_section(task, data.reference);
  body += with_heading("How attempts were edited", outcome_table(data.outcomes));
  body += with_heading("Training", loss_chart(data.losses));
  std::string trajectories;
  for (const Trajectory& trajectory : data.examples) trajectories += trajectory_html(trajectory);
  body += with_heading("Trajectories that the model was trained on", trajectories);
  if (!data.config.empty()) {
    body += "<h2>Settings</h2>\n<details><summary>config.toml</summary><pre>" +
            escape_html(data.config) + "</pre></details>\n";
  }
  return page(data.name, body);
}

}  // namespace tripost
