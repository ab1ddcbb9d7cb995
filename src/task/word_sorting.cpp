#include "task/word_sorting.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "base/error.h"
#include "base/random.h"
#include "task/feedback_text.h"
#include "task/lines.h"
#include "task/rewriting.h"
#include "task/word_sorting_checker.h"
#include "task/word_sorting_errors.h"
#include "task/word_sorting_question.h"
#include "task/word_sorting_rationale.h"

namespace tripost {
namespace {

constexpr const char* kLeadIn = "Let's think step by step.";

Problem problem_from(const SortingQuestion& question) {
  const SortingLevel& level = level_of_count(question.words.size());
  Problem problem;
  problem.question = question.text();
  problem.level = level.level.name;
  problem.id = fmt::format("word_sorting:{}:{:016x}", problem.level, hash_text(problem.question));
  problem.lead_in = kLeadIn;
  problem.gold = fmt::format("{}", fmt::join(question.sorted, " "));
  problem.seen = level.level.seen;
  if (question.prefix_pair.empty())
    problem.rationale =
        fmt::format("{}", fmt::join(remaining_sorting_steps(SortingSheet(question.words)), "\n"));
  return problem;
}

// Draws questions of one level and split that are not in `taken` yet.
class ListSource {
 public:
  ListSource(const SortingLevel& level, Split split, uint64_t seed)
      : level_(level),
        split_(split),
        random_(seed_from({seed, hash_text(level.level.name), static_cast<uint64_t>(split)})) {}

  Problem next(std::set<std::string>& taken) {
    const int num_counts = level_.most - level_.fewest + 1;
    const int count = level_.fewest + num_drawn_++ % num_counts;
    for (int i = 0; i < kMostDraws; ++i) {
      SortingQuestion question;
      question.words = draw_words(count, random_);
      std::string why;
      const auto read = read_sorting_question(question.text(), why);
      if (split_of(*read) == split_ && taken.insert(read->text()).second)
        return problem_from(*read);
    }
    fail("word_sorting level {}: no new list in {} draws; ask for fewer problems",
         level_.level.name, kMostDraws);
  }

 private:
  static constexpr int kMostDraws = 100000;

  const SortingLevel& level_;
  Split split_;
  Random random_;
  int num_drawn_ = 0;
};

}  // namespace

std::vector<Task::Level> WordSorting::levels() const {
  std::vector<Level> levels;
  for (const SortingLevel& level : sorting_levels()) levels.push_back(level.level);
  return levels;
}

std::vector<Problem> WordSorting::problems(Split split, const std::vector<std::string>& levels,
                                           int count, uint64_t seed) const {
  std::vector<ListSource> sources;
  for (const std::string& name : levels_to_draw(*this, split, levels))
    sources.emplace_back(sorting_level(name), split, seed);
  return draw_in_turn(sources, count);
}

Problem WordSorting::parse_problem(const std::string& question, const std::string& where) const {
  std::string why;
  const auto read = read_sorting_question(question, why);
  if (!read)
    fail(
        "{}: the question \"{}\" cannot be read: {}; write one like \"Sort the following words "
        "alphabetically:\\nList: oven costume counterpart\"",
        where, shortened(question), why);
  return problem_from(*read);
}

Json WordSorting::answer_of(const Problem& problem) const {
  Json words = Json::array();
  for (const std::string& word : split_words(problem.gold)) words.push_back(word);
  return words;
}

Verdict WordSorting::grade(const Problem& problem, const std::string& attempt) const {
  const std::string_view line = answer_line(split_steps(attempt), "Feedback:");
  const auto answer = after(line, "the answer is:");
  Verdict verdict;
  if (!answer) {
    verdict.error =
        fmt::format("the last line does not say \"the answer is:\": \"{}\"", shortened(line));
    return verdict;
  }
  const std::size_t stop = answer->rfind('.');
  if (stop == std::string_view::npos) {
    verdict.error =
        fmt::format("the answer does not end with a full stop: \"{}\"", shortened(line));
    return verdict;
  }
  verdict.answer = fmt::format("{}", fmt::join(split_words(answer->substr(0, stop)), " "));
  verdict.correct = verdict.answer == problem.gold;
  return verdict;
}

Review WordSorting::verify(const Problem& problem, const std::string& attempt) const {
  Review review;
  const auto question = read_sorting_question(problem.question, review.error);
  return question ? check_sorting(*question, attempt).review : review;
}

std::optional<std::string> WordSorting::improve(const Problem& problem, const std::string& attempt,
                                                const Review& review, std::string& why) const {
  if (!names_a_step(review, why)) return std::nullopt;
  const auto question = read_sorting_question(problem.question, why);
  if (!question) return std::nullopt;
  if (!question->prefix_pair.empty()) {
    why = fmt::format("letters cannot order {}", question->prefix_pair);
    return std::nullopt;
  }

  const LineReport report = check_sorting(*question, attempt);
  const auto begin = line_to_rewrite(report, review, why);
  if (!begin) return std::nullopt;

  SortingChecker kept(*question);
  for (std::size_t i = 0; i < *begin; ++i) kept.check(report.lines[i]);
  return rewritten(report, *begin, remaining_sorting_steps(kept.sheet()));
}

std::string WordSorting::praise(const std::string& attempt) const {
  StepNumber last_step = {0};
  for (const std::string_view line : split_lines(attempt)) {
    if (const auto numbered = read_sorting_line(line)) last_step = numbered->number;
  }
  return praise_feedback(to_text(last_step));
}

Review WordSorting::parse_feedback(const std::string& feedback) const {
  return read_feedback(feedback);
}

std::optional<InjectedError> WordSorting::inject_error(const Problem& problem,
                                                       Random& random) const {
  return inject_sorting_error(problem, random);
}

}  // namespace tripost
