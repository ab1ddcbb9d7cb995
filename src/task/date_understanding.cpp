#include "task/date_understanding.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "base/error.h"
#include "base/random.h"
#include "task/arithmetic_checker.h"
#include "task/date_checker.h"
#include "task/date_errors.h"
#include "task/date_question.h"
#include "task/date_rationale.h"
#include "task/feedback_text.h"
#include "task/lines.h"
#include "task/rewriting.h"
#include "task/split.h"

namespace tripost {
namespace {

constexpr const char* kLeadIn = "Let's think step by step.";

// Levels count the steps before the final response, the asked date's included.
constexpr const char* kShortLevel = "1-2";
constexpr const char* kLongLevel = "3+";

std::string level_of(const DateQuestion& question) {
  if (!question.answer()) return "other";
  return question.facts->steps.size() == 1 ? kShortLevel : kLongLevel;
}

int num_context_steps(const std::string& level) {
  if (level == kShortLevel) return 1;
  if (level == kLongLevel) return 2;
  fail_usage("date_understanding has no level \"{}\"; its levels are \"{}\" and \"{}\"", level,
             kShortLevel, kLongLevel);
}

Problem problem_from(const DateQuestion& question) {
  Problem problem;
  problem.question = question.text();
  problem.level = level_of(question);
  problem.id =
      fmt::format("date_understanding:{}:{:016x}", problem.level, hash_text(problem.question));
  problem.lead_in = kLeadIn;
  problem.seen = problem.level == kShortLevel;
  if (const auto answer = question.answer()) problem.gold = question.letter_of(*answer);
  if (!problem.gold.empty())
    problem.rationale =
        fmt::format("{}", fmt::join(remaining_steps(question, empty_sheet(question)), "\n"));
  return problem;
}

// Draws questions of one level and split whose context and asked date are not in `taken` yet.
class QuestionSource {
 public:
  QuestionSource(const std::string& level, Split split, uint64_t seed)
      : num_steps_(num_context_steps(level)),
        split_(split),
        random_(seed_from({seed, hash_text(level), static_cast<uint64_t>(split)})) {}

  Problem next(std::set<std::string>& taken) {
    for (int i = 0; i < kMostDraws; ++i) {
      const DateQuestion question = draw_date_question(num_steps_, random_);
      if (split_of(question.context) == split_ &&
          taken.insert(question.context + question.sentence).second)
        return problem_from(question);
    }
    fail("date_understanding: no new question in {} draws; ask for fewer problems", kMostDraws);
  }

 private:
  static constexpr int kMostDraws = 100000;

  int num_steps_;
  Split split_;
  Random random_;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char capital(char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; }

// The letter of the first "answer is (X)"; of a line that is only a letter, that. 0 for none.
char answer_letter(std::string_view line) {
  constexpr std::string_view kMarker = "answer is (";
  if (line.size() == 1 && is_letter(line[0])) return capital(line[0]);
  while (const auto rest = after(line, kMarker)) {
    if (rest->size() > 1 && is_letter((*rest)[0]) && (*rest)[1] == ')') return capital((*rest)[0]);
    line = *rest;
  }
  return 0;
}

}  // namespace

std::vector<Task::Level> DateUnderstanding::levels() const {
  return {{kShortLevel, true}, {kLongLevel, false}};
}

std::vector<Problem> DateUnderstanding::problems(Split split,
                                                 const std::vector<std::string>& levels, int count,
                                                 uint64_t seed) const {
  std::vector<QuestionSource> sources;
  for (const std::string& name : levels_to_draw(*this, split, levels))
    sources.emplace_back(name, split, seed);
  return draw_in_turn(sources, count);
}

Problem DateUnderstanding::parse_problem(const std::string& question,
                                         const std::string& where) const {
  std::string why;
  const auto read = read_date_question(question, why);
  if (!read)
    fail(
        "{}: the question \"{}\" cannot be read: {}; write one like \"Yesterday was April 30, "
        "2021. What is the date tomorrow in MM/DD/YYYY?\\nOptions:\\n(A) 05/02/2021\\n(B) "
        "05/03/2021\"",
        where, shortened(question), why);
  return problem_from(*read);
}

Verdict DateUnderstanding::grade(const Problem& problem, const std::string& attempt) const {
  const std::string_view line = answer_line(split_steps(attempt), "Feedback");
  Verdict verdict;
  const char letter = answer_letter(trimmed(line));
  if (letter == 0) {
    verdict.error =
        fmt::format("the last line does not say \"answer is (X)\": \"{}\"", shortened(line));
    return verdict;
  }
  verdict.answer = letter;
  verdict.correct = verdict.answer == problem.gold;
  return verdict;
}

Review DateUnderstanding::verify(const Problem& problem, const std::string& attempt) const {
  Review review;
  const auto question = read_date_question(problem.question, review.error);
  return question ? check_dates(*question, attempt).review : review;
}

std::optional<std::string> DateUnderstanding::improve(const Problem& problem,
                                                      const std::string& attempt,
                                                      const Review& review,
                                                      std::string& why) const {
  if (!names_a_step(review, why)) return std::nullopt;
  const auto question = read_date_question(problem.question, why);
  if (!question) return std::nullopt;
  const auto answer = question->answer();
  if (!answer) {
    why = "the question's context is not understood";
    return std::nullopt;
  }
  if (question->letter_of(*answer).empty()) {
    why = fmt::format("none of the options is {}, the date that the question asks for",
                      write_date(*answer, DateStyle::kPadded));
    return std::nullopt;
  }

  const LineReport report = check_dates(*question, attempt);
  const auto begin = line_to_rewrite(report, review, why);
  if (!begin) return std::nullopt;
  DateChecker kept(*question);
  for (std::size_t i = 0; i < *begin; ++i) kept.check(report.lines[i]);
  return rewritten(report, *begin, remaining_steps(*question, kept.sheet()));
}

std::string DateUnderstanding::praise(const std::string& attempt) const {
  int last_step = 0;
  for (const std::string_view line : split_lines(attempt)) {
    if (const auto numbered = read_numbered_line(trimmed(line))) last_step = numbered->number;
  }
  return praise_feedback(std::to_string(last_step));
}

Review DateUnderstanding::parse_feedback(const std::string& feedback) const {
  return read_feedback(feedback);
}

std::optional<InjectedError> DateUnderstanding::inject_error(const Problem& problem,
                                                             Random& random) const {
  return inject_date_error(problem, random);
}

}  // namespace tripost
