#include "report/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "evaluate/comparison_table.h"
#include "report/html_text.h"
#include "report/page.h"

namespace tripost {
namespace {

using Lines = std::vector<ComparisonLine>;
using Cells = std::vector<std::string>;

std::string percent(const std::optional<double>& share) {
  return share ? percent_text(*share) : "–";
}

std::string interval_text(const Interval& interval) {
  return fmt::format("{} – {}", percent_text(interval.low), percent_text(interval.high));
}

Cells accuracy_cells(const ComparisonLine& line, bool compared) {
  const ScoreRow& row = line.row;
  Cells cells = {percent_text(row.accuracy_first), percent_text(row.accuracy_final),
                 interval_text(row.ci95)};
  if (compared) {
    cells.push_back(difference_text(line.to_reference));
    cells.push_back(p_text(line.to_reference));
    cells.push_back(by_seed_text(line));
  }
  cells.push_back(std::to_string(row.n));
  return cells;
}

Cells correction_cells(const ComparisonLine& line) {
  const ScoreRow& row = line.row;
  return {percent_text(row.changed),
          percent_text(row.wrong_to_right),
          percent_text(row.right_to_wrong),
          percent(row.negative_on_wrong),
          percent(row.negative_on_right),
          percent(row.right_step),
          fmt::format("{:.0f}", row.tokens_per_question)};
}

bool same_run(const ScoreRow& a, const ScoreRow& b) {
  return a.labels.method == b.labels.method && a.labels.iteration == b.labels.iteration;
}

// Method and iteration head a group of rows instead of standing in columns, so that the accuracies
// are in view on a narrow screen too.
template <class CellsOf>
std::string grouped_table(const Lines& lines, const Cells& heads, const CellsOf& cells_of) {
  std::string html = "<div class=wide><table><thead><tr><th>questions";
  for (const std::string& head : heads) html += "<th class=number>" + escape_html(head);
  html += "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ScoreRow& row = lines[i].row;
    if (i == 0 || !same_run(row, lines[i - 1].row)) {
      html += fmt::format("<tr class=first><th colspan={}>{}, {}{}</th></tr>\n", heads.size() + 1,
                          escape_html(row.labels.method), when_tested(lines[i]),
                          lines[i].seeds > 1 ? fmt::format(", {} seeds", lines[i].seeds)
                          : row.n == 0       ? ", no results"
                                             : "");
    }
    if (row.n == 0) continue;
    html += fmt::format("<tr><td>{}</td>", escape_html(row.subset));
    for (const std::string& cell : cells_of(lines[i]))
      html += "<td class=number>" + escape_html(cell) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

template <class Holds>
Lines chosen(const Lines& lines, const Holds& holds) {
  Lines chosen;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(chosen), holds);
  return chosen;
}

bool corrects_itself(const ComparisonLine& line) {
  return line.row.negative_on_wrong || line.row.negative_on_right;
}

std::string accuracy_table(const Lines& lines, const std::string& reference) {
  const bool compared = std::any_of(lines.begin(), lines.end(), [](const ComparisonLine& line) {
    return line.to_reference.num_questions > 0;
  });
  Cells heads = {"first %", "final %", "95% interval"};
  if (compared) heads.insert(heads.end(), {reference + " minus this", "p", "by seed"});
  heads.push_back("n");
  return grouped_table(lines, heads, [compared](const ComparisonLine& line) {
    return accuracy_cells(line, compared);
  });
}

std::string missing_notes(const Lines& lines) {
  std::string html;
  for (const ComparisonLine& line : lines) {
    if (line.missing.empty() || line.row.subset != "total") continue;
    html += fmt::format("<p class=warning>{}, {} is missing: {}</p>\n",
                        escape_html(line.row.labels.method), when_tested(line),
                        escape_html(line.missing));
  }
  return html;
}

std::string correction_tables(const Lines& summaries) {
  const Lines correcting = chosen(summaries, corrects_itself);
  if (correcting.empty()) return "";
  return "<h3>Self-correction</h3>\n" +
         grouped_table(correcting,
                       {"changed %", "wrong → right %", "right → wrong %", "flags wrong %",
                        "flags right %", "right step %", "tokens"},
                       correction_cells) +
         "<p class=note>Changed, wrong → right, right → wrong: of all questions. Flags: of wrong "
         "and of right attempts, those that the model's own feedback calls wrong. Right step: of "
         "those flagged wrong ones, where it names the verifier's step. Tokens: generated for a "
         "question, feedback included.</p>\n<details><summary>With an oracle that stops at the "
         "right answer</summary><p class=note>It knows the answer, so this is no method's score: "
         "a ceiling for stopping at the right time.</p>\n" +
         grouped_table(correcting, {"oracle %", "final %"},
                       [](const ComparisonLine& line) {
                         return Cells{percent_text(line.row.accuracy_oracle),
                                      percent_text(line.row.accuracy_final)};
                       }) +
         "</details>\n";
}

}  // namespace

std::string score_tables(const Lines& lines, const std::string& reference) {
  if (lines.empty()) return "";
  const Lines summaries =
      chosen(lines, [](const ComparisonLine& line) { return is_summary(line.row); });
  const Lines levels =
      chosen(lines, [](const ComparisonLine& line) { return !is_summary(line.row); });
  std::string html = accuracy_table(summaries, reference) + missing_notes(lines);
  html +=
      "<p class=note>First: the model's first attempt. Final: after its own feedback and "
      "corrections, with its interval (Wilson).";
  if (!reference.empty())
    html += " " + escape_html(fmt::format("{}", fmt::join(difference_legend(reference), " ")));
  html += "</p>\n";
  if (!levels.empty())
    html += "<details><summary>Every level</summary>" + accuracy_table(levels, "") + "</details>\n";
  return html + correction_tables(summaries);
}

std::vector<std::string> diagnosis_cells(const DiagnosisCounts& counts) {
  Cells cells = {std::to_string(counts.asked)};
  for (const int count : {counts.update_right, counts.update_further, counts.update_unchanged})
    cells.push_back(counts.asked == 0 ? "–"
                                      : percent_text(static_cast<double>(count) / counts.asked));
  return cells;
}

std::string diagnosis_table(const std::vector<DiagnosisRow>& rows) {
  if (rows.empty()) return "";
  std::string all, levels;
  for (const DiagnosisRow& row : rows) {
    std::string& html = row.level.empty() ? all : levels;
    html += fmt::format("<tr><td class=number>{}<td>{}<td>{}", row.iteration,
                        escape_html(row.questions), escape_html(row.level));
    for (const std::string& cell : diagnosis_cells(row.counts)) html += "<td class=number>" + cell;
    html += "</tr>\n";
  }
  const auto table = [](const std::string& body) {
    return "<div class=wide><table><thead><tr><th class=number>iteration<th>attempts<th>level"
           "<th class=number>asked<th class=number>right %<th class=number>further %"
           "<th class=number>unchanged %</tr></thead><tbody>\n" +
           body + "</tbody></table></div>\n";
  };
  std::string html = "<h3>Updates under the task's own feedback</h3>\n" + table(all) +
                     "<p class=note>" + escape_html(kDiagnosisLegend) + "</p>\n";
  if (!levels.empty())
    html += "<details><summary>Every level</summary>" + table(levels) + "</details>\n";
  return html;
}

std::string outcome_table(const std::vector<OutcomeCounts>& outcomes) {
  if (outcomes.empty()) return "";
  std::string html = "<div class=wide><table><thead><tr><th class=number>iteration";
  for (std::size_t i = 0; i < OutcomeCounts::kNumOutcomes; ++i)
    html += fmt::format("<th class=number>{}", words_of(static_cast<Outcome>(i)));
  html += "<th class=number>all</tr></thead><tbody>\n";
  for (const OutcomeCounts& counts : outcomes) {
    html += fmt::format("<tr class=first><td class=number>{}</td>", counts.iteration);
    for (const int64_t count : counts.counts)
      html += fmt::format("<td class=number>{}</td>", count);
    html += fmt::format("<td class=number>{}</td></tr>\n", counts.total());
  }
  return html + "</tbody></table></div>\n";
}

}  // namespace tripost
