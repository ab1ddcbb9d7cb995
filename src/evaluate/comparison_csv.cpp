#include "evaluate/comparison_csv.h"

#include <fmt/format.h>

namespace tripost {
namespace {

constexpr const char* kHeader =
    "task,method,iteration,all_at_once,subset,n,seeds,first,first_low,first_high,final,final_low,"
    "final_high,changed,wrong_to_right,right_to_wrong,negative_on_wrong,negative_on_right,"
    "right_step,tokens_per_question,oracle,paired_seeds,difference,difference_low,difference_high,"
    "p,difference_by_seed,p_by_seed,missing\n";
constexpr std::size_t kFigures = 14;           // from "first" to "oracle"
constexpr std::size_t kDifferenceFigures = 7;  // from "paired_seeds" to "p_by_seed"

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string number(double value) { return fmt::format("{:.6f}", value); }

std::vector<std::string> figures_of(const ScoreRow& row) {
  std::vector<std::string> figures;
  for (const double share :
       {row.accuracy_first, row.ci95_first.low, row.ci95_first.high, row.accuracy_final,
        row.ci95.low, row.ci95.high, row.changed, row.wrong_to_right, row.right_to_wrong})
    figures.push_back(number(share));
  for (const auto& share : {row.negative_on_wrong, row.negative_on_right, row.right_step})
    figures.push_back(share ? number(*share) : "");
  figures.push_back(fmt::format("{:.2f}", row.tokens_per_question));
  figures.push_back(number(row.accuracy_oracle));
  return figures;
}

std::vector<std::string> figures_of(const PairedDifference& difference) {
  std::vector<std::string> differences, ps;
  for (const auto& [seed, found] : difference.by_seed) {
    differences.push_back(fmt::format("{}:{:.6f}", seed, found.difference));
    ps.push_back(fmt::format("{}:{:.6g}", seed, found.p));
  }
  return {std::to_string(difference.by_seed.size()), number(difference.difference),
          number(difference.interval.low),           number(difference.interval.high),
          fmt::format("{:.6g}", difference.p),       fmt::format("{}", fmt::join(differences, " ")),
          fmt::format("{}", fmt::join(ps, " "))};
}

void append(std::vector<std::string>& cells, const std::vector<std::string>& more) {
  cells.insert(cells.end(), more.begin(), more.end());
}

}  // namespace

std::string comparison_csv(const std::vector<ComparisonLine>& lines) {
  std::string text = kHeader;
  for (const ComparisonLine& line : lines) {
    const ScoreRow& row = line.row;
    std::vector<std::string> cells = {quoted(row.task),
                                      quoted(row.labels.method),
                                      std::to_string(row.labels.iteration),
                                      line.all_at_once ? "1" : "0",
                                      quoted(row.subset),
                                      std::to_string(row.n),
                                      std::to_string(line.seeds)};
    append(cells, row.n > 0 ? figures_of(row) : std::vector<std::string>(kFigures));
    append(cells, line.to_reference.num_questions > 0
                      ? figures_of(line.to_reference)
                      : std::vector<std::string>(kDifferenceFigures));
    cells.push_back(quoted(line.missing));
    text += fmt::format("{}\n", fmt::join(cells, ","));
  }
  return text;
}

}  // namespace tripost
