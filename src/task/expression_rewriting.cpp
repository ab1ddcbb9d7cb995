// Equal-valued rewritings: the terms of a sum and the factors of a product, in whatever order and
// grouping.
#include <algorithm>

#include "task/expression.h"

namespace tripost {
namespace {

// Beyond these nothing is searched, so that a line of any length costs milliseconds.
constexpr int kMostOperations = 16;
constexpr std::size_t kMostRegrouped = 8;

// A set of terms or factors, by bit.
using Group = uint32_t;

// A term of a sum or a factor of a product.
struct Part {
  int node;
  bool negated;
  int64_t value;  // with its sign
  Group bit = 0;  // its place in a product
};

struct Product {
  std::vector<Part> factors;
  std::vector<Group> brackets;  // the factors of each product inside it
};

enum class Kind { kSum, kProduct };

bool combine(Kind kind, int64_t a, int64_t b, int64_t& result) {
  return kind == Kind::kSum ? !__builtin_add_overflow(a, b, &result)
                            : !__builtin_mul_overflow(a, b, &result);
}

// Takes out of both what has the same value. No zeros of a product: which factors a zero takes in
// is for the groups to say.
void drop_equal(Kind kind, std::vector<Part>& before, std::vector<Part>& after) {
  std::erase_if(after, [&](const Part& part) {
    if (kind == Kind::kProduct && part.value == 0) return false;
    const auto equal = std::find_if(before.begin(), before.end(),
                                    [&](const Part& one) { return one.value == part.value; });
    if (equal == before.end()) return false;
    before.erase(equal);
    return true;
  });
}

// All groups of the parts that may be written as one number, with that number.
std::vector<std::optional<int64_t>> values_of_groups(Kind kind, const std::vector<Part>& parts,
                                                     const std::vector<Group>& brackets) {
  std::vector<std::optional<int64_t>> values(std::size_t{1} << parts.size());
  values[0] = kind == Kind::kSum ? 0 : 1;
  std::vector<Group> places(values.size(), 0);
  for (std::size_t group = 1; group < values.size(); ++group) {
    const auto last = static_cast<std::size_t>(__builtin_ctzll(group));
    const std::size_t rest = group & (group - 1);
    places[group] = places[rest] | parts[last].bit;
    int64_t value = 0;
    if (values[rest] && combine(kind, *values[rest], parts[last].value, value))
      values[group] = value;
  }
  if (kind == Kind::kSum) return values;
  // A wrong factor beside a zero changes no value: a zero takes in what it is bracketed with, no
  // more.
  for (std::size_t group = 1; group < values.size(); ++group) {
    const bool is_single = (group & (group - 1)) == 0;
    if (values[group] == 0 && !is_single &&
        std::find(brackets.begin(), brackets.end(), places[group]) == brackets.end())
      values[group].reset();
  }
  return values;
}

// Whether each of the numbers `after` is what a group of `before` gives, and the rest changes
// nothing.
bool are_regrouped(Kind kind, const std::vector<Part>& before, const std::vector<Part>& after,
                   const std::vector<Group>& brackets) {
  if (before.size() > kMostRegrouped || after.size() > before.size()) return false;
  const auto values = values_of_groups(kind, before, brackets);
  const std::size_t all = values.size() - 1;
  std::vector<bool> used(values.size(), false);
  used[0] = true;
  for (const Part& part : after) {
    std::vector<bool> next(values.size(), false);
    for (std::size_t group = 1; group <= all; ++group) {
      if (values[group] != part.value) continue;
      for (std::size_t other = 0; other <= all; ++other)
        if (used[other] && (other & group) == 0) next[other | group] = true;
    }
    used = std::move(next);
  }
  for (std::size_t group = 0; group <= all; ++group)
    if (used[group] && values[all ^ group] == values[0]) return true;
  return false;
}

}  // namespace

class ExpressionRewriting {
 public:
  ExpressionRewriting(const Expression& from, const Computed& from_values, const Expression& to,
                      const Computed& to_values)
      : from_{from, from_values}, to_{to, to_values} {}

  bool holds() const { return follows(from_.root(), to_.root(), false); }

 private:
  struct Side {
    const Expression& expression;
    const Computed& values;

    int root() const { return static_cast<int>(expression.nodes_.size()) - 1; }
    const Expression::Node& node(int index) const {
      return expression.nodes_[static_cast<std::size_t>(index)];
    }
    int64_t value(int index) const { return values.parts[static_cast<std::size_t>(index)]; }
    bool is_sum(int index) const { return node(index).kind == '+' || node(index).kind == '-'; }
    bool is_product(int index) const { return node(index).kind == '*'; }
    bool is_compound(int index) const { return is_sum(index) || is_product(index); }
  };

  static void add_terms(const Side& side, int index, bool negated, std::vector<Part>& terms) {
    const auto& node = side.node(index);
    if (node.kind == Expression::kNegation) return add_terms(side, node.left, !negated, terms);
    if (side.is_sum(index)) {
      add_terms(side, node.left, negated, terms);
      return add_terms(side, node.right, negated != (node.kind == '-'), terms);
    }
    terms.push_back({index, negated, negated ? -side.value(index) : side.value(index)});
  }

  static Group add_factors(const Side& side, int index, Product& product) {
    if (side.is_product(index)) {
      const Group left = add_factors(side, side.node(index).left, product);
      const Group both = left | add_factors(side, side.node(index).right, product);
      product.brackets.push_back(both);
      return both;
    }
    const Group bit = Group{1} << product.factors.size();
    product.factors.push_back({index, false, side.value(index), bit});
    return bit;
  }

  // Whether the part of `to` is the part of `from` rewritten, or its opposite.
  bool follows(int from, int to, bool negated) const {
    for (; from_.node(from).kind == Expression::kNegation; negated = !negated)
      from = from_.node(from).left;
    for (; to_.node(to).kind == Expression::kNegation; negated = !negated) to = to_.node(to).left;
    if (from_.value(from) != (negated ? -to_.value(to) : to_.value(to))) return false;
    if (!to_.is_compound(to)) return true;
    return from_.is_sum(from) ? terms_follow(from, to, negated) : factors_follow(from, to);
  }

  bool terms_follow(int from, int to, bool negated) const {
    std::vector<Part> before, after;
    add_terms(from_, from, negated, before);
    add_terms(to_, to, false, after);
    if (!compounds_follow(before, after)) return false;
    for (auto* terms : {&before, &after})
      std::erase_if(*terms, [](const Part& term) { return term.value == 0; });
    drop_equal(Kind::kSum, before, after);
    return are_regrouped(Kind::kSum, before, after, {});
  }

  bool factors_follow(int from, int to) const {
    Product before, after;
    add_factors(from_, from, before);
    add_factors(to_, to, after);
    if (!compounds_follow(before.factors, after.factors)) return false;
    drop_equal(Kind::kProduct, before.factors, after.factors);
    return are_regrouped(Kind::kProduct, before.factors, after.factors, before.brackets);
  }

  // Takes out of both what is no number in `after`, each part with the one that it rewrites.
  bool compounds_follow(std::vector<Part>& before, std::vector<Part>& after) const {
    std::vector<Part> numbers;
    for (const Part& part : after) {
      if (!to_.is_compound(part.node)) {
        numbers.push_back(part);
        continue;
      }
      const auto rewritten = std::find_if(before.begin(), before.end(), [&](const Part& one) {
        return from_.is_compound(one.node) && one.value == part.value &&
               follows(one.node, part.node, one.negated != part.negated);
      });
      if (rewritten == before.end()) return false;
      before.erase(rewritten);
    }
    after = std::move(numbers);
    return true;
  }

  Side from_, to_;
};

bool rewrites_to(const Expression& from, const Computed& from_values, const Expression& to,
                 const Computed& to_values) {
  if (from_values.fault != Fault::kNone || to_values.fault != Fault::kNone) return false;
  if (std::max(from.num_operations(), to.num_operations()) > kMostOperations) return false;
  return ExpressionRewriting(from, from_values, to, to_values).holds();
}

}  // namespace tripost
