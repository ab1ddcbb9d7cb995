#include "task/arithmetic_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "base/error.h"
#include "task/lines.h"

namespace tripost {
namespace {

// Letters A to Z name the leaves, and a question has to fit a model's context by a wide margin.
constexpr int kMostLeaves = 26;
constexpr int kLongestLeaf = 30;

const char* describe(Fault fault) {
  switch (fault) {
    case Fault::kBracketsDoNotMatch:
      return "the number of left and right brackets do not match";
    case Fault::kTooLarge:
      return "number too large for 64 bits";
    default:
      return "it is not an expression of integers, + - * and brackets";
  }
}

std::vector<std::string> innermost_brackets(const std::string& expression) {
  std::vector<std::string> groups;
  std::size_t open = std::string::npos;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    if (expression[i] == '(') open = i;
    if (expression[i] == ')' && open != std::string::npos) {
      groups.push_back(expression.substr(open, i + 1 - open));
      open = std::string::npos;
    }
  }
  return groups;
}

// The shape of one bracket: how long its leaves are and how many children each level has; irregular
// when they differ.
struct Shape {
  int length = 0;
  std::string depths;
  bool regular = true;
  bool operator==(const Shape&) const = default;
};

struct OpenBracket {
  int num_children = 0;
  Shape child;  // of every child so far; length 0 for a number

  void add(const Shape& shape) {
    if (num_children > 0 && !(shape == child)) child.regular = false;
    if (num_children == 0) child = shape;
    ++num_children;
  }

  Shape closed() const {
    Shape shape = child;
    if (child.length == 0) {
      shape.length = num_children;
    } else if (num_children < 2 || num_children > 9 || child.depths.size() >= 8) {
      shape.regular = false;
    } else {
      shape.depths.insert(shape.depths.begin(), static_cast<char>('0' + num_children));
    }
    return shape;
  }
};

std::string level_of(const std::string& expression) {
  std::vector<OpenBracket> open(1);
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    const bool in_number =
        i > 0 && std::string_view("0123456789").find(expression[i - 1]) != std::string_view::npos;
    if (c == '(') {
      open.emplace_back();
    } else if (c == ')') {
      const Shape shape = open.back().closed();
      open.pop_back();
      open.back().add(shape);
    } else if (c >= '0' && c <= '9' && !in_number) {
      open.back().add(Shape());
    }
  }
  const Shape& shape = open.back().child;
  if (open.back().num_children != 1 || !shape.regular || shape.depths.empty()) return "other";
  if (shape.length == 3 || shape.length == 4) return "l3-4d" + shape.depths;
  if (shape.length == 5 || shape.length == 6) return "l5-6d" + shape.depths;
  return fmt::format("l{}d{}", shape.length, shape.depths);
}

std::string draw_bracket(const ArithmeticLevel& level, std::size_t depth, int length,
                         Random& random) {
  static const std::vector<std::string> kOperations = {" + ", " - ", " * "};
  const bool is_leaf = depth == level.depths.size();
  const int count = is_leaf ? length : level.depths[depth];
  std::string text = "(";
  for (int i = 0; i < count; ++i) {
    if (i > 0) text += random.pick(kOperations);
    text += is_leaf ? std::to_string(random.between(-9, 9))
                    : draw_bracket(level, depth + 1, length, random);
  }
  return text + ")";
}

}  // namespace

std::string ArithmeticQuestion::without_outer_brackets() const {
  int depth = 0;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    if (expression[i] == '(') ++depth;
    if (expression[i] == ')') --depth;
    if (depth == 0) {
      const bool around_all = expression[i] == ')' && i + 1 == expression.size();
      return around_all ? expression.substr(1, expression.size() - 2) : expression;
    }
  }
  return expression;
}

std::optional<ArithmeticQuestion> read_arithmetic_question(std::string_view text,
                                                           std::string& why) {
  text = trimmed(text);
  if (text.starts_with("Q:")) text = trimmed(text.substr(2));
  if (text.ends_with('=')) text = trimmed(text.substr(0, text.size() - 1));
  ArithmeticQuestion question;
  question.parsed = Expression::read(text);
  const Computed computed = compute(question.parsed);
  if (computed.fault != Fault::kNone) {
    why = describe(computed.fault);
    return std::nullopt;
  }
  question.value = computed.value;
  question.expression = respaced(text);
  question.leaves = innermost_brackets(question.expression);
  question.level = level_of(question.expression);
  return question;
}

std::vector<Task::Level> paper_levels() {
  return {{"l3-4d2", true},  {"l3-4d22", true},  {"l3-4d222", false},
          {"l5-6d2", false}, {"l5-6d22", false}, {"l5-6d222", false}};
}

bool is_seen_level(const std::string& name) {
  const auto levels = paper_levels();
  return std::any_of(levels.begin(), levels.end(),
                     [&](const Task::Level& level) { return level.name == name && level.seen; });
}

ArithmeticLevel arithmetic_level(const std::string& name) {
  const auto refuse = [&](const std::string& reason) {
    std::vector<std::string> known;
    for (const auto& level : paper_levels()) known.push_back(level.name);
    const std::string nearest = nearest_name(name, known);
    fail_usage("multistep_arithmetic has no level \"{}\": {}{}", name, reason,
               nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest));
  };
  const std::size_t depth_mark = name.find('d');
  if (!name.starts_with('l') || depth_mark == std::string::npos)
    refuse("a level is l<length>[-<longest length>]d<children per bracket, outside first>");
  const std::string lengths = name.substr(1, depth_mark - 1);
  const std::size_t dash = lengths.find('-');
  const auto shortest = read_integer(lengths.substr(0, dash));
  const auto longest =
      dash == std::string::npos ? shortest : read_integer(lengths.substr(dash + 1));
  if (!shortest || !longest || *shortest < 2 || *longest < *shortest || *longest > kLongestLeaf)
    refuse(fmt::format("lengths go from 2 to {}, the shorter first", kLongestLeaf));
  ArithmeticLevel level{name, static_cast<int>(*shortest), static_cast<int>(*longest), {}};
  int num_leaves = 1;
  for (const char digit : name.substr(depth_mark + 1)) {
    if (digit < '2' || digit > '9') refuse("a bracket has 2 to 9 children");
    level.depths.push_back(digit - '0');
    num_leaves *= level.depths.back();
    if (num_leaves > kMostLeaves) refuse("it has more leaves than there are letters");
  }
  if (level.depths.empty()) refuse("it needs at least one depth after the d");
  return level;
}

std::string draw_expression(const ArithmeticLevel& level, int length, Random& random) {
  return draw_bracket(level, 0, length, random);
}

}  // namespace tripost
