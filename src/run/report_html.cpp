#include "run/report_html.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "run/line_chart.h"
#include "run/report_page.h"

namespace tripost {
namespace {

// Many points make no better line and a bigger page.
constexpr std::size_t kMaxLossPoints = 300;

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f}", *share * 100) : "–";
}

std::string interval(const ScoreRow& row) {
  return row.ci95 ? fmt::format("{:.1f} – {:.1f}", (*row.ci95)[0] * 100, (*row.ci95)[1] * 100)
                  : "–";
}

std::string cells(const ScoreRow& row) {
  std::string html = fmt::format("<td>{}</td>", escape_html(row.subset));
  for (const std::string& text :
       {percent(row.accuracy_first), percent(row.accuracy_final), interval(row),
        percent(row.wrong_to_right), percent(row.right_to_wrong), std::to_string(row.n)}) {
    html += fmt::format("<td class=number>{}</td>", text);
  }
  return html;
}

bool same_group(const ScoreRow& a, const ScoreRow& b) {
  return a.method == b.method && a.iteration == b.iteration && a.seed == b.seed && a.task == b.task;
}

// Method and iteration head a group of rows instead of standing in columns, so that the accuracies
// are in view on a narrow screen too.
std::string score_table(const std::vector<ScoreRow>& rows) {
  if (rows.empty()) return "";
  const bool with_seed = std::any_of(rows.begin(), rows.end(),
                                     [&](const ScoreRow& row) { return row.seed != rows[0].seed; });
  std::string html =
      "<div class=wide><table><thead><tr><th>questions<th class=number>first %<th "
      "class=number>final %"
      "<th class=number>95% interval<th class=number>wrong → right %<th class=number>right → wrong "
      "%"
      "<th class=number>n</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 || !same_group(rows[i], rows[i - 1])) {
      html += fmt::format("<tr class=first><th colspan=7>{}, iteration {}{}</th></tr>\n",
                          escape_html(rows[i].method), rows[i].iteration,
                          with_seed ? fmt::format(", seed {}", rows[i].seed) : "");
    }
    html += fmt::format("<tr>{}</tr>\n", cells(rows[i]));
  }
  return html + "</tbody></table></div>\n";
}

std::string scores_section(const ReportData& data) {
  if (data.scores.empty()) return "<p>No scores yet.</p>\n";
  std::vector<ScoreRow> summaries;
  std::vector<ScoreRow> levels;
  for (const ScoreRow& row : data.scores) (is_summary(row) ? summaries : levels).push_back(row);
  std::string html = score_table(summaries);
  html +=
      "<p class=note>First: the model's first attempt. Final: after its own feedback and "
      "corrections. The interval is that of "
      "the final accuracy.</p>\n";
  if (!levels.empty())
    html += "<details><summary>Every level</summary>" + score_table(levels) + "</details>\n";
  return html;
}

std::vector<std::string> methods_of(const std::vector<ScoreRow>& rows) {
  std::vector<std::string> methods;
  for (const ScoreRow& row : rows) {
    if (std::find(methods.begin(), methods.end(), row.method) == methods.end())
      methods.push_back(row.method);
  }
  return methods;
}

std::string legend(const std::vector<std::string>& names) {
  std::string html = "<ul class=legend>";
  for (std::size_t i = 0; i < names.size(); ++i) {
    html += fmt::format("<li><i style=\"background:var(--series-{})\"></i>{}</li>",
                        i % kNumChartColours, escape_html(names[i]));
  }
  return html + "</ul>\n";
}

// The mean over seeds of a method's final accuracy at each iteration; the interval only where there
// is one seed.
ChartSeries accuracy_series(const std::vector<ScoreRow>& rows, const std::string& method,
                            const std::string& subset) {
  std::map<int64_t, std::vector<const ScoreRow*>> by_iteration;
  for (const ScoreRow& row : rows) {
    if (row.method == method && row.subset == subset && row.accuracy_final)
      by_iteration[row.iteration].push_back(&row);
  }
  ChartSeries series{.name = method};
  for (const auto& [iteration, same] : by_iteration) {
    ChartPoint point{.x = static_cast<double>(iteration)};
    for (const ScoreRow* row : same)
      point.y += *row->accuracy_final / static_cast<double>(same.size());
    if (same.size() == 1 && same[0]->ci95) {
      point.low = (*same[0]->ci95)[0];
      point.high = (*same[0]->ci95)[1];
    }
    series.points.push_back(point);
  }
  return series;
}

std::string accuracy_section(const ReportData& data) {
  const auto methods = methods_of(data.scores);
  std::string charts;
  for (const char* subset : {"total", "seen", "unseen"}) {
    Chart chart{.title = fmt::format("Final accuracy, {}", subset),
                .x = {.label = "iteration", .whole = true},
                .y = {.label = "", .low = 0, .percent = true}};
    for (std::size_t i = 0; i < methods.size(); ++i) {
      chart.series.push_back(accuracy_series(data.scores, methods[i], subset));
      chart.series.back().colour = static_cast<int>(i);
    }
    charts += to_svg(chart);
  }
  if (charts.empty()) return "";
  return "<h2>Accuracy over iterations</h2>\n<div class=charts>" + charts + "</div>" +
         legend(methods);
}

// At most kMaxLossPoints points, each the mean of as many neighbours.
std::vector<ChartPoint> thinned(const std::vector<ChartPoint>& points) {
  const std::size_t bucket = (points.size() + kMaxLossPoints - 1) / kMaxLossPoints;
  std::vector<ChartPoint> thin;
  for (std::size_t begin = 0; begin < points.size(); begin += bucket) {
    const std::size_t end = std::min(begin + bucket, points.size());
    ChartPoint mean;
    for (std::size_t i = begin; i < end; ++i) {
      mean.x += points[i].x / static_cast<double>(end - begin);
      mean.y += points[i].y / static_cast<double>(end - begin);
    }
    thin.push_back(mean);
  }
  return thin;
}

std::string loss_section(const ReportData& data) {
  if (data.losses.empty()) return "";
  std::map<int, std::vector<ChartPoint>> by_iteration;
  for (const LossPoint& point : data.losses)
    by_iteration[point.iteration].push_back({.x = point.step, .y = point.loss});
  Chart chart{.title = "Training loss",
              .x = {.label = "step", .whole = true},
              .y = {.label = "", .low = 0},
              .dots = false};
  std::vector<std::string> names;
  for (const auto& [iteration, points] : by_iteration) {
    const int colour = static_cast<int>(names.size());
    names.push_back(fmt::format("iteration {}", iteration));
    chart.series.push_back({.name = names.back(), .colour = colour, .points = thinned(points)});
  }
  return "<h2>Training</h2>\n<div class=charts>" + to_svg(chart) + "</div>" + legend(names);
}

std::string outcomes_section(const ReportData& data) {
  if (data.outcomes.empty()) return "";
  std::string html =
      "<h2>How attempts were edited</h2>\n<div class=wide><table><thead><tr><th "
      "class=number>iteration";
  for (std::size_t i = 0; i < OutcomeCounts::kNumOutcomes; ++i) {
    html += fmt::format("<th class=number>{}", words_of(static_cast<Outcome>(i)));
  }
  html += "<th class=number>all</tr></thead><tbody>\n";
  for (const OutcomeCounts& counts : data.outcomes) {
    html += fmt::format("<tr class=first><td class=number>{}</td>", counts.iteration);
    for (const int64_t count : counts.counts)
      html += fmt::format("<td class=number>{}</td>", count);
    html += fmt::format("<td class=number>{}</td></tr>\n", counts.total());
  }
  return html + "</tbody></table></div>\n";
}

std::string notes_section(const ReportData& data) {
  std::string html;
  for (const std::string& note : data.notes)
    html += "<p class=warning>Not shown in full: " + escape_html(note) + "</p>\n";
  return html;
}

}  // namespace

std::string to_html(const ReportData& data) {
  std::string body = fmt::format("<h1>{}</h1>\n", escape_html(data.name));
  const std::string task = data.scores.empty() ? "" : data.scores[0].task;
  if (!task.empty()) body += fmt::format("<p class=note>Task: {}</p>\n", escape_html(task));
  body += notes_section(data) + scores_section(data) + accuracy_section(data) +
          outcomes_section(data) + loss_section(data);
  if (!data.examples.empty()) body += "<h2>Trajectories</h2>\n";
  for (const Trajectory& trajectory : data.examples) body += trajectory_html(trajectory);
  if (!data.config.empty()) {
    body += "<h2>Settings</h2>\n<details><summary>config.toml</summary><pre>" +
            escape_html(data.config) + "</pre></details>\n";
  }
  return page(data.name, body);
}

}  // namespace tripost
