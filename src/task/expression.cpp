#include "task/expression.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <utility>

namespace tripost {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_sum(char c) { return c == '+' || c == '-'; }
bool is_operator(char c) { return is_sum(c) || c == '*'; }

bool apply(char operation, int64_t left, int64_t right, int64_t& result) {
  switch (operation) {
    case '+':
      return !__builtin_add_overflow(left, right, &result);
    case '-':
      return !__builtin_sub_overflow(left, right, &result);
    default:
      return !__builtin_mul_overflow(left, right, &result);
  }
}

}  // namespace

// Dijkstra's shunting yard: two explicit stacks in place of recursion.
class ExpressionReader {
 public:
  explicit ExpressionReader(std::string_view text) : text_(text) {
    // "(a + b)" is 7 bytes and 3 nodes; without this, growing the vectors is a third of the time.
    result_.nodes_.reserve(text.size() / 2 + 1);
    operands_.reserve(text.size() / 4 + 1);
    pending_.reserve(text.size() / 4 + 1);
  }

  Expression read() {
    while (position_ < text_.size() && result_.fault_ == Fault::kNone) step();
    if (result_.fault_ == Fault::kNone && expects_operand_) result_.fault_ = Fault::kInvalid;
    reduce_while([](char pending) { return pending != '('; });
    if (result_.fault_ == Fault::kNone && !pending_.empty()) result_.fault_ = Fault::kInvalid;
    if (result_.fault_ == Fault::kInvalid &&
        std::count(text_.begin(), text_.end(), '(') != std::count(text_.begin(), text_.end(), ')'))
      result_.fault_ = Fault::kBracketsDoNotMatch;
    assert(result_.fault_ != Fault::kNone || operands_.size() == 1);
    return std::move(result_);
  }

 private:
  using Node = Expression::Node;

  void step() {
    const char c = text_[position_];
    if (is_blank(c)) {
      ++position_;
    } else if (expects_operand_) {
      read_operand(c);
    } else {
      read_operator(c);
    }
  }

  void read_operand(char c) {
    if (is_digit(c)) return read_number();
    ++position_;
    if (c == '(') {
      pending_.push_back('(');
    } else if (c == '-') {
      pending_.push_back(Expression::kNegation);
    } else if (is_letter(c)) {
      if (result_.letters_.find(c) == std::string::npos) result_.letters_ += c;
      push({.kind = c});
    } else {
      result_.fault_ = Fault::kInvalid;
    }
  }

  void read_number() {
    Node node;
    const char* begin = text_.data() + position_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), node.number);
    position_ += static_cast<std::size_t>(end - begin);
    if (error != std::errc()) result_.fault_ = Fault::kTooLarge;
    push(node);
  }

  void read_operator(char c) {
    ++position_;
    if (c == ')') {
      reduce_while([](char pending) { return pending != '('; });
      if (pending_.empty()) {
        result_.fault_ = Fault::kInvalid;
        return;
      }
      pending_.pop_back();
      negate();
    } else if (is_operator(c)) {
      reduce_while([c](char pending) { return pending == '*' || (c != '*' && pending != '('); });
      pending_.push_back(c);
      expects_operand_ = true;
    } else {
      result_.fault_ = Fault::kInvalid;
    }
  }

  void push(Node node) {
    result_.nodes_.push_back(node);
    operands_.push_back(static_cast<int>(result_.nodes_.size()) - 1);
    expects_operand_ = false;
    negate();
  }

  // Applies the minus signs before the operand just completed. -7 becomes a number: it prints and
  // compares as one.
  void negate() {
    while (!pending_.empty() && pending_.back() == Expression::kNegation) {
      pending_.pop_back();
      Node& operand = result_.nodes_[static_cast<std::size_t>(operands_.back())];
      if (operand.kind == Expression::kNumber) {
        operand.number = -operand.number;
      } else {
        result_.nodes_.push_back({.kind = Expression::kNegation, .left = operands_.back()});
        operands_.back() = static_cast<int>(result_.nodes_.size()) - 1;
      }
    }
  }

  template <class Condition>
  void reduce_while(Condition condition) {
    while (result_.fault_ == Fault::kNone && !pending_.empty() && condition(pending_.back())) {
      const int right = operands_.back();
      operands_.pop_back();
      result_.nodes_.push_back({.kind = pending_.back(), .left = operands_.back(), .right = right});
      operands_.back() = static_cast<int>(result_.nodes_.size()) - 1;
      pending_.pop_back();
      ++result_.num_operations_;
    }
  }

  std::string_view text_;
  std::size_t position_ = 0;
  bool expects_operand_ = true;
  std::vector<char> pending_;  // operators and open brackets that wait for their right side
  std::vector<int> operands_;
  Expression result_;
};

Expression Expression::read(std::string_view text) { return ExpressionReader(text).read(); }

std::string Expression::parenthesised() const {
  assert(readable());
  std::string text;
  constexpr int kClose = -1;
  // Entries below kClose are operators still to be written: kClose - 1 - character.
  std::vector<int> todo = {static_cast<int>(nodes_.size()) - 1};
  while (!todo.empty()) {
    const int entry = todo.back();
    todo.pop_back();
    if (entry == kClose) {
      text += ')';
    } else if (entry < kClose) {
      text += {' ', static_cast<char>(kClose - 1 - entry), ' '};
    } else if (const Node& node = nodes_[static_cast<std::size_t>(entry)]; node.kind == kNumber) {
      text += std::to_string(node.number);
    } else if (is_letter(node.kind)) {
      text += node.kind;
    } else if (node.kind == kNegation) {
      text += '-';
      todo.push_back(node.left);
    } else {
      text += '(';
      todo.insert(todo.end(), {kClose, node.right, kClose - 1 - node.kind, node.left});
    }
  }
  return text;
}

Computed compute(const Expression& expression, const LetterValues& letters) {
  Computed result{.fault = expression.fault_};
  if (result.fault != Fault::kNone) return result;
  result.parts.reserve(expression.nodes_.size());
  for (const auto& node : expression.nodes_) {
    const auto part = [&](int child) { return result.parts[static_cast<std::size_t>(child)]; };
    int64_t value = node.number;
    if (is_letter(node.kind)) {
      const auto& bound = letters[letter_index(node.kind)];
      if (!bound) result.fault = Fault::kUnknownLetter;
      value = bound.value_or(0);
    } else if (node.kind == Expression::kNegation) {
      if (!apply('-', 0, part(node.left), value)) result.fault = Fault::kTooLarge;
    } else if (node.kind != Expression::kNumber) {
      if (!apply(node.kind, part(node.left), part(node.right), value))
        result.fault = Fault::kTooLarge;
    }
    if (result.fault != Fault::kNone) return result;
    result.parts.push_back(value);
  }
  result.value = result.parts.back();
  return result;
}

bool same_expression(const Expression& expression, const Expression& other,
                     const Definitions& definitions) {
  if (!expression.readable() || !other.readable()) return false;
  struct Pair {
    const Expression* left;
    int left_node;
    int right_node;
  };
  std::vector<Pair> todo = {{&expression, static_cast<int>(expression.nodes_.size()) - 1,
                             static_cast<int>(other.nodes_.size()) - 1}};
  while (!todo.empty()) {
    Pair pair = todo.back();
    todo.pop_back();
    const auto* left = &pair.left->nodes_[static_cast<std::size_t>(pair.left_node)];
    const auto& right = other.nodes_[static_cast<std::size_t>(pair.right_node)];
    if (is_letter(left->kind) && left->kind != right.kind) {
      const auto& definition = definitions[letter_index(left->kind)];
      if (!definition || !definition->readable()) return false;
      pair.left = &*definition;
      left = &definition->nodes_.back();
    }
    if (left->kind != right.kind || left->number != right.number) return false;
    if (left->left >= 0) todo.push_back({pair.left, left->left, right.left});
    if (left->right >= 0) todo.push_back({pair.left, left->right, right.right});
  }
  return true;
}

bool reduces_to(const Expression& from, const Computed& values, const Expression& to) {
  if (values.fault != Fault::kNone || !to.readable()) return false;
  struct Pair {
    int from;
    int to;
    bool negated;  // `to` has the opposite value
  };
  std::vector<Pair> todo = {
      {static_cast<int>(from.nodes_.size()) - 1, static_cast<int>(to.nodes_.size()) - 1, false}};
  while (!todo.empty()) {
    const auto [from_node, to_node, negated] = todo.back();
    todo.pop_back();
    const auto& left = from.nodes_[static_cast<std::size_t>(from_node)];
    const auto& right = to.nodes_[static_cast<std::size_t>(to_node)];
    if (right.kind == Expression::kNumber) {
      const int64_t number = negated ? -right.number : right.number;
      if (values.parts[static_cast<std::size_t>(from_node)] != number) return false;
    } else if (right.kind == Expression::kNegation) {
      todo.push_back({from_node, right.left, !negated});
    } else if (left.kind == Expression::kNegation) {
      todo.push_back({left.left, to_node, !negated});
    } else if (is_sum(left.kind) && is_sum(right.kind)) {
      todo.push_back({left.left, right.left, negated});
      todo.push_back({left.right, right.right, negated != (left.kind != right.kind)});
    } else if (left.kind == '*' && right.kind == '*' && !negated) {
      todo.push_back({left.left, right.left, false});
      todo.push_back({left.right, right.right, false});
    } else {
      return false;
    }
  }
  return true;
}

std::optional<int64_t> read_integer(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string respaced(std::string_view text) {
  std::string result;
  bool expects_operand = true;
  for (const char c : text) {
    if (is_blank(c)) continue;
    if (is_operator(c) && !expects_operand) {
      result += {' ', c, ' '};
      expects_operand = true;
    } else {
      result += c;
      expects_operand = c == '(' || c == '-';
    }
  }
  return result;
}

}  // namespace tripost
