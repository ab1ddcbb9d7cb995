// Questions of multistep arithmetic: reading one, its level, and generating new ones (BIG-bench's
// task of that name).
//
// A question is "((1 - 8 + 6) - (-6 - 1 + -2)) =". Its leaves are its innermost brackets, from left
// to right. The split of a question is a function of its hash alone, so our own splits cannot
// overlap. The reference's training files are a random sample of the seen levels: whichever way a
// question of theirs hashes, reading it with parse_problem works and training on it is right. A
// test question of ours equals one of theirs only by a chance of under 1e-6 for a whole test set
// (the smallest seen level has 1e10 questions).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "task/expression.h"
#include "task/task.h"

namespace tripost {

struct ArithmeticQuestion {
  std::string expression;  // single blanks around binary operators: the identity of the question
  Expression parsed;
  int64_t value = 0;
  std::vector<std::string> leaves;  // each with its brackets
  std::string level;                // "l3-4d22"; "other" when it has no regular shape

  std::string text() const { return expression + " ="; }
  // The expression without brackets around the whole of it, as the feedback quotes it.
  std::string without_outer_brackets() const;
};

// "Q: " in front and "=" behind are optional. nullopt when it cannot be read or computed; `why`
// then says so.
std::optional<ArithmeticQuestion> read_arithmetic_question(std::string_view text, std::string& why);

// What a level's questions look like: leaves of one length between shortest and longest, and a tree
// of brackets whose nodes have depths[0] children, then depths[1], ... The name is "l3-4d22", or
// "l7d2" for one length.
struct ArithmeticLevel {
  std::string name;
  int shortest = 0;
  int longest = 0;
  std::vector<int> depths;
};

// The paper's six, in the order of its tables, and whether it trains on them.
std::vector<Task::Level> paper_levels();
bool is_seen_level(const std::string& name);

// Throws UsageError for a name that is no level, naming the nearest of the paper's.
ArithmeticLevel arithmetic_level(const std::string& name);

// The expression of one question: numbers -9..9 and operations + - *, every draw uniform, leaves of
// `length` numbers.
std::string draw_expression(const ArithmeticLevel& level, int length, Random& random);

}  // namespace tripost
