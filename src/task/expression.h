// Integer expressions as data: read, computed, printed, compared. Nothing is ever evaluated as
// code.
//
// An expression holds non-negative integers, the capital letters A to Z, + - * (binary), - (unary)
// and brackets, with the usual precedence. Reading and every operation take time linear in the text
// and use no recursion, so no nesting and no length can exhaust the stack. Numbers are 64-bit; what
// does not fit is Fault::kTooLarge, never a wrapped number.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tripost {

enum class Fault { kNone, kInvalid, kBracketsDoNotMatch, kUnknownLetter, kTooLarge };

// What each letter stands for: index 0 is A.
using LetterValues = std::array<std::optional<int64_t>, 26>;
inline std::size_t letter_index(char letter) { return static_cast<std::size_t>(letter - 'A'); }

struct Computed;

class Expression {
 public:
  // Always returns; fault() says whether the text could be read.
  static Expression read(std::string_view text);

  Fault fault() const { return fault_; }
  bool readable() const { return fault_ == Fault::kNone; }
  bool is_number() const { return readable() && nodes_.back().kind == kNumber; }
  int num_operations() const { return num_operations_; }
  // In the order of first use. Empty when there are none.
  const std::string& letters() const { return letters_; }

  // Every binary operation in its own brackets, negative numbers bare: "((1 - 8) + -2)". The
  // expression must be readable.
  std::string parenthesised() const;

 private:
  friend class ExpressionReader;
  friend class ExpressionRewriting;
  friend Computed compute(const Expression& expression, const LetterValues& letters);
  friend bool same_expression(const Expression&, const Expression&,
                              const std::array<std::optional<Expression>, 26>&);
  friend bool reduces_to(const Expression&, const Computed&, const Expression&);

  static constexpr char kNumber = 'n';
  static constexpr char kNegation = '~';

  // Children precede their parent in nodes_; the last node is the root.
  struct Node {
    char kind = kNumber;  // kNumber, kNegation, + - *, or a letter
    int64_t number = 0;
    int left = -1;
    int right = -1;
  };

  std::vector<Node> nodes_;
  std::string letters_;
  int num_operations_ = 0;
  Fault fault_ = Fault::kNone;
};

using Definitions = std::array<std::optional<Expression>, 26>;

// The value of an expression and of each of its parts.
struct Computed {
  Fault fault = Fault::kNone;
  int64_t value = 0;
  std::vector<int64_t> parts;  // by node
};

Computed compute(const Expression& expression, const LetterValues& letters = {});

// Whether `expression`, with its letters replaced by their definitions, has the same operations on
// the same numbers in the same order as `other`; brackets that change nothing do not count.
// Definitions hold no letters.
bool same_expression(const Expression& expression, const Expression& other,
                     const Definitions& definitions = {});

// Whether `to` is `from` with some of its parts replaced by their values, where adding may be
// written as subtracting the opposite: "(8 - 1)" for "((7 - -1) + -1)". `values` is what compute
// gave for `from`.
bool reduces_to(const Expression& from, const Computed& values, const Expression& to);

// Whether `to` is `from` with some of its terms or factors calculated, written in another order or
// grouped another way, or neutral ones dropped: "(-4 + 12)" for "(-4 + 4 + 8)", "(1 * -30)" for
// "(1 * -6 * 5)". Equal values alone do not do, as wrong numbers can cancel out or stand beside a
// zero: not "(4 - -195)" for "(3 - -196)", nor "(0 * -8)" for "(0 * (-1 * -8))". `from_values` and
// `to_values` are what compute gave. False for expressions of more than 16 operations.
bool rewrites_to(const Expression& from, const Computed& from_values, const Expression& to,
                 const Computed& to_values);

// An optional minus and digits, nothing else; nullopt also when the number does not fit 64 bits.
std::optional<int64_t> read_integer(std::string_view text);

// The text with single blanks around binary operators and none elsewhere. The text must be
// readable.
std::string respaced(std::string_view text);

}  // namespace tripost
