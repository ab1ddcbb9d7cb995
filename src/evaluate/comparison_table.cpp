#include "evaluate/comparison_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace tripost {
namespace {

using Cells = std::vector<std::string>;
using Table = std::vector<Cells>;

constexpr std::size_t kFirstNumber = 4;  // columns before it are words, aligned left

std::string percent(double share) { return fmt::format("{:.1f}", 100 * share); }

std::string percent(const std::optional<double>& share) { return share ? percent(*share) : "-"; }

Cells labels_of(const ScoreRow& row) {
  return {row.task, row.labels.method, std::to_string(row.labels.iteration), row.subset};
}

bool is_compared(const ComparisonLine& line) { return line.to_reference.num_questions > 0; }

Cells accuracy_cells(const ComparisonLine& line, bool compared) {
  const ScoreRow& row = line.row;
  Cells cells = labels_of(row);
  cells.push_back(std::to_string(row.n));
  cells.push_back(std::to_string(line.seeds));
  if (row.n == 0) {
    cells.resize(cells.size() + (compared ? 5 : 3), "-");
  } else {
    cells.push_back(percent(row.accuracy_first));
    cells.push_back(percent(row.accuracy_final));
    cells.push_back(fmt::format("{:.1f}-{:.1f}", 100 * row.ci95.low, 100 * row.ci95.high));
    if (compared) cells.push_back(difference_text(line.to_reference));
    if (compared) cells.push_back(p_text(line.to_reference));
  }
  return cells;
}

Table accuracy_table(const std::vector<ComparisonLine>& lines, const std::string& reference) {
  const bool compared = std::any_of(lines.begin(), lines.end(), is_compared);
  Table table = {{"task", "method", "it", "subset", "n", "seeds", "first", "final", "95%"}};
  if (compared) table[0].insert(table[0].end(), {reference + " minus this", "p"});
  for (const ComparisonLine& line : lines) {
    if (is_summary(line.row)) table.push_back(accuracy_cells(line, compared));
  }
  return table;
}

// Of the methods that were tested with their own feedback.
Table correction_table(const std::vector<ComparisonLine>& lines) {
  Table table = {{"task", "method", "it", "subset", "changed", "w->r", "r->w", "flags wrong",
                  "flags right", "right step", "tokens", "oracle"}};
  for (const ComparisonLine& line : lines) {
    const ScoreRow& row = line.row;
    if (!is_summary(row) || row.n == 0 || (!row.negative_on_wrong && !row.negative_on_right))
      continue;
    Cells cells = labels_of(row);
    for (const double share : {row.changed, row.wrong_to_right, row.right_to_wrong})
      cells.push_back(percent(share));
    for (const auto& share : {row.negative_on_wrong, row.negative_on_right, row.right_step})
      cells.push_back(percent(share));
    cells.push_back(fmt::format("{:.0f}", row.tokens_per_question));
    cells.push_back("(" + percent(row.accuracy_oracle) + ")");
    table.push_back(std::move(cells));
  }
  return table;
}

std::string legend(const std::string& reference, bool compared) {
  std::string text =
      "Accuracy in %, means over seeds: of the first attempt, of the final answer with its 95% "
      "interval (Wilson, on n questions).\n";
  if (!compared) return text;
  return text + fmt::format(
                    "{} minus this: final answers on the same questions, in points, 95% interval "
                    "(bootstrap over questions and seeds);\n"
                    "p: McNemar's exact test, which takes the seeds' answers for independent.\n",
                    reference);
}

constexpr const char* kCorrectionLegend =
    "changed, w->r, r->w: % of questions whose answer self-improvement changed, turned right, "
    "turned wrong. flags: % of wrong and\n"
    "of right attempts that the model's own feedback calls wrong; right step: % of those flagged "
    "wrong ones where it names the verifier's\n"
    "step. tokens: generated for a question. oracle: if somebody who knows the answer stopped at "
    "the right attempt; no method's score.\n";

// One sentence for each method that has no results, or not for all seeds.
std::vector<std::string> missing_of(const std::vector<ComparisonLine>& lines) {
  std::vector<std::string> sentences;
  for (const ComparisonLine& line : lines) {
    if (line.missing.empty() || line.row.subset != "total") continue;
    sentences.push_back(fmt::format("Missing: {}, {}, iteration {}: {}", line.row.task,
                                    line.row.labels.method, line.row.labels.iteration,
                                    line.missing));
  }
  return sentences;
}

std::string aligned(const Table& table) {
  std::vector<std::size_t> widths(table.front().size(), 0);
  for (const Cells& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Cells& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += "  ";
      text += i < kFirstNumber ? fmt::format("{:<{}}", row[i], widths[i])
                               : fmt::format("{:>{}}", row[i], widths[i]);
    }
    text += '\n';
  }
  return text;
}

std::string joined(const Cells& row, const char* before, const char* between, const char* after) {
  return fmt::format("{}{}{}\n", before, fmt::join(row, between), after);
}

std::string markdown(const Table& table) {
  std::string text = joined(table.front(), "| ", " | ", " |");
  for (std::size_t i = 0; i < table.front().size(); ++i)
    text += i < kFirstNumber ? "|---" : "|---:";
  text += "|\n";
  for (std::size_t i = 1; i < table.size(); ++i) text += joined(table[i], "| ", " | ", " |");
  return text;
}

std::string escaped_for_latex(const std::string& cell) {
  std::string text;
  for (const char c : cell) {
    if (c == '%' || c == '_' || c == '&' || c == '#') text += '\\';
    text += c == '<' ? "$<$" : std::string(1, c);
  }
  const auto arrow = text.find("->");
  return arrow == std::string::npos ? text : text.replace(arrow, 2, "$\\to$");
}

std::string latex(Table table) {
  for (Cells& row : table) std::transform(row.begin(), row.end(), row.begin(), escaped_for_latex);
  std::string text = "\\begin{tabular}{" + std::string(kFirstNumber, 'l') +
                     std::string(table.front().size() - kFirstNumber, 'r') + "}\n\\hline\n";
  text += joined(table.front(), "", " & ", " \\\\");
  text += "\\hline\n";
  for (std::size_t i = 1; i < table.size(); ++i) text += joined(table[i], "", " & ", " \\\\");
  return text + "\\hline\n\\end{tabular}\n";
}

std::string quoted_for_csv(const std::string& cell) {
  if (cell.find_first_of(",\"\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string number_or_nothing(const std::optional<double>& value) {
  return value ? fmt::format("{:.6f}", *value) : "";
}

constexpr const char* kCsvHeader =
    "task,method,iteration,subset,n,seeds,first,first_low,first_high,final,final_low,final_high,"
    "changed,wrong_to_right,right_to_wrong,negative_on_wrong,negative_on_right,right_step,"
    "tokens_per_question,oracle,difference,difference_low,difference_high,p,missing\n";
constexpr std::size_t kCsvFigures = 14;  // from "first" to "oracle"

// For programs: shares in 0..1, every figure in a column of its own, nothing where there is none.
std::string csv(const std::vector<ComparisonLine>& lines) {
  std::string text = kCsvHeader;
  for (const ComparisonLine& line : lines) {
    const ScoreRow& row = line.row;
    text += fmt::format("{},{},{},{},{},{}", quoted_for_csv(row.task),
                        quoted_for_csv(row.labels.method), row.labels.iteration,
                        quoted_for_csv(row.subset), row.n, line.seeds);
    Cells figures(kCsvFigures);
    if (row.n > 0) {
      figures.clear();
      for (const double share :
           {row.accuracy_first, row.ci95_first.low, row.ci95_first.high, row.accuracy_final,
            row.ci95.low, row.ci95.high, row.changed, row.wrong_to_right, row.right_to_wrong})
        figures.push_back(fmt::format("{:.6f}", share));
      for (const auto& share : {row.negative_on_wrong, row.negative_on_right, row.right_step})
        figures.push_back(number_or_nothing(share));
      figures.push_back(fmt::format("{:.2f}", row.tokens_per_question));
      figures.push_back(fmt::format("{:.6f}", row.accuracy_oracle));
    }
    text += joined(figures, ",", ",", "");
    text.pop_back();
    const PairedDifference& difference = line.to_reference;
    text += difference.num_questions == 0
                ? std::string(",,,,")
                : fmt::format(",{:.6f},{:.6f},{:.6f},{:.6g}", difference.difference,
                              difference.interval.low, difference.interval.high, difference.p);
    text += "," + quoted_for_csv(line.missing) + "\n";
  }
  return text;
}

}  // namespace

std::string difference_text(const PairedDifference& difference) {
  if (difference.num_questions == 0) return "-";
  return fmt::format("{:+.1f} [{:+.1f}, {:+.1f}]", 100 * difference.difference,
                     100 * difference.interval.low, 100 * difference.interval.high);
}

std::string p_text(const PairedDifference& difference) {
  if (difference.num_questions == 0) return "-";
  return difference.p < 0.001 ? "<0.001" : fmt::format("{:.3f}", difference.p);
}

std::string comparison_table(const std::vector<ComparisonLine>& lines, const std::string& reference,
                             TableFormat format) {
  if (format == TableFormat::kCsv) return csv(lines);
  const Table accuracy = accuracy_table(lines, reference), correction = correction_table(lines);
  const bool corrects = correction.size() > 1;
  std::string missing;
  const char* const before = format == TableFormat::kLatex ? "% " : "";
  for (const std::string& sentence : missing_of(lines))
    missing += "\n" + std::string(before) + sentence + "\n";
  switch (format) {
    case TableFormat::kMarkdown:
      return markdown(accuracy) + missing + (corrects ? "\n" + markdown(correction) : "");
    case TableFormat::kLatex:
      return latex(accuracy) + missing + (corrects ? "\n" + latex(correction) : "");
    default:
      return aligned(accuracy) + missing + "\n" +
             legend(reference, std::any_of(lines.begin(), lines.end(), is_compared)) +
             (corrects ? "\n" + aligned(correction) + "\n" + kCorrectionLegend : "");
  }
}

}  // namespace tripost
