#include "report/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/bar_chart.h"
#include "report/html_text.h"
#include "report/line_chart.h"

namespace tripost {
namespace {

using Lines = std::vector<ComparisonLine>;

// Many points make no better line and a bigger page.
constexpr std::size_t kMaxLossPoints = 300;
constexpr double kShift = 3;  // between the intervals of two methods at one iteration

// In the order of their first lines, those with results.
std::vector<std::string> methods_of(const Lines& lines) {
  std::vector<std::string> methods;
  for (const ComparisonLine& line : lines) {
    const std::string& method = line.row.labels.method;
    if (line.row.n > 0 && std::find(methods.begin(), methods.end(), method) == methods.end())
      methods.push_back(method);
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

bool corrects_itself(const ScoreRow& row) { return row.negative_on_wrong || row.negative_on_right; }

ChartPoint point_of(const ScoreRow& row, bool first) {
  const Interval& interval = first ? row.ci95_first : row.ci95;
  return {.x = static_cast<double>(row.labels.iteration),
          .y = first ? row.accuracy_first : row.accuracy_final,
          .low = interval.low,
          .high = interval.high};
}

int last_iteration(const Lines& lines) {
  int last = 0;
  for (const ComparisonLine& line : lines) {
    if (line.row.n > 0) last = std::max(last, line.row.labels.iteration);
  }
  return last;
}

// A method's final accuracy and, where it corrects itself, that of its first attempt. A method that
// has none at iteration 0 begins where the fine-tuned model stands. One that takes all its steps at
// once is a mark where those of the others end.
void add_series(const Lines& lines, const std::string& method, const std::string& subset,
                ChartSeries series, Chart& chart) {
  series.name = method;
  ChartSeries first = series;
  first.name += ", first attempt";
  first.dashed = true;
  bool corrects = false;
  for (const ComparisonLine& line : lines) {
    const ScoreRow& row = line.row;
    if (row.n == 0 || row.subset != subset) continue;
    if (line.all_at_once) {
      if (row.labels.method != method) continue;
      series.points = {point_of(row, false)};
      series.points[0].x = last_iteration(lines);
      break;
    }
    const bool start = series.points.empty() && row.labels.iteration == 0;
    if (row.labels.method != method && !start) continue;
    if (row.labels.method == method && row.labels.iteration == 0) series.points.clear();
    corrects |= row.labels.method == method && corrects_itself(row);
    series.points.push_back(point_of(row, false));
    first.points.push_back(point_of(row, true));
    first.points.back().low = first.points.back().high = std::nullopt;
  }
  if (corrects) chart.series.push_back(std::move(first));
  chart.series.push_back(std::move(series));
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

Bar bar_of(const ComparisonLine& line, int colour) {
  const ScoreRow& row = line.row;
  const std::string& method = row.labels.method;
  return {.label = line.all_at_once || row.labels.iteration == 0
                       ? method
                       : fmt::format("{} {}", method, row.labels.iteration),
          .colour = colour,
          .value = row.accuracy_final,
          .interval = row.ci95,
          .has_first = corrects_itself(row),
          .first = row.accuracy_first,
          .first_interval = row.ci95_first};
}

// The line of a method's last iteration on a level; nullptr when there is none.
const ComparisonLine* last_line(const Lines& lines, const std::string& method,
                                const std::string& level) {
  const ComparisonLine* last = nullptr;
  for (const ComparisonLine& line : lines) {
    const ScoreRow& row = line.row;
    if (row.subset == level && row.labels.method == method &&
        (!last || row.labels.iteration >= last->row.labels.iteration))
      last = &line;
  }
  return last;
}

// In the order of their first lines.
std::vector<std::string> levels_of(const Lines& lines, bool seen) {
  std::vector<std::string> levels;
  for (const ComparisonLine& line : lines) {
    if (line.row.seen == seen &&
        std::find(levels.begin(), levels.end(), line.row.subset) == levels.end())
      levels.push_back(line.row.subset);
  }
  return levels;
}

}  // namespace

std::string iteration_charts(const Lines& lines) {
  const auto methods = methods_of(lines);
  std::string charts;
  for (const char* subset : {"total", "seen", "unseen"}) {
    Chart chart{.title = fmt::format("Accuracy, {}", subset),
                .x = {.label = "iteration", .whole = true},
                .y = {.label = "", .low = 0, .percent = true}};
    for (std::size_t i = 0; i < methods.size(); ++i) {
      const double middle = static_cast<double>(methods.size() - 1) / 2;
      add_series(
          lines, methods[i], subset,
          {.colour = static_cast<int>(i), .shift = (static_cast<double>(i) - middle) * kShift},
          chart);
    }
    charts += to_svg(chart);
  }
  if (charts.empty()) return "";
  const bool at_once = std::any_of(lines.begin(), lines.end(),
                                   [](const ComparisonLine& line) { return line.all_at_once; });
  return "<h3>Accuracy over iterations</h3>\n<div class=charts>" + charts + "</div>" +
         legend(methods) +
         "<p class=note>Solid: the final answer, with its 95% interval. Dashed: the first attempt, "
         "where the method was tested with its own feedback. Iteration 0 is the fine-tuned model." +
         (at_once ? " A mark without a line: a method that takes all its steps at once, drawn "
                    "where the others have taken theirs."
                  : "") +
         "</p>\n";
}

std::string level_charts(const Lines& lines) {
  const auto methods = methods_of(lines);
  std::string charts;
  for (const bool seen : {true, false}) {
    std::vector<BarGroup> groups;
    for (const std::string& level : levels_of(lines, seen)) {
      BarGroup group;
      for (std::size_t i = 0; i < methods.size(); ++i) {
        const ComparisonLine* const line = last_line(lines, methods[i], level);
        if (!line) continue;
        group.label = fmt::format("{}, {} questions", level, line->row.n);
        group.bars.push_back(bar_of(*line, static_cast<int>(i)));
      }
      if (!group.bars.empty()) groups.push_back(std::move(group));
    }
    charts += to_svg(seen ? "Seen levels" : "Unseen levels", groups);
  }
  if (charts.empty()) return "";
  return "<h3>Accuracy by level</h3>\n<div class=charts>" + charts +
         "</div>\n<p class=note>Each method after its last iteration. Pale: the first attempt; "
         "solid: the final answer; thin lines: 95% intervals (Wilson).</p>\n";
}

std::string loss_chart(const std::vector<LossPoint>& losses) {
  if (losses.empty()) return "";
  std::map<int, std::vector<ChartPoint>> by_iteration;
  for (const LossPoint& point : losses)
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
  return "<div class=charts>" + to_svg(chart) + "</div>" + legend(names);
}

}  // namespace tripost
