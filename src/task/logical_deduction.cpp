#include "task/logical_deduction.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "base/error.h"
#include "base/random.h"
#include "task/arithmetic_checker.h"
#include "task/feedback_text.h"
#include "task/lines.h"
#include "task/logical_deduction_checker.h"
#include "task/logical_deduction_errors.h"
#include "task/logical_deduction_generator.h"
#include "task/logical_deduction_question.h"
#include "task/logical_deduction_rationale.h"
#include "task/rewriting.h"
#include "task/split.h"

namespace tripost {
namespace {

constexpr const char* kLeadIn =
    "Let's think step by step. Let \"??\" represents 0 or more objects, and \"?\" represents "
    "exactly 1 object.";

// The paper trains on three and five objects and tests on seven as well.
const std::vector<Task::Level>& deduction_levels() {
  static const std::vector<Task::Level> levels = {{"3", true}, {"5", true}, {"7", false}};
  return levels;
}

// The number of objects that a level's name says.
int level_size(const std::string& name) {
  const bool is_digit = name.size() == 1 && name[0] >= '3' && name[0] <= '0' + kMostObjects;
  if (!is_digit)
    fail_usage(
        "logical_deduction has no level \"{}\": a level is a number of objects from 3 to {}, in "
        "the "
        "paper 3, 5 and 7",
        name, kMostObjects);
  return name[0] - '0';
}

Problem problem_from(const DeductionQuestion& question) {
  Problem problem;
  problem.question = question.text();
  problem.level = std::to_string(question.options.size());
  problem.id =
      fmt::format("logical_deduction:{}:{:016x}", problem.level, hash_text(problem.question));
  problem.lead_in = kLeadIn;
  problem.gold = question.letter();
  for (const Task::Level& level : deduction_levels())
    if (level.name == problem.level) problem.seen = level.seen;
  problem.rationale = fmt::format(
      "{}",
      fmt::join(write_steps(question, remaining_steps(question, empty_sheet(question))), "\n"));
  return problem;
}

// Draws questions of one level and split that are not in `taken` yet.
class QuestionSource {
 public:
  QuestionSource(const std::string& level, Split split, uint64_t seed)
      : num_objects_(level_size(level)),
        split_(split),
        random_(seed_from({seed, hash_text(level), static_cast<uint64_t>(split)})) {}

  Problem next(std::set<std::string>& taken) {
    for (int i = 0; i < kMostDraws; ++i) {
      const std::string text = draw_deduction_question(num_objects_, random_);
      if (split_of(text) != split_ || !taken.insert(text).second) continue;
      std::string why;
      if (const auto question = read_deduction_question(text, why)) return problem_from(*question);
      fail("logical_deduction generated a question that it cannot read ({}): {}", why, text);
    }
    fail("logical_deduction level {}: no new question in {} draws; ask for fewer problems",
         num_objects_, kMostDraws);
  }

 private:
  static constexpr int kMostDraws = 10000;

  int num_objects_;
  Split split_;
  Random random_;
};

}  // namespace

std::vector<Task::Level> LogicalDeduction::levels() const { return deduction_levels(); }

std::vector<Problem> LogicalDeduction::problems(Split split, const std::vector<std::string>& levels,
                                                int count, uint64_t seed) const {
  std::vector<QuestionSource> sources;
  for (const std::string& name : levels_to_draw(*this, split, levels))
    sources.emplace_back(name, split, seed);
  return draw_in_turn(sources, count);
}

Problem LogicalDeduction::parse_problem(const std::string& question,
                                        const std::string& where) const {
  std::string why;
  const auto read = read_deduction_question(question, why);
  if (!read)
    fail(
        "{}: the question \"{}\" cannot be read: {}; write BIG-bench's preamble, the objects after "
        "a "
        "colon, the clues, then a line \"Options:\" and one line for each option",
        where, shortened(question), why);
  return problem_from(*read);
}

Verdict LogicalDeduction::grade(const Problem& problem, const std::string& attempt) const {
  const std::string_view line = answer_line(split_steps(attempt), "Feedback");
  Verdict verdict;
  std::optional<char> letter = answer_letter(line);
  // An answer-only model writes the bare letter.
  if (line.size() == 1) letter = answer_letter(fmt::format("answer is ({})", line));
  if (!letter) {
    verdict.error =
        fmt::format("the last line does not say \"the answer is (X)\": \"{}\"", shortened(line));
    return verdict;
  }
  verdict.answer = *letter;
  verdict.correct = verdict.answer == problem.gold;
  return verdict;
}

Review LogicalDeduction::verify(const Problem& problem, const std::string& attempt) const {
  Review review;
  const auto question = read_deduction_question(problem.question, review.error);
  return question ? check_deduction(*question, attempt).review : review;
}

std::optional<std::string> LogicalDeduction::improve(const Problem& problem,
                                                     const std::string& attempt,
                                                     const Review& review, std::string& why) const {
  if (!names_a_step(review, why)) return std::nullopt;
  const auto question = read_deduction_question(problem.question, why);
  if (!question) return std::nullopt;

  const LineReport report = check_deduction(*question, attempt);
  const auto begin = line_to_rewrite(report, review, why);
  if (!begin) return std::nullopt;
  DeductionChecker kept(*question);
  for (std::size_t i = 0; i < *begin; ++i) kept.check(report.lines[i]);
  const auto steps = remaining_steps(*question, kept.sheet());
  if (steps.empty()) {
    why = "the clues leave more than one ordering";
    return std::nullopt;
  }
  return rewritten(report, *begin, write_steps(*question, steps));
}

std::string LogicalDeduction::praise(const std::string& attempt) const {
  int last_step = 0;
  for (const std::string_view line : split_lines(attempt)) {
    if (const auto numbered = read_numbered_line(line)) last_step = numbered->number;
  }
  return praise_feedback(std::to_string(last_step));
}

Review LogicalDeduction::parse_feedback(const std::string& feedback) const {
  return read_feedback(feedback);
}

std::optional<InjectedError> LogicalDeduction::inject_error(const Problem& problem,
                                                            Random& random) const {
  return inject_deduction_error(problem, random);
}

}  // namespace tripost
