#include "report/report.h"

#include <fmt/format.h>

#include "base/file.h"
#include "evaluate/comparison_table.h"
#include "report/data.h"
#include "report/html.h"
#include "report/page.h"
#include "report/tables.h"

namespace tripost {
namespace {

std::string escape_markdown(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '<' || c == '*' || c == '_' || c == '`' || c == '[')
      escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

// Names come from files, so they are escaped before the table is made of them.
std::vector<ComparisonLine> all_lines(const ReportData& data, bool for_markdown) {
  std::vector<ComparisonLine> lines;
  for (const TaskData& task : data.tasks) {
    for (ComparisonLine line : task.lines) {
      if (for_markdown) {
        for (std::string* text :
             {&line.row.task, &line.row.labels.method, &line.row.subset, &line.missing})
          *text = escape_markdown(*text);
      }
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::string markdown_row(const std::vector<std::string>& texts) {
  return fmt::format("| {} |\n", fmt::join(texts, " | "));
}

std::string outcomes_markdown(const ReportData& data) {
  if (data.outcomes.empty()) return "";
  std::vector<std::string> heads = {"iteration"};
  for (std::size_t i = 0; i < OutcomeCounts::kNumOutcomes; ++i)
    heads.emplace_back(words_of(static_cast<Outcome>(i)));
  std::string text = "\n## How attempts were edited\n\n" + markdown_row(heads) +
                     markdown_row(std::vector<std::string>(heads.size(), "---:"));
  for (const OutcomeCounts& counts : data.outcomes) {
    std::vector<std::string> texts = {std::to_string(counts.iteration)};
    for (const int64_t count : counts.counts) texts.push_back(std::to_string(count));
    text += markdown_row(texts);
  }
  return text;
}

std::string diagnosis_markdown(const ReportData& data) {
  std::string text;
  for (const TaskData& task : data.tasks) {
    for (const DiagnosisRow& row : task.diagnosis) {
      std::vector<std::string> texts = {escape_markdown(task.task), std::to_string(row.iteration),
                                        escape_markdown(row.questions),
                                        row.level.empty() ? "all" : escape_markdown(row.level)};
      for (const std::string& cell : diagnosis_cells(row.counts)) texts.push_back(cell);
      text += markdown_row(texts);
    }
  }
  if (text.empty()) return "";
  return "\n## Updates under the task's own feedback\n\n" +
         markdown_row({"task", "iteration", "attempts", "level", "asked", "right %", "further %",
                       "unchanged %"}) +
         markdown_row({"---", "---:", "---", "---", "---:", "---:", "---:", "---:"}) + text + "\n" +
         kDiagnosisLegend + "\n";
}

std::string markdown(const ReportData& data) {
  std::string text = fmt::format("# {}\n\n", escape_markdown(data.name));
  for (const std::string& note : data.notes)
    text += fmt::format("Not shown in full: {}\n\n", escape_markdown(note));
  const auto lines = all_lines(data, true);
  text += lines.empty()
              ? "No scores yet.\n"
              : comparison_table(lines, escape_markdown(data.reference), TableFormat::kMarkdown);
  return text + diagnosis_markdown(data) + outcomes_markdown(data);
}

}  // namespace

Report make_report(const RunDirectory& run, int num_examples) {
  const ReportData data = read_report_data(run, num_examples);
  const auto lines = all_lines(data, false);
  return {.html = to_html(data),
          .markdown = markdown(data),
          .table = lines.empty() ? "no scores yet\n"
                                 : comparison_table(lines, data.reference, TableFormat::kText)};
}

Report write_report(const RunDirectory& run, int num_examples) {
  Report report = make_report(run, num_examples);
  write_file_atomically(run.report_html(), report.html);
  write_file_atomically(run.report_markdown(), report.markdown);
  return report;
}

}  // namespace tripost
