#include "evaluate/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "evaluate/comparison_table.h"

namespace tripost {
namespace {

using testing::HasSubstr;

// One result for each letter: 'f' first right only, 'l' last right only, 'b' both, '.' none. The
// first half is of seen levels.
std::vector<Result> results(const std::string& letters) {
  std::vector<Result> all;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    all.push_back({.problem_id = "q" + std::to_string(i),
                   .seen = i < letters.size() / 2,
                   .first_correct = letters[i] == 'f' || letters[i] == 'b',
                   .final_correct = letters[i] == 'l' || letters[i] == 'b'});
  }
  return all;
}

MethodResults method(const std::string& name, int iteration,
                     std::map<uint64_t, std::vector<Result>> seeds) {
  return {.task = "sums", .method = name, .iteration = iteration, .seeds = std::move(seeds)};
}

const ComparisonLine& line(const std::vector<ComparisonLine>& lines, const std::string& method,
                           const std::string& subset) {
  for (const auto& candidate : lines) {
    if (candidate.row.labels.method == method && candidate.row.subset == subset) return candidate;
  }
  throw std::runtime_error("no line");
}

TEST(Comparison, SharesAreMeansOverSeeds) {
  const auto lines =
      compare_methods({method("a", 1, {{1, results("fb..")}, {2, results("llb.")}})}, "a");
  const ComparisonLine& seen = line(lines, "a", "seen");
  EXPECT_EQ(seen.row.n, 2);
  EXPECT_EQ(seen.seeds, 2);
  EXPECT_DOUBLE_EQ(seen.row.accuracy_first, 2.0 / 4);
  EXPECT_DOUBLE_EQ(seen.row.accuracy_final, 3.0 / 4);
  EXPECT_DOUBLE_EQ(seen.row.wrong_to_right, 2.0 / 4);
  EXPECT_DOUBLE_EQ(seen.row.right_to_wrong, 1.0 / 4);
  EXPECT_DOUBLE_EQ(line(lines, "a", "total").row.accuracy_final, 4.0 / 8);
}

TEST(Comparison, OthersAreComparedWithTheLastIterationOfTheReference) {
  const auto lines = compare_methods(
      {method("other", 0, {{1, results("....")}}), method("reference", 1, {{1, results("l...")}}),
       method("reference", 2, {{1, results("lll.")}})},
      "reference");
  EXPECT_DOUBLE_EQ(line(lines, "other", "total").to_reference.difference, 0.75);
  EXPECT_DOUBLE_EQ(lines[3].to_reference.difference, 0.5);  // its own first iteration
  EXPECT_EQ(lines.back().to_reference.num_questions, 0);    // itself
}

TEST(Comparison, OnlySeedsThatBothHaveArePaired) {
  const auto lines =
      compare_methods({method("other", 0, {{1, results("....")}, {2, results("bbbb")}}),
                       method("reference", 1, {{2, results("bbbb")}})},
                      "reference");
  const PairedDifference& difference = line(lines, "other", "total").to_reference;
  EXPECT_EQ(difference.num_pairs, 4);
  EXPECT_DOUBLE_EQ(difference.difference, 0.0);
}

TEST(Comparison, ASeedInWhichTheReferenceEndedEarlyIsComparedWithItsOwnLastIteration) {
  const auto lines =
      compare_methods({method("other", 0, {{1, results("....")}, {2, results("....")}}),
                       method("reference", 1, {{1, results("l...")}, {2, results("l...")}}),
                       method("reference", 2, {{2, results("lll.")}})},
                      "reference");
  const PairedDifference& difference = line(lines, "other", "total").to_reference;
  ASSERT_EQ(difference.by_seed.size(), 2u);
  EXPECT_DOUBLE_EQ(difference.by_seed.at(1).difference, 0.25);
  EXPECT_DOUBLE_EQ(difference.by_seed.at(2).difference, 0.75);
  EXPECT_DOUBLE_EQ(difference.difference, 0.5);
  // Its first iteration is the last one of seed 1, which is not compared with itself.
  const ComparisonLine& first = line(lines, "reference", "total");
  ASSERT_EQ(first.to_reference.by_seed.size(), 1u);
  EXPECT_DOUBLE_EQ(first.to_reference.by_seed.at(2).difference, 0.5);
  EXPECT_EQ(by_seed_text(first), "+50.0 (1 of 2)");
  EXPECT_EQ(lines.back().to_reference.num_questions, 0);
}

TEST(Comparison, WithoutTheReferenceNothingIsCompared) {
  const auto lines = compare_methods({method("other", 0, {{1, results("bb..")}})}, "reference");
  EXPECT_EQ(line(lines, "other", "total").to_reference.num_questions, 0);
  EXPECT_DOUBLE_EQ(line(lines, "other", "total").row.accuracy_final, 0.5);
}

TEST(Comparison, LevelsHaveLinesOfTheirOwnSeenOnesFirst) {
  auto questions = results("fb..");
  for (std::size_t i = 0; i < questions.size(); ++i) questions[i].level = i < 2 ? "easy" : "hard";
  std::reverse(questions.begin(), questions.end());
  const auto lines = compare_methods({method("a", 1, {{1, questions}})}, "a");
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0].row.subset, "easy");
  EXPECT_EQ(lines[0].row.seen, true);
  EXPECT_DOUBLE_EQ(lines[0].row.accuracy_first, 1.0);
  EXPECT_EQ(lines[1].row.subset, "hard");
  EXPECT_EQ(lines[1].row.seen, false);
  EXPECT_EQ(lines[2].row.seen, std::nullopt);
  const std::string text = comparison_table(lines, "a", TableFormat::kText);
  EXPECT_EQ(text.find("easy"), std::string::npos);
  EXPECT_THAT(comparison_table(lines, "a", TableFormat::kCsv),
              HasSubstr("sums,a,1,0,easy,2,1,1.0"));
}

TEST(Comparison, IntervalsAreOnQuestionsAndNotOnTheAnswersOfAllSeeds) {
  const auto lines = compare_methods(
      {method("a", 1, {{1, results("bb..")}, {2, results("bb..")}, {3, results("bb..")}})}, "a");
  const Interval one = wilson_interval(2, 4);
  EXPECT_DOUBLE_EQ(line(lines, "a", "total").row.ci95.low, one.low);
  EXPECT_DOUBLE_EQ(line(lines, "a", "total").row.ci95_first.high, one.high);
}

TEST(Comparison, AMethodWithoutResultsHasALineThatSaysWhy) {
  MethodResults none = method("TriPosT", 1, {});
  none.missing = {{42, "too few records"}, {43, "too few records"}};
  MethodResults some = method("star", 1, {{42, results("bb..")}});
  some.missing = {{43, "stopped"}};
  const auto lines = compare_methods({none, some}, "TriPosT");
  EXPECT_EQ(line(lines, "TriPosT", "total").row.n, 0);
  EXPECT_EQ(line(lines, "star", "total").to_reference.num_questions, 0);
  for (const TableFormat format :
       {TableFormat::kText, TableFormat::kMarkdown, TableFormat::kLatex, TableFormat::kCsv}) {
    const std::string table = comparison_table(lines, "TriPosT", format);
    EXPECT_THAT(table, HasSubstr("seed 42: too few records; seed 43: too few records")) << table;
    EXPECT_THAT(table, HasSubstr("seed 43: stopped"));
  }
}

TEST(Comparison, ALineSurvivesItsFile) {
  auto questions = results("fl.b");
  questions[0].feedback = {.on_wrong = 2, .negative_on_wrong = 1, .right_step = 1};
  const auto lines = compare_methods(
      {method("other", 1, {{1, questions}}), method("reference", 2, {{1, results("llll")}})},
      "reference");
  for (const ComparisonLine& original : lines) {
    const ComparisonLine copy = comparison_line_from_json(to_json(original), "here");
    EXPECT_EQ(to_json(copy).dump(), to_json(original).dump());
    EXPECT_EQ(comparison_table({copy}, "reference", TableFormat::kCsv),
              comparison_table({original}, "reference", TableFormat::kCsv));
  }
}

TEST(ComparisonTable, SaysTheSameInEveryFormat) {
  const auto lines = compare_methods(
      {method("a_b, c", 0, {{1, results("....")}}), method("reference", 1, {{1, results("bb..")}})},
      "reference");
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kText),
              HasSubstr("+50.0 [+0.0, +100.0]"));
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kMarkdown),
              HasSubstr("| a_b, c | 0 | 1 | 0.0 | 0.0 | 0.0-65.8 |"));
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kLatex),
              HasSubstr("\na\\_b, c & 0 & 1 & 0.0"));
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kCsv),
              HasSubstr("sums,\"a_b, c\",0,0,total,4,1,0.000000,0.000000,"));
}

TEST(ComparisonTable, ShowsTheDifferenceOfEverySeed) {
  const auto lines =
      compare_methods({method("other", 0, {{7, results("....")}, {8, results("lll.")}}),
                       method("reference", 1, {{7, results("lll.")}, {8, results("ll..")}})},
                      "reference");
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kMarkdown),
              HasSubstr("| 1.000 | +75.0 -25.0 |"));
  // Three questions to none, none to one: p = 2 * (1/2)^3 and 1.
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kCsv),
              HasSubstr(",7:0.750000 8:-0.250000,7:0.25 8:1,\n"));
  EXPECT_THAT(to_json(line(lines, "other", "total"))["to_reference"]["by_seed"].dump(),
              HasSubstr(R"("7":{"difference":0.75,"only_this":0,"only_reference":3,)"));
}

TEST(ComparisonTable, SaysInEveryFormatForPeopleWhatTheFiguresMean) {
  const auto lines = compare_methods(
      {method("other", 0, {{1, results("....")}}), method("reference", 1, {{1, results("bb..")}})},
      "reference");
  for (const TableFormat format :
       {TableFormat::kText, TableFormat::kMarkdown, TableFormat::kLatex}) {
    const std::string table = comparison_table(lines, "reference", format);
    for (const char* explained : {"first, final: ", "95%: Wilson", "w->r, r->w: ", "it: iteration.",
                                  "reference minus this: ", "by seed: ", "p: McNemar's"})
      EXPECT_THAT(table, HasSubstr(explained));
    EXPECT_THAT(table, testing::Not(HasSubstr("all optimisation steps in one training")));
  }
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kLatex),
              HasSubstr("\n% p: McNemar's"));
}

TEST(ComparisonTable, AMethodThatTakesItsStepsAtOnceHasNoIteration) {
  MethodResults at_once = method("LMSI", 1, {{1, results("....")}});
  at_once.all_at_once = true;
  at_once.missing = {{2, "too few records"}};
  const auto lines = compare_methods({at_once}, "reference");
  const std::string table = comparison_table(lines, "reference", TableFormat::kMarkdown);
  EXPECT_THAT(table, HasSubstr("| LMSI | - | 1 |"));
  EXPECT_THAT(table, HasSubstr("LMSI, all steps at once: seed 2: too few records"));
  EXPECT_THAT(table, HasSubstr("all optimisation steps in one training"));
  EXPECT_TRUE(comparison_line_from_json(to_json(lines[0]), "here").all_at_once);
}

// Eight methods on four tasks, with figures as wide as they come: a README shows no more than that.
TEST(ComparisonTable, TextHasNoMoreThanAHundredColumns) {
  std::vector<MethodResults> all;
  const std::string letters = std::string(30, 'l') + std::string(10, '.');
  for (const char* task : {"multistep_arithmetic", "word_sorting", "date_understanding", "logic"}) {
    for (const char* name : {"FT on rationales", "TriPosT", "FT continued", "FT on answers", "LMSI",
                             "STaR", "SI demonstrations", "TriPosT unbalanced"}) {
      auto questions = results(std::string(name) == "TriPosT" ? letters : std::string(40, '.'));
      questions[0].feedback = {.on_wrong = 1, .negative_on_wrong = 1, .right_step = 1};
      for (Result& result : questions) result.num_tokens = 1000;
      all.push_back(method(name, 3, {{42, questions}, {43, questions}, {44, questions}}));
      all.back().task = task;
    }
  }
  const std::string table =
      comparison_table(compare_methods(all, "TriPosT"), "TriPosT", TableFormat::kText);
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
}

TEST(ComparisonTable, ShowsMcNemarsTestAndHowTheModelCorrectsItself) {
  auto questions = results("fl.b");
  for (Result& result : questions) {
    result.changed = !result.first_correct;
    result.any_correct = result.first_correct || result.final_correct;
    result.num_tokens = 100;
  }
  questions[2].feedback = {.on_wrong = 4,
                           .negative_on_wrong = 3,
                           .right_step = 2,
                           .on_right = 5,
                           .negative_on_right = 1};
  const auto lines = compare_methods(
      {method("gold", 1, {{1, results("....")}}), method("reference", 1, {{1, questions}})},
      "reference");
  const std::string table = comparison_table(lines, "reference", TableFormat::kMarkdown);
  // Two questions that the reference alone got right: p = 2 * (1/2)^2.
  EXPECT_THAT(table, HasSubstr("| gold | 1 | +50.0 [+0.0, +100.0] | 0.500 | +50.0 |"));
  EXPECT_THAT(table,
              HasSubstr("| reference | 1 | total | 50.0 | 25.0 | 25.0 | 75.0 | 20.0 | 66.7 | "
                        "100 | (75.0) |"));
  EXPECT_THAT(table, testing::Not(HasSubstr("| gold | 1 | total | 0.0")));  // no feedback
}

}  // namespace
}  // namespace tripost
