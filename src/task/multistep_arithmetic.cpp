#include "task/multistep_arithmetic.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "task/arithmetic_checker.h"
#include "task/arithmetic_errors.h"
#include "task/arithmetic_question.h"
#include "task/arithmetic_rationale.h"
#include "task/arithmetic_recalculation.h"
#include "task/feedback_text.h"
#include "task/lines.h"
#include "task/rewriting.h"
#include "task/split.h"

namespace tripost {
namespace {

// "(4) addition and multiplication" is the reference's slip; it is part of the data format.
constexpr const char* kLeadIn =
    "Let's think step by step. Recall that the order of operations in mathematics is as follows: "
    "(1) Parentheses, (2) "
    "exponents, (3) multiplication and division (from left to right), (4) addition and "
    "multiplication (from left to "
    "right). So, remember to always compute the expressions inside parentheses or brackets first.";

Problem problem_from(const ArithmeticQuestion& question, const std::string& level) {
  Problem problem;
  problem.question = question.text();
  problem.level = level;
  problem.id = fmt::format("multistep_arithmetic:{}:{:016x}", level, hash_text(problem.question));
  problem.lead_in = kLeadIn;
  problem.gold = std::to_string(question.value);
  problem.seen = is_seen_level(level);
  if (const auto sheet = gold_worksheet(question))
    problem.rationale =
        fmt::format("{}\n{}", partition_step(*sheet), fmt::join(remaining_steps(*sheet), "\n"));
  return problem;
}

std::string after_opening(const std::string& opening, const std::string& verdict) {
  return opening.empty() ? verdict : opening + " " + verdict;
}

// Puts the calculations before the verdict, and the value that was found into its reason, so that
// the last thing said of the operation is its value and not what the attempt has.
void calculate_again(const std::string& attempt, Review& review) {
  Recalculation again = recalculate(attempt, review.step);
  if (!again.value.empty() && review.reason.starts_with(kCalculationError)) {
    const std::string seen = std::exchange(review.reason, kCalculationError + again.value);
    review.feedback.replace(review.feedback.rfind(seen), seen.size(), review.reason);
  }
  review.feedback = after_opening(again.text, review.feedback);
  review.recalculation = std::move(again.text);
}

// Draws questions of one level and split that are not in `taken` yet.
class QuestionSource {
 public:
  QuestionSource(ArithmeticLevel level, Split split, uint64_t seed)
      : level_(std::move(level)),
        split_(split),
        random_(seed_from({seed, hash_text(level_.name), static_cast<uint64_t>(split)})) {}

  Problem next(std::set<std::string>& taken) {
    const int num_lengths = level_.longest - level_.shortest + 1;
    const int length = level_.shortest + num_drawn_++ % num_lengths;
    for (int i = 0; i < kMostDraws; ++i) {
      const std::string text = draw_expression(level_, length, random_) + " =";
      if (split_of(text) != split_ || !taken.insert(text).second) continue;
      std::string why;
      // A value that does not fit 64 bits is as rare as it is possible.
      if (const auto question = read_arithmetic_question(text, why))
        return problem_from(*question, level_.name);
    }
    fail("multistep_arithmetic level {}: no new question in {} draws; ask for fewer problems",
         level_.name, kMostDraws);
  }

 private:
  static constexpr int kMostDraws = 100000;

  ArithmeticLevel level_;
  Split split_;
  Random random_;
  int num_drawn_ = 0;
};

}  // namespace

std::vector<Task::Level> MultistepArithmetic::levels() const { return paper_levels(); }

std::vector<Problem> MultistepArithmetic::problems(Split split,
                                                   const std::vector<std::string>& levels,
                                                   int count, uint64_t seed) const {
  std::vector<QuestionSource> sources;
  for (const std::string& name : levels_to_draw(*this, split, levels))
    sources.emplace_back(arithmetic_level(name), split, seed);
  return draw_in_turn(sources, count);
}

Problem MultistepArithmetic::parse_problem(const std::string& question,
                                           const std::string& where) const {
  std::string why;
  const auto read = read_arithmetic_question(question, why);
  if (!read)
    fail(
        "{}: the question \"{}\" cannot be read: {}; write one like \"((1 - 8 + 6) * (-6 - 1)) =\"",
        where, shortened(question), why);
  return problem_from(*read, read->level);
}

Verdict MultistepArithmetic::grade(const Problem& problem, const std::string& attempt) const {
  constexpr std::string_view kMarker = "the answer is ";
  const std::string_view line = answer_line(split_steps(attempt), "Feedback");
  const auto answer = after(line, kMarker);
  Verdict verdict;
  if (!answer) {
    verdict.error =
        fmt::format("the last line does not say \"the answer is\": \"{}\"", shortened(line));
    return verdict;
  }
  verdict.answer =
      trimmed(answer->ends_with('.') ? answer->substr(0, answer->size() - 1) : *answer);
  const auto number = read_integer(verdict.answer);
  if (!number) {
    verdict.error =
        fmt::format("the answer \"{}\" is not an integer of 64 bits", shortened(verdict.answer));
    verdict.answer.clear();
    return verdict;
  }
  verdict.correct = number == read_integer(problem.gold);
  return verdict;
}

Review MultistepArithmetic::verify(const Problem& problem, const std::string& attempt) const {
  Review review;
  const auto question = read_arithmetic_question(problem.question, review.error);
  if (!question) return review;
  review = check_arithmetic(*question, attempt).review;
  if (review.error.empty() && style_ == FeedbackStyle::kRecalculated)
    calculate_again(attempt, review);
  return review;
}

std::optional<std::string> MultistepArithmetic::improve(const Problem& problem,
                                                        const std::string& attempt,
                                                        const Review& review,
                                                        std::string& why) const {
  if (!names_a_step(review, why)) return std::nullopt;
  const auto question = read_arithmetic_question(problem.question, why);
  if (!question) return std::nullopt;
  const auto gold = gold_worksheet(*question);
  if (!gold) {
    why = "the question has no rationale in this form";
    return std::nullopt;
  }

  const LineReport report = check_arithmetic(*question, attempt);
  const auto begin = line_to_rewrite(report, review, why);
  if (!begin) return std::nullopt;
  if (*begin == 0) return problem_from(*question, problem.level).rationale;

  ArithmeticChecker kept(*question);
  for (std::size_t i = 0; i < *begin; ++i) kept.check(report.lines[i]);
  return rewritten(report, *begin, remaining_steps(kept.sheet()));
}

std::string MultistepArithmetic::praise(const std::string& attempt) const {
  int last_step = 0;
  for (const std::string_view line : split_lines(attempt)) {
    if (const auto numbered = read_numbered_line(line)) last_step = numbered->number;
  }
  const std::string praise = praise_feedback(std::to_string(last_step));
  return style_ == FeedbackStyle::kPaper ? praise
                                         : after_opening(recalculate(attempt, "").text, praise);
}

Review MultistepArithmetic::parse_feedback(const std::string& feedback) const {
  return read_feedback(feedback);
}

std::optional<InjectedError> MultistepArithmetic::inject_error(const Problem& problem,
                                                               Random& random) const {
  return inject_arithmetic_error(problem, random);
}

}  // namespace tripost
