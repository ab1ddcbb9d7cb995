#include "evaluate/comparison_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "evaluate/comparison_csv.h"
#include "evaluate/figure_table.h"

namespace tripost {
namespace {

using Cells = std::vector<std::string>;

constexpr std::size_t kWidth = 100;  // of text, in columns
const std::vector<std::string> kSubsets = {"seen", "unseen", "total"};

// One method at one iteration: its summaries, nullptr where there is none.
struct Entry {
  const ComparisonLine* any = nullptr;
  std::map<std::string, const ComparisonLine*> subsets;

  const ComparisonLine* of(const std::string& subset) const {
    const auto found = subsets.find(subset);
    return found == subsets.end() || found->second->row.n == 0 ? nullptr : found->second;
  }
};

struct TaskEntries {
  std::string task;
  std::vector<Entry> entries;
};

bool same_run(const ScoreRow& a, const ScoreRow& b) {
  return a.labels.method == b.labels.method && a.labels.iteration == b.labels.iteration;
}

std::vector<TaskEntries> by_task(const std::vector<ComparisonLine>& lines) {
  std::vector<TaskEntries> tasks;
  for (const ComparisonLine& line : lines) {
    if (!is_summary(line.row)) continue;
    auto task = std::find_if(tasks.begin(), tasks.end(),
                             [&](const TaskEntries& known) { return known.task == line.row.task; });
    if (task == tasks.end()) task = tasks.insert(tasks.end(), {.task = line.row.task});
    if (task->entries.empty() || !same_run(task->entries.back().any->row, line.row))
      task->entries.push_back({.any = &line});
    task->entries.back().subsets[line.row.subset] = &line;
  }
  return tasks;
}

std::string percent(double share) { return fmt::format("{:.1f}", 100 * share); }

std::string percent(const std::optional<double>& share) { return share ? percent(*share) : "-"; }

bool is_compared(const ComparisonLine* line) {
  return line && line->to_reference.num_questions > 0;
}

bool corrects_itself(const ComparisonLine* line) {
  return line && (line->row.negative_on_wrong || line->row.negative_on_right);
}

Cells labels_of(const Entry& entry) {
  return {entry.any->row.labels.method,
          entry.any->all_at_once ? "-" : std::to_string(entry.any->row.labels.iteration)};
}

// Text is for a glance on a terminal, where tenths of an interval's end have no room.
std::string interval_text(const Interval& interval, TableFormat format) {
  return format == TableFormat::kText
             ? fmt::format("{:.0f}-{:.0f}", 100 * interval.low, 100 * interval.high)
             : fmt::format("{:.1f}-{:.1f}", 100 * interval.low, 100 * interval.high);
}

FigureTable accuracies(const TaskEntries& task, TableFormat format) {
  FigureTable table = {{{"", "method", true}, {"", "it"}, {"", "seeds"}}, {}};
  for (const std::string& subset : kSubsets) {
    for (const char* head : {"first", "final", "95%"}) table.columns.push_back({subset, head});
  }
  for (const char* head : {"w->r", "r->w"}) table.columns.push_back({"", head});
  for (const Entry& entry : task.entries) {
    Cells cells = labels_of(entry);
    cells.push_back(std::to_string(entry.any->seeds));
    for (const std::string& subset : kSubsets) {
      const ComparisonLine* const line = entry.of(subset);
      cells.push_back(line ? percent(line->row.accuracy_first) : "-");
      cells.push_back(line ? percent(line->row.accuracy_final) : "-");
      cells.push_back(line ? interval_text(line->row.ci95, format) : "-");
    }
    const ComparisonLine* const total = entry.of("total");
    cells.push_back(total ? percent(total->row.wrong_to_right) : "-");
    cells.push_back(total ? percent(total->row.right_to_wrong) : "-");
    table.rows.push_back(std::move(cells));
  }
  return table;
}

FigureTable differences_in_total(const TaskEntries& task, const std::string& reference) {
  FigureTable table = {{{"", "method", true},
                        {"", "it"},
                        {"", reference + " minus this, total"},
                        {"", "p"},
                        {"", "by seed", true}},
                       {}};
  for (const Entry& entry : task.entries) {
    const ComparisonLine* const total = entry.of("total");
    if (!is_compared(total)) continue;
    Cells cells = labels_of(entry);
    cells.insert(cells.end(), {difference_text(total->to_reference), p_text(total->to_reference),
                               by_seed_text(*total)});
    table.rows.push_back(std::move(cells));
  }
  return table;
}

FigureTable differences_seen_and_unseen(const TaskEntries& task, const std::string& reference) {
  FigureTable table = {{{"", "method", true}, {"", "it"}}, {}};
  for (const char* subset : {"seen", "unseen"}) {
    table.columns.push_back({"", fmt::format("{} minus this, {}", reference, subset)});
    table.columns.push_back({"", "p"});
  }
  for (const Entry& entry : task.entries) {
    if (!is_compared(entry.of("seen")) && !is_compared(entry.of("unseen"))) continue;
    Cells cells = labels_of(entry);
    for (const char* subset : {"seen", "unseen"}) {
      const ComparisonLine* const line = entry.of(subset);
      cells.push_back(line ? difference_text(line->to_reference) : "-");
      cells.push_back(line ? p_text(line->to_reference) : "-");
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// Of the methods that were tested with their own feedback.
FigureTable corrections(const TaskEntries& task) {
  FigureTable table = {{{"", "method", true},
                        {"", "it"},
                        {"", "questions", true},
                        {"", "changed"},
                        {"", "w->r"},
                        {"", "r->w"},
                        {"flags", "wrong"},
                        {"flags", "right"},
                        {"flags", "step"},
                        {"", "tokens"},
                        {"", "oracle"}},
                       {}};
  for (const Entry& entry : task.entries) {
    for (const std::string& subset : kSubsets) {
      const ComparisonLine* const line = entry.of(subset);
      if (!corrects_itself(line)) continue;
      const ScoreRow& row = line->row;
      Cells cells = labels_of(entry);
      cells.push_back(subset);
      for (const double share : {row.changed, row.wrong_to_right, row.right_to_wrong})
        cells.push_back(percent(share));
      for (const auto& share : {row.negative_on_wrong, row.negative_on_right, row.right_step})
        cells.push_back(percent(share));
      cells.push_back(fmt::format("{:.0f}", row.tokens_per_question));
      cells.push_back("(" + percent(row.accuracy_oracle) + ")");
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

// "sums: 1000 seen and 1000 unseen questions".
std::string heading_of(const TaskEntries& task) {
  Cells sizes;
  for (const char* subset : {"seen", "unseen"}) {
    int n = 0;
    for (const Entry& entry : task.entries)
      n = std::max(n, entry.of(subset) ? entry.of(subset)->row.n : 0);
    if (n > 0) sizes.push_back(fmt::format("{} {}", n, subset));
  }
  return sizes.empty() ? task.task
                       : fmt::format("{}: {} questions", task.task, fmt::join(sizes, " and "));
}

// One sentence for each method that has no results, or not for all seeds.
Cells missing_of(const TaskEntries& task) {
  Cells sentences;
  for (const Entry& entry : task.entries) {
    const auto total = entry.subsets.find("total");
    if (total == entry.subsets.end() || total->second->missing.empty()) continue;
    sentences.push_back(fmt::format("Missing: {}, {}, {}: {}", task.task,
                                    entry.any->row.labels.method, when_tested(*entry.any),
                                    total->second->missing));
  }
  return sentences;
}

Cells legend_of(const std::vector<TaskEntries>& tasks, const std::string& reference) {
  const auto any = [&](const auto& holds) {
    return std::any_of(tasks.begin(), tasks.end(), [&](const TaskEntries& task) {
      return std::any_of(task.entries.begin(), task.entries.end(), holds);
    });
  };
  Cells legend = {
      "first, final: accuracy in % of the first attempt and of the final answer, means over seeds.",
      "95%: Wilson's interval of the final accuracy, on the questions and not on all seeds' "
      "answers.",
      "w->r, r->w: % of all questions that self-improvement turned from wrong to right, from right "
      "to wrong.",
      "it: iteration."};
  if (any([](const Entry& entry) { return entry.any->all_at_once; }))
    legend.back() += " A dash: all optimisation steps in one training, without iterations.";
  if (any([](const Entry& entry) { return is_compared(entry.of("total")); })) {
    const Cells more = difference_legend(reference);
    legend.insert(legend.end(), more.begin(), more.end());
  }
  if (any([](const Entry& entry) { return corrects_itself(entry.of("total")); })) {
    legend.emplace_back(
        "changed: % of final answers that are not the first attempt. flags wrong, right: % of "
        "wrong and of right attempts that the model's own feedback calls wrong; step: % of those "
        "flagged wrong ones where it names the verifier's step. tokens: generated for a "
        "question. oracle: if somebody who knows the answer stopped at the right attempt; no "
        "method's score.");
  }
  return legend;
}

std::string formatted(const FigureTable& table, TableFormat format) {
  if (table.rows.empty()) return "";
  return "\n" + (format == TableFormat::kMarkdown ? markdown_of(table)
                 : format == TableFormat::kLatex  ? latex_of(table)
                                                  : text_of(table));
}

std::string headed(const std::string& heading, TableFormat format) {
  switch (format) {
    case TableFormat::kMarkdown:
      return "**" + heading + "**\n";
    case TableFormat::kLatex:
      return "% " + heading + "\n";
    default:
      return heading + "\n";
  }
}

std::string wrapped(const std::string& sentence, const char* before) {
  std::istringstream words(sentence);
  std::string text, line;
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > kWidth) {
      text += line + "\n";
      line.clear();
    }
    line += (line.empty() ? before : " ") + word;
  }
  return text + line + "\n";
}

// A paragraph in Markdown; comments in LaTeX.
std::string explained(const Cells& legend, TableFormat format) {
  if (format == TableFormat::kMarkdown) return fmt::format("\n{}\n", fmt::join(legend, " "));
  std::string text = "\n";
  for (const std::string& sentence : legend)
    text += wrapped(sentence, format == TableFormat::kLatex ? "% " : "");
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

std::string by_seed_text(const ComparisonLine& line) {
  const auto& by_seed = line.to_reference.by_seed;
  if (by_seed.empty()) return "-";
  Cells differences;
  for (const auto& [seed, found] : by_seed)
    differences.push_back(fmt::format("{:+.1f}", 100 * found.difference));
  if (static_cast<int>(by_seed.size()) < line.seeds)
    differences.push_back(fmt::format("({} of {})", by_seed.size(), line.seeds));
  return fmt::format("{}", fmt::join(differences, " "));
}

std::vector<std::string> difference_legend(const std::string& reference) {
  return {fmt::format("{} minus this: final answers on the same questions, in points, of each seed "
                      "after its last iteration of {}; interval: 95%, bootstrap over questions and "
                      "seeds, too narrow with few seeds.",
                      reference, reference),
          "by seed: the same of each seed, and how many are paired where not all are.",
          "p: McNemar's exact test within each seed; the largest of them, and 1 where seeds differ "
          "in sign: p of the claim that one is better in every seed (intersection-union test, "
          "Berger 1982)."};
}

std::string comparison_table(const std::vector<ComparisonLine>& lines, const std::string& reference,
                             TableFormat format) {
  if (format == TableFormat::kCsv) return comparison_csv(lines);
  const std::vector<TaskEntries> tasks = by_task(lines);
  const std::string comment = format == TableFormat::kLatex ? "% " : "";
  std::string text;
  for (const TaskEntries& task : tasks) {
    text += (text.empty() ? "" : "\n") + headed(heading_of(task), format);
    for (const FigureTable& table :
         {accuracies(task, format), differences_in_total(task, reference),
          differences_seen_and_unseen(task, reference), corrections(task)})
      text += formatted(table, format);
    for (const std::string& sentence : missing_of(task)) text += "\n" + comment + sentence + "\n";
  }
  return text + explained(legend_of(tasks, reference), format);
}

}  // namespace tripost
