#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "evaluate/comparison.h"

namespace tripost {
namespace {

using Cells = std::vector<std::string>;

std::string percent(double share) { return fmt::format("{:.1f}", 100 * share); }

// "+3.2 [+0.8, +5.6]", in points; a dash for the reference itself.
std::string difference_text(const ComparisonLine& line) {
  const PairedDifference& difference = line.to_reference;
  if (difference.num_questions == 0) return "-";
  return fmt::format("{:+.1f} [{:+.1f}, {:+.1f}]", 100 * difference.difference,
                     100 * difference.interval.low, 100 * difference.interval.high);
}

Cells header(const std::string& reference) {
  return {"task",  "method", "it",  "subset", "n",    "seeds",
          "first", "final",  "95%", "w->r",   "r->w", reference + " minus this"};
}

Cells cells_of(const ComparisonLine& line) {
  return {line.task,
          line.method,
          std::to_string(line.iteration),
          line.subset,
          std::to_string(line.n),
          std::to_string(line.seeds),
          percent(line.first),
          percent(line.final),
          fmt::format("{:.1f}-{:.1f}", 100 * line.final_ci95.low, 100 * line.final_ci95.high),
          percent(line.wrong_to_right),
          percent(line.right_to_wrong),
          difference_text(line)};
}

std::string legend(const std::string& reference) {
  return fmt::format(
      "Accuracy in %, means over seeds: of the first attempt, of the final answer with its 95% "
      "interval (Wilson, on n questions).\n"
      "w->r, r->w: % of questions that self-improvement turned right, turned wrong. {} minus this: "
      "final answers on the same\n"
      "questions, in points, 95% interval (bootstrap over questions and seeds).\n",
      reference);
}

constexpr std::size_t kFirstNumber = 4;  // columns before it are words, aligned left

std::string aligned(const std::vector<Cells>& table) {
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

std::string markdown(const std::vector<Cells>& table) {
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
    text += c;
  }
  const auto arrow = text.find("->");
  return arrow == std::string::npos ? text : text.replace(arrow, 2, "$\\to$");
}

std::string latex(std::vector<Cells> table) {
  for (Cells& row : table) std::transform(row.begin(), row.end(), row.begin(), escaped_for_latex);
  std::string text = "\\begin{tabular}{" + std::string(kFirstNumber, 'l') +
                     std::string(table.front().size() - kFirstNumber, 'r') + "}\n\\hline\n";
  text += joined(table.front(), "", " & ", " \\\\");
  text += "\\hline\n";
  for (std::size_t i = 1; i < table.size(); ++i) text += joined(table[i], "", " & ", " \\\\");
  return text + "\\hline\n\\end{tabular}\n";
}

std::string quoted_for_csv(const std::string& cell) {
  return cell.find_first_of(",\"\n") == std::string::npos ? cell : '"' + cell + '"';
}

// For programs: shares in 0..1, every figure in a column of its own, no difference where there is
// none.
std::string csv(const std::vector<ComparisonLine>& lines) {
  std::string text =
      "task,method,iteration,subset,n,seeds,first,final,final_low,final_high,wrong_to_right,right_"
      "to_wrong,"
      "difference,difference_low,difference_high,p\n";
  for (const ComparisonLine& line : lines) {
    text +=
        fmt::format("{},{},{},{},{},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f}",
                    quoted_for_csv(line.task), quoted_for_csv(line.method), line.iteration,
                    line.subset, line.n, line.seeds, line.first, line.final, line.final_ci95.low,
                    line.final_ci95.high, line.wrong_to_right, line.right_to_wrong);
    const PairedDifference& difference = line.to_reference;
    text += difference.num_questions == 0
                ? std::string(",,,,\n")
                : fmt::format(",{:.6f},{:.6f},{:.6f},{:.6g}\n", difference.difference,
                              difference.interval.low, difference.interval.high, difference.p);
  }
  return text;
}

}  // namespace

std::string comparison_table(const std::vector<ComparisonLine>& lines, const std::string& reference,
                             TableFormat format) {
  if (format == TableFormat::kCsv) return csv(lines);
  std::vector<Cells> table = {header(reference)};
  for (const ComparisonLine& line : lines) table.push_back(cells_of(line));
  switch (format) {
    case TableFormat::kText:
      return aligned(table) + "\n" + legend(reference);
    case TableFormat::kMarkdown:
      return markdown(table);
    case TableFormat::kLatex:
      return latex(std::move(table));
    case TableFormat::kCsv:
      break;
  }
  assert(false);
  return "";
}

}  // namespace tripost
