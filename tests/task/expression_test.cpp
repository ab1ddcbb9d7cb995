#include "task/expression.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"

namespace tripost {
namespace {

Computed value_of(const std::string& text) { return compute(Expression::read(text)); }

TEST(Expression, ComputesWithTheUsualPrecedenceFromTheLeft) {
  EXPECT_EQ(value_of("1 + 2 * 3").value, 7);
  EXPECT_EQ(value_of("10 - 3 - 4").value, 3);
  EXPECT_EQ(value_of("2 - -7").value, 9);
  EXPECT_EQ(value_of("-2 * -3 - -4 * 5").value, 26);
  EXPECT_EQ(value_of("-(3 - 10) * 2").value, 14);
  EXPECT_EQ(value_of("2 * (3 + 4) * 5").value, 70);
  EXPECT_EQ(value_of("((1 - 8 + 6 - -6) - (-6 - 1 + -2 + 6))").value, 8);
}

TEST(Expression, TextThatIsNoExpressionIsAFaultAndNeverAnythingElse) {
  for (const char* text :
       {"", " ", "()", "1 +", "* 2", "1 2", "(1)(2)", "2 ** 3", "1 / 2", "1.5", "+1", "a", "x + 1",
        "__import__('os')", "1; 2", "\xd9\xa3", "1 - \xe2\x88\x92 2", "3 4 +", ")1 + 2("})
    EXPECT_EQ(value_of(text).fault, Fault::kInvalid) << text;
  for (const char* text : {"(1 + 2", "1 + 2)", "((8 + -1 + -4)", "(", ")"})
    EXPECT_EQ(value_of(text).fault, Fault::kBracketsDoNotMatch) << text;
  EXPECT_EQ(value_of("A + 1").fault, Fault::kUnknownLetter);
}

TEST(Expression, NumbersThatDoNotFitAreReportedAndNeverWrapped) {
  EXPECT_EQ(value_of("9223372036854775807").value, INT64_MAX);
  for (const char* text :
       {"9223372036854775808", "9223372036854775807 + 1", "-9223372036854775807 - 2",
        "4294967296 * 4294967296", "-(-9223372036854775807 - 1)", "99999999999999999999999999"})
    EXPECT_EQ(value_of(text).fault, Fault::kTooLarge) << text;
}

TEST(Expression, HundredThousandBracketsOrSignsOrNumbersAreNoDanger) {
  const std::string open(100000, '('), close(100000, ')'), minus(100000, '-');
  EXPECT_EQ(value_of(open + "7" + close).value, 7);
  EXPECT_EQ(value_of(open).fault, Fault::kBracketsDoNotMatch);
  EXPECT_EQ(value_of(minus + "7").value, 7);
  EXPECT_EQ(value_of(std::string(100000, '9')).fault, Fault::kTooLarge);
  std::string chain = "1", nested = "1";
  for (int i = 0; i < 20000; ++i) chain += " + 1";
  EXPECT_EQ(value_of(chain).value, 20001);
  const Expression read = Expression::read(chain);
  EXPECT_TRUE(same_expression(read, Expression::read(read.parenthesised())));
}

TEST(Expression, PrintsEveryOperationInItsOwnBrackets) {
  const auto print = [](const char* text) { return Expression::read(text).parenthesised(); };
  EXPECT_EQ(print("(1 - 8 + 6 - -6)"), "(((1 - 8) + 6) - -6)");
  EXPECT_EQ(print("1 - -7 + -3 * 2"), "((1 - -7) + (-3 * 2))");
  EXPECT_EQ(print("((5))"), "5");
  EXPECT_EQ(print("-7"), "-7");
  EXPECT_EQ(print("-(1 + A)"), "-(1 + A)");
}

TEST(Expression, SamenessLooksThroughBracketsAndLettersButNotAtValues) {
  Definitions definitions;
  definitions[letter_index('A')] = Expression::read("(1 + 2)");
  const auto same = [&](const char* left, const char* right) {
    return same_expression(Expression::read(left), Expression::read(right), definitions);
  };
  EXPECT_TRUE(same("(1 - 8) + 6", "1 - 8 + 6"));
  EXPECT_TRUE(same("A * 4", "((1 + 2) * 4)"));
  EXPECT_FALSE(same("A * 4", "((2 + 1) * 4)"));
  EXPECT_FALSE(same("B * 4", "((1 + 2) * 4)"));
  EXPECT_FALSE(same("1 - (8 + 6)", "1 - 8 + 6"));
  EXPECT_FALSE(same("1 + 5", "2 * 3"));
}

bool reduces(const char* from, const char* to) {
  const Expression left = Expression::read(from);
  return reduces_to(left, compute(left), Expression::read(to));
}

TEST(Expression, ReductionReplacesPartsByTheirValuesAndNothingElse) {
  EXPECT_TRUE(reduces("((3 + 4) * 0)", "(7 * 0)"));
  EXPECT_TRUE(reduces("((3 + 4) * 0)", "0"));
  EXPECT_TRUE(reduces("((3 + 4) * 0)", "((3 + 4) * 0)"));
  EXPECT_FALSE(reduces("((3 + 4) * 0)", "(8 * 0)"));
  EXPECT_FALSE(reduces("(7 * 0)", "(0 * 7)"));
  // Several parts at once; parts that cancel out are no excuse.
  EXPECT_TRUE(reduces("((1 + 2) * (3 - 5) + 4 * 4)", "(3 * -2 + 16)"));
  EXPECT_FALSE(reduces("(5 - -3)", "(4 - -4)"));
  EXPECT_FALSE(reduces("((-7 + 6) + 2)", "((-6 + 5) + 2)"));
  EXPECT_FALSE(reduces("(2 * 6)", "(3 * 4)"));
}

bool rewrites(const std::string& from, const std::string& to) {
  const Expression before = Expression::read(from), after = Expression::read(to);
  return rewrites_to(before, compute(before), after, compute(after));
}

TEST(Expression, RewritingRegroupsReordersAndDropsWhatIsNeutral) {
  EXPECT_TRUE(rewrites("(-4 + 4 + 8)", "(-4 + 12)"));
  EXPECT_TRUE(rewrites("(1 + 2 + 3 + 4)", "((1 + 4) + 5)"));
  EXPECT_TRUE(rewrites("(1 + 2 - 3)", "(0 + 0)"));
  EXPECT_TRUE(rewrites("(7 * 0)", "(0 * 7)"));
  EXPECT_TRUE(rewrites("(2 * (3 + 4) * 5)", "((4 + 3) * 10)"));
  EXPECT_TRUE(rewrites("(5 - (2 - 3))", "(8 - 2)"));
  EXPECT_TRUE(rewrites("-(2 + 3)", "(-3 - 2)"));
  EXPECT_TRUE(rewrites("(0 * -1 * -8)", "(0 * 8)"));
  EXPECT_TRUE(rewrites("((0 * -1) * -8 * 2)", "(0 * -16)"));
  EXPECT_TRUE(rewrites("(1 * 5 + 0 * 3)", "5"));
  EXPECT_TRUE(rewrites("(1 * (2 + 3))", "(3 + 2)"));
}

TEST(Expression, RewritingHasNoOtherNumbers) {
  EXPECT_FALSE(rewrites("(3 - -196)", "(4 - -195)"));
  EXPECT_FALSE(rewrites("(7 * 0)", "(8 * 0)"));
  EXPECT_FALSE(rewrites("(0 * (-1 * -8))", "(0 * -8)"));
  EXPECT_FALSE(rewrites("((21) * -9)", "(27 * -7)"));
  EXPECT_FALSE(rewrites("((7 * 3) * -9)", "(27 * -7)"));
  EXPECT_FALSE(rewrites("(3 + 4 * 0)", "(3 + 5 * 0)"));
  EXPECT_FALSE(rewrites("5", "(2 + 3)"));
  EXPECT_FALSE(rewrites("(2 * 2)", "(2 + 2)"));
  EXPECT_FALSE(rewrites("(2 + 3)", "(2 + 4)"));
  EXPECT_FALSE(rewrites("(2 + 3", "5"));
}

// Any two sums of few terms: one is a rewriting of the other when its terms can be had by adding up
// groups of the other's, which is tried here one assignment at a time.
TEST(Expression, RewritingOfSumsIsWhatTryingAllGroupsFinds) {
  Random random(31);
  int num_equal = 0, num_rewritten = 0;
  for (int repeat = 0; repeat < 20000; ++repeat) {
    std::vector<int64_t> before(2 + random.below(3)), after(2);
    for (int64_t& term : before) term = random.between(-3, 3);
    for (int64_t& term : after) term = random.between(-4, 4);
    const auto text = [](const std::vector<int64_t>& terms) {
      std::string sum;
      for (const int64_t term : terms) sum += (sum.empty() ? "" : " + ") + std::to_string(term);
      return sum;
    };
    bool expected = false;
    int64_t all = 0;
    for (const int64_t term : before) all += term;
    // Each term goes to one of the two sums or, in the end, nowhere.
    int num_assignments = 1;
    for (std::size_t i = 0; i < before.size(); ++i) num_assignments *= 3;
    for (int assignment = 0; assignment < num_assignments && !expected; ++assignment) {
      int64_t sums[3] = {0, 0, 0};
      int rest = assignment;
      for (const int64_t term : before) sums[rest % 3] += term, rest /= 3;
      expected = sums[0] == after[0] && sums[1] == after[1] && sums[2] == 0;
    }
    const bool is_equal = all == after[0] + after[1];
    num_equal += is_equal ? 1 : 0;
    num_rewritten += expected ? 1 : 0;
    ASSERT_EQ(rewrites(text(before), text(after)), expected)
        << text(before) << " = " << text(after);
  }
  EXPECT_GT(num_rewritten, 500);
  EXPECT_GT(num_equal, num_rewritten + 500);
}

TEST(Expression, ReductionMayWriteTheOppositeOfANumberBehindTheOtherSign) {
  EXPECT_TRUE(reduces("(5 - -3)", "(5 + 3)"));
  EXPECT_TRUE(reduces("(((7 - -1) + -1) + -4)", "(8 - 1 - 4)"));
  EXPECT_FALSE(reduces("(5 - (1 - 3))", "(5 + (3 - 1))"));  // in another order
  EXPECT_TRUE(reduces("(5 - (1 - 3))", "(5 + (-1 + 3))"));
  EXPECT_TRUE(reduces("-(5 - 3)", "(-5 + 3)"));
  EXPECT_FALSE(reduces("(5 - -3)", "(4 + 4)"));
  EXPECT_FALSE(reduces("(5 - -3)", "(5 - 3)"));
  // Nothing shows which factor would have changed its sign.
  EXPECT_FALSE(reduces("(5 - 7 * 0)", "(5 + 7 * 0)"));
  EXPECT_FALSE(reduces("(7 * 0)", "(-7 * 0)"));
}

TEST(Expression, RespacingKeepsTheMeaningAndMakesOneSpelling) {
  EXPECT_EQ(respaced("((1-8+  6)--6 *( 2 ))"), "((1 - 8 + 6) - -6 * (2))");
  EXPECT_EQ(respaced("- 5 + - (3)"), "-5 + -(3)");
}

TEST(Expression, IntegersAreDigitsWithAnOptionalMinus) {
  EXPECT_EQ(read_integer("-42"), -42);
  for (const char* text :
       {"", "-", "+4", "4.0", "1e3", " 4", "4 ", "0x10", "9223372036854775808", "inf", "1_000"})
    EXPECT_EQ(read_integer(text), std::nullopt) << text;
}

}  // namespace
}  // namespace tripost
