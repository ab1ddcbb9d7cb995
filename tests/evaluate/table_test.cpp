#include "evaluate/table.h"

#include <gtest/gtest.h>

namespace tripost {
namespace {

ScoreRow row(const std::string& method, int iteration, const std::string& subset, int n,
             double first, double final) {
  ScoreRow made;
  made.labels = {method, iteration, 0, 61.4};
  made.subset = subset;
  made.n = n;
  made.accuracy_first = first;
  made.accuracy_final = final;
  made.ci95 = {final - 0.05, final + 0.05};
  made.wrong_to_right = 0.062;
  made.right_to_wrong = 0.01;
  return made;
}

std::vector<ScoreRow> example() {
  return {row("fine-tuning", 0, "l3-4d2", 150, 0.6, 0.6),
          row("fine-tuning", 0, "seen", 300, 0.432, 0.432),
          row("fine-tuning", 0, "unseen", 310, 0.05, 0.05),
          row("fine-tuning", 0, "total", 610, 0.238, 0.238),
          row("TriPosT", 3, "seen", 300, 0.45, 0.502),
          row("TriPosT", 3, "total", 300, 1.0, 0.502)};
}

TEST(TextTable, IsThisTable) {
  EXPECT_EQ(text_table(example()),
            "                 seen                 unseen              total\n"
            "method       it  first  final    95%  first  final   95%  first  final    95%  w->r  "
            "r->w        n  seconds\n"
            "fine-tuning   0   43.2   43.2  38-48    5.0    5.0  0-10   23.8   23.8  19-29   6.2   "
            "1.0  300+310       61\n"
            "TriPosT       3   45.0   50.2  45-55      -      -     -  100.0   50.2  45-55   6.2   "
            "1.0    300+0       61\n"
            "\n"
            "Accuracy in %: of the first attempt, and of the final answer after self-improvement "
            "with its 95% interval (Wilson).\n"
            "w->r, r->w: % of all questions that self-improvement turned from wrong to right, from "
            "right to wrong. "
            "n: seen + unseen.\n");
}

TEST(MarkdownTable, IsThisTable) {
  const std::string table = markdown_table(example());
  EXPECT_EQ(table.substr(0, table.find("\n\n")),
            "| method | iteration | seen first | seen final (95%) | unseen first | unseen final "
            "(95%) | total first | "
            "total final (95%) | w->r | r->w | n | seconds |\n"
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
            "| fine-tuning | 0 | 43.2 | 43.2 (38-48) | 5.0 | 5.0 (0-10) | 23.8 | 23.8 (19-29) | "
            "6.2 | 1.0 | 300+310 | 61 |\n"
            "| TriPosT | 3 | 45.0 | 50.2 (45-55) | - | - (-) | 100.0 | 50.2 (45-55) | 6.2 | 1.0 | "
            "300+0 | 61 |");
}

TEST(TextTable, NamesTheSeedsWhenThereAreSeveral) {
  auto rows = example();
  EXPECT_EQ(text_table(rows).find("seed"), std::string::npos);
  rows.push_back(row("TriPosT", 3, "total", 300, 0.4, 0.4));
  rows.back().labels.seed = 1;
  const std::string table = text_table(rows);
  EXPECT_NE(table.find("TriPosT, seed 0"), std::string::npos);
  EXPECT_NE(table.find("TriPosT, seed 1"), std::string::npos);
}

TEST(Describe, SaysAPairedDifferenceInOneLine) {
  PairedDifference difference;
  difference.num_questions = 600;
  difference.difference = 0.0321;
  difference.interval = {-0.008, 0.0561};
  difference.p = 0.01234;
  EXPECT_EQ(describe(difference),
            "+3.2 points, 95% interval [-0.8, +5.6], McNemar p = 0.012, 600 questions");
}

}  // namespace
}  // namespace tripost
