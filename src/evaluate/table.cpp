#include "evaluate/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace tripost {
namespace {

// What one line of a table shows.
struct Line {
  std::string method;
  int iteration = 0;
  double seconds = 0.0;
  std::map<std::string, ScoreRow> subsets;
};

const std::vector<std::string> kGroups = {"seen", "unseen", "total"};
const char* const kLegend =
    "Accuracy in %: of the first attempt, and of the final answer after self-improvement with its "
    "95% interval (Wilson).\n"
    "w->r, r->w: % of all questions that self-improvement turned from wrong to right, from right "
    "to wrong. "
    "n: seen + unseen.\n";

std::vector<Line> lines_of(const std::vector<ScoreRow>& rows) {
  const bool several_seeds = std::any_of(rows.begin(), rows.end(), [&](const ScoreRow& row) {
    return row.labels.seed != rows.front().labels.seed;
  });
  std::vector<Line> lines;
  for (const ScoreRow& row : rows) {
    const std::string method = several_seeds
                                   ? fmt::format("{}, seed {}", row.labels.method, row.labels.seed)
                                   : row.labels.method;
    auto line = std::find_if(lines.begin(), lines.end(), [&](const Line& other) {
      return other.method == method && other.iteration == row.labels.iteration;
    });
    if (line == lines.end())
      line = lines.insert(lines.end(), {method, row.labels.iteration, 0.0, {}});
    line->seconds = std::max(line->seconds, row.labels.seconds);
    line->subsets[row.subset] = row;
  }
  return lines;
}

std::string percent(double share) { return fmt::format("{:.1f}", 100 * share); }

std::string interval_text(const Interval& interval) {
  return fmt::format("{:.0f}-{:.0f}", 100 * interval.low, 100 * interval.high);
}

// First, final and interval of a subset.
std::vector<std::string> accuracy_cells(const Line& line, const std::string& subset) {
  const auto found = line.subsets.find(subset);
  if (found == line.subsets.end()) return {"-", "-", "-"};
  const ScoreRow& row = found->second;
  return {percent(row.accuracy_first), percent(row.accuracy_final), interval_text(row.ci95)};
}

int size_of(const Line& line, const std::string& subset) {
  const auto found = line.subsets.find(subset);
  return found == line.subsets.end() ? 0 : found->second.n;
}

// w->r, r->w, n, seconds.
std::vector<std::string> other_cells(const Line& line) {
  const auto total = line.subsets.find("total");
  const bool known = total != line.subsets.end();
  return {known ? percent(total->second.wrong_to_right) : "-",
          known ? percent(total->second.right_to_wrong) : "-",
          fmt::format("{}+{}", size_of(line, "seen"), size_of(line, "unseen")),
          fmt::format("{:.0f}", line.seconds)};
}

void append(std::vector<std::string>& cells, const std::vector<std::string>& more) {
  cells.insert(cells.end(), more.begin(), more.end());
}

using Cells = std::vector<std::vector<std::string>>;

std::vector<std::size_t> widths_of(const Cells& table) {
  std::vector<std::size_t> widths(table.front().size(), 0);
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  return widths;
}

// Two blanks between columns; the first is aligned left, the others right.
std::string aligned(const std::vector<std::string>& row, const std::vector<std::size_t>& widths) {
  std::string text = fmt::format("{:<{}}", row[0], widths[0]);
  for (std::size_t i = 1; i < row.size(); ++i) text += fmt::format("  {:>{}}", row[i], widths[i]);
  return text + "\n";
}

// The names of the groups, each above the first of its three columns.
std::string group_line(const std::vector<std::size_t>& widths) {
  std::string text;
  std::size_t column = 0, position = 0;
  const auto skip = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) position += widths[column++] + 2;
  };
  skip(2);
  for (const auto& group : kGroups) {
    text += std::string(position - text.size(), ' ') + group;
    skip(3);
  }
  return text + "\n";
}

}  // namespace

std::string text_table(const std::vector<ScoreRow>& rows) {
  Cells table = {{"method", "it"}};
  for (std::size_t i = 0; i < kGroups.size(); ++i) append(table[0], {"first", "final", "95%"});
  append(table[0], {"w->r", "r->w", "n", "seconds"});
  for (const Line& line : lines_of(rows)) {
    std::vector<std::string> cells = {line.method, std::to_string(line.iteration)};
    for (const auto& group : kGroups) append(cells, accuracy_cells(line, group));
    append(cells, other_cells(line));
    table.push_back(std::move(cells));
  }
  const auto widths = widths_of(table);
  std::string text = group_line(widths);
  for (const auto& row : table) text += aligned(row, widths);
  return text + "\n" + kLegend;
}

std::string markdown_table(const std::vector<ScoreRow>& rows) {
  std::string header = "| method | iteration |", rule = "|---|---:|";
  for (const auto& group : kGroups) {
    header += fmt::format(" {0} first | {0} final (95%) |", group);
    rule += "---:|---:|";
  }
  std::string text = header + " w->r | r->w | n | seconds |\n" + rule + "---:|---:|---:|---:|\n";
  for (const Line& line : lines_of(rows)) {
    text += fmt::format("| {} | {} |", line.method, line.iteration);
    for (const auto& group : kGroups) {
      const auto cells = accuracy_cells(line, group);
      text += fmt::format(" {} | {} ({}) |", cells[0], cells[1], cells[2]);
    }
    for (const auto& cell : other_cells(line)) text += fmt::format(" {} |", cell);
    text += "\n";
  }
  return text + "\n" + kLegend;
}

std::string describe(const PairedDifference& difference) {
  const std::string unpaired =
      difference.num_unpaired == 0
          ? ""
          : fmt::format("; {} answers without a partner left out", difference.num_unpaired);
  return fmt::format(
      "{:+.1f} points, 95% interval [{:+.1f}, {:+.1f}], McNemar p = {:.2g}, {} questions{}",
      100 * difference.difference, 100 * difference.interval.low, 100 * difference.interval.high,
      difference.p, difference.num_questions, unpaired);
}

}  // namespace tripost
