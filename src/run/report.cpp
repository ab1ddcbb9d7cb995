#include "run/report.h"

#include "base/error.h"
#include "run/report_data.h"
#include "run/report_html.h"
#include "run/report_page.h"

namespace tripost {
namespace {

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f}", *share * 100) : "-";
}

std::string interval(const ScoreRow& row) {
  return row.ci95 ? fmt::format("{:.1f} - {:.1f}", (*row.ci95)[0] * 100, (*row.ci95)[1] * 100)
                  : "-";
}

// The columns of both text forms.
std::vector<std::string> cells(const ScoreRow& row) {
  return {row.method,
          std::to_string(row.iteration),
          std::to_string(row.seed),
          row.subset,
          std::to_string(row.n),
          percent(row.accuracy_first),
          percent(row.accuracy_final),
          interval(row),
          percent(row.wrong_to_right),
          percent(row.right_to_wrong)};
}

const std::vector<std::string> kHeads = {
    "method",  "iteration", "seed",         "questions",      "n",
    "first %", "final %",   "95% interval", "wrong->right %", "right->wrong %"};

std::string plain_table(const std::vector<ScoreRow>& rows) {
  std::vector<std::vector<std::string>> lines = {kHeads};
  for (const ScoreRow& row : rows) {
    if (is_summary(row)) lines.push_back(cells(row));
  }
  if (lines.size() == 1) return "no scores yet\n";
  std::vector<std::size_t> widths(kHeads.size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const auto& line : lines) {
    std::string shown = fmt::format("{:<{}}", line[0], widths[0]);
    for (std::size_t i = 1; i < line.size(); ++i)
      shown += fmt::format("  {:>{}}", line[i], widths[i]);
    text += shown + "\n";
  }
  return text;
}

std::string escape_cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '<' || c == '*' || c == '_' || c == '`' || c == '[')
      escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

std::string markdown_row(const std::vector<std::string>& texts) {
  std::string row = "|";
  for (const std::string& text : texts) row += " " + escape_cell(text) + " |";
  return row + "\n";
}

std::string markdown(const ReportData& data) {
  std::string text = fmt::format("# {}\n\n", escape_cell(data.name));
  for (const std::string& note : data.notes)
    text += fmt::format("Not shown in full: {}\n\n", escape_cell(note));
  text += markdown_row(kHeads) + markdown_row(std::vector<std::string>(kHeads.size(), "---"));
  for (const ScoreRow& row : data.scores) text += markdown_row(cells(row));
  if (data.outcomes.empty()) return text;
  std::vector<std::string> heads = {"iteration"};
  for (std::size_t i = 0; i < OutcomeCounts::kNumOutcomes; ++i)
    heads.emplace_back(words_of(static_cast<Outcome>(i)));
  text += "\n## How attempts were edited\n\n" + markdown_row(heads) +
          markdown_row(std::vector<std::string>(heads.size(), "---"));
  for (const OutcomeCounts& counts : data.outcomes) {
    std::vector<std::string> texts = {std::to_string(counts.iteration)};
    for (const int64_t count : counts.counts) texts.push_back(std::to_string(count));
    text += markdown_row(texts);
  }
  return text;
}

}  // namespace

Report make_report(const RunDirectory& run, int num_examples) {
  const ReportData data = read_report_data(run, num_examples);
  return {.html = to_html(data), .markdown = markdown(data), .table = plain_table(data.scores)};
}

}  // namespace tripost
