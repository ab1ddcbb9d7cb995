#include "cli/task_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/random.h"

namespace tripost {
namespace {

constexpr int kShown = 10;  // cases of each sort

// The share of injected errors that a verifier may miss. The steps of arithmetic and sorting have
// one form each and can be checked to the letter; those of other tasks are closer to free text.
double most_missed(const Task& task) {
  return task.name() == "multistep_arithmetic" || task.name() == "word_sorting" ? 0.005 : 0.01;
}

std::string share(int part, int whole) {
  return whole == 0 ? "-" : fmt::format("{}/{}", part, whole);
}

}  // namespace

void TaskCheck::run(const std::vector<Problem>& problems, const std::string& stage) {
  int64_t done = 0;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    check_interrupt();
    check(problems[i], problems[(i + 1) % problems.size()]);
    terminal_.update({.stage = stage,
                      .done = ++done,
                      .total = static_cast<int64_t>(problems.size()),
                      .unit = "problems",
                      .detail = ""});
  }
}

void TaskCheck::failed(const std::string& what, const Json& about) {
  Json one = {{"case", "failed"}, {"what", what}};
  one.update(about);
  cases_.push_back(std::move(one));
  if (++failures_ > kShown) return;
  const std::string id = about.contains("id") ? about["id"].get<std::string>() + ": " : "";
  const std::string question =
      about.contains("question") ? "\n  Q: " + about["question"].get<std::string>() : "";
  terminal_.message("failed: " + id + what + question);
}

TaskCheck::Tally& TaskCheck::tally_of(const std::string& level) {
  for (auto& [known, tally] : tallies_)
    if (known == level) return tally;
  return tallies_.emplace_back(level, Tally{}).second;
}

bool TaskCheck::expect(bool holds, const Problem& problem, const std::string& what) {
  if (!holds) failed(what, {{"id", problem.id}, {"question", problem.question}});
  return holds;
}

void TaskCheck::check(const Problem& problem, const Problem& other) {
  Tally& tally = tally_of(problem.level);
  ++tally.problems;
  tally.read_back += check_reading(problem) ? 1 : 0;
  if (problem.rationale.empty()) return;
  ++tally.with_steps;
  tally.graded += expect(task_.grade(problem, problem.rationale).correct, problem,
                         "the gold steps are graded wrong")
                      ? 1
                      : 0;
  const Review review = task_.verify(problem, problem.rationale);
  tally.verified += expect(review.correct, problem,
                           "the verifier refuses the gold steps: " + review.feedback + review.error)
                        ? 1
                        : 0;
  if (problem.gold != other.gold && !other.rationale.empty()) check_changed(problem, other, tally);
  check_injected(problem, tally);
}

bool TaskCheck::check_reading(const Problem& problem) {
  try {
    const Problem again = task_.parse_problem(problem.question, problem.id);
    const bool same =
        again.id == problem.id && again.gold == problem.gold && again.lead_in == problem.lead_in;
    return expect(same, problem, "its own question reads back as another problem");
  } catch (const Error& error) {
    return expect(false, problem, error.what());
  }
}

void TaskCheck::check_changed(const Problem& problem, const Problem& other, Tally& tally) {
  const std::string kept = problem.rationale.substr(0, problem.rationale.rfind('\n') + 1);
  const std::string wrong = kept + other.rationale.substr(other.rationale.rfind('\n') + 1);
  ++tally.changed;
  const Review review = task_.verify(problem, wrong);
  const bool caught = !task_.grade(problem, wrong).correct && !review.correct && !review.failed;
  tally.caught +=
      expect(caught, problem,
             "a wrong final line passes: " + wrong.substr(kept.size()) + " " + review.error)
          ? 1
          : 0;
  if (!caught || !review.error.empty()) return;
  check_improved(problem, wrong, review, tally);
}

void TaskCheck::check_injected(const Problem& problem, Tally& tally) {
  Random random(seed_from({hash_text(problem.id), hash_text("injected error")}));
  const auto injected = task_.inject_error(problem, random);
  if (!injected) return;
  ++tally.injected;
  KindTally& kind = kinds_[injected->kind];
  ++kind.injected;
  const Review review = task_.verify(problem, injected->attempt);
  if (review.step != injected->step) return missed(problem, *injected, review);
  ++tally.found;
  ++kind.found;
  check_improved(problem, injected->attempt, review, tally);
}

void TaskCheck::missed(const Problem& problem, const InjectedError& injected,
                       const Review& review) {
  const std::string says = review.feedback + review.error;
  cases_.push_back({{"case", "missed"},
                    {"what", injected.kind},
                    {"id", problem.id},
                    {"question", problem.question},
                    {"attempt", injected.attempt},
                    {"step", injected.step},
                    {"found", says}});
  if (++missed_ <= kShown)
    terminal_.message(fmt::format("missed: {}: {} at step ({}), the verifier says: {}\n{}",
                                  problem.id, injected.kind, injected.step, says,
                                  injected.attempt));
}

void TaskCheck::check_improved(const Problem& problem, const std::string& wrong,
                               const Review& review, Tally& tally) {
  std::string why;
  const auto improved = task_.improve(problem, wrong, review, why);
  if (!improved) return;
  ++tally.improvable;
  tally.improved += expect(task_.verify(problem, *improved).correct, problem,
                           "the improved steps are still wrong")
                        ? 1
                        : 0;
}

std::string TaskCheck::tables() const {
  constexpr const char* kRow = "{:<16} {:>9} {:>13} {:>13} {:>13} {:>13} {:>13} {:>13}\n";
  std::string text = fmt::format(kRow, "level", "problems", "read back", "gold graded",
                                 "gold verified", "wrong caught", "errors found", "improved");
  for (const auto& [level, tally] : tallies_) {
    text +=
        fmt::format(kRow, level.empty() ? "-" : level, tally.problems,
                    share(tally.read_back, tally.problems), share(tally.graded, tally.with_steps),
                    share(tally.verified, tally.with_steps), share(tally.caught, tally.changed),
                    share(tally.found, tally.injected), share(tally.improved, tally.improvable));
  }
  if (kinds_.empty()) return text;
  constexpr const char* kKindRow = "{:<48} {:>8} {:>14} {:>7}\n";
  text += "\n" + fmt::format(kKindRow, "kind of error", "injected", "found in place", "missed");
  for (const auto& [kind, tally] : kinds_)
    text += fmt::format(kKindRow, kind, tally.injected, tally.found, tally.injected - tally.found);
  return text;
}

void TaskCheck::check_share_missed() {
  int injected = 0;
  for (const auto& [kind, tally] : kinds_) injected += tally.injected;
  const double allowed = most_missed(task_);
  if (missed_ > allowed * injected)
    failed(
        fmt::format("{} of {} injected errors are not found at their step; at most {:g} % may be "
                    "missed",
                    missed_, injected, 100 * allowed));
}

int TaskCheck::problems() const {
  int count = 0;
  for (const auto& [level, tally] : tallies_) count += tally.problems;
  return count;
}

int TaskCheck::without_steps() const {
  int count = 0;
  for (const auto& [level, tally] : tallies_) count += tally.problems - tally.with_steps;
  return count;
}

std::string TaskCheck::not_shown() const {
  const int shown = std::min(failures_, kShown) + std::min(missed_, kShown);
  const int left = failures_ + missed_ - shown;
  return left == 0 ? "" : fmt::format("{} more cases failed or were missed", left);
}

}  // namespace tripost
