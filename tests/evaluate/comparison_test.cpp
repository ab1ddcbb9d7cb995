#include "evaluate/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

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
    if (candidate.method == method && candidate.subset == subset) return candidate;
  }
  throw std::runtime_error("no line");
}

TEST(Comparison, SharesAreMeansOverSeeds) {
  const auto lines =
      compare_methods({method("a", 1, {{1, results("fb..")}, {2, results("llb.")}})}, "a");
  const ComparisonLine& seen = line(lines, "a", "seen");
  EXPECT_EQ(seen.n, 2);
  EXPECT_EQ(seen.seeds, 2);
  EXPECT_DOUBLE_EQ(seen.first, 2.0 / 4);
  EXPECT_DOUBLE_EQ(seen.final, 3.0 / 4);
  EXPECT_DOUBLE_EQ(seen.wrong_to_right, 2.0 / 4);
  EXPECT_DOUBLE_EQ(seen.right_to_wrong, 1.0 / 4);
  EXPECT_DOUBLE_EQ(line(lines, "a", "total").final, 4.0 / 8);
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

TEST(Comparison, WithoutTheReferenceNothingIsCompared) {
  const auto lines = compare_methods({method("other", 0, {{1, results("bb..")}})}, "reference");
  EXPECT_EQ(line(lines, "other", "total").to_reference.num_questions, 0);
  EXPECT_DOUBLE_EQ(line(lines, "other", "total").final, 0.5);
}

TEST(ComparisonTable, SaysTheSameInEveryFormat) {
  const auto lines = compare_methods(
      {method("a_b, c", 0, {{1, results("....")}}), method("reference", 1, {{1, results("bb..")}})},
      "reference");
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kText),
              HasSubstr("+50.0 [+0.0, +100.0]"));
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kMarkdown),
              HasSubstr("| sums | a_b, c | 0 | total | 4 | 1 | 0.0 | 0.0 |"));
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kLatex),
              HasSubstr("sums & a\\_b, c & 0 & total"));
  EXPECT_THAT(comparison_table(lines, "reference", TableFormat::kCsv),
              HasSubstr("sums,\"a_b, c\",0,total,4,1,0.000000,0.000000"));
}

}  // namespace
}  // namespace tripost
