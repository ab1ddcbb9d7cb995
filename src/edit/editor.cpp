#include "edit/editor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

#include "base/progress.h"
#include "edit/progress.h"

namespace tripost {
namespace {

// One exchange on its way to a trajectory. While it is open, the last step is a wrong attempt with
// right feedback.
struct Work {
  Trajectory trajectory;
  Review review;  // the verifier's, of the last step's attempt
  bool open = true;

  const std::string& last_attempt() const { return trajectory.steps.back().attempt.text; }

  void close(Outcome outcome, std::string note = "") {
    trajectory.outcome = outcome;
    trajectory.note = std::move(note);
    open = false;
  }
};

// Why a review cannot be used; empty when it can. A source is never trusted to keep the layout or
// to know the answer.
std::string fault_of_review(const Reviewed& reviewed, const Verdict& verdict) {
  const Review& review = reviewed.review;
  if (!reviewed.failure.empty()) return reviewed.failure;
  if (!review.error.empty()) return "";  // the attempt's fault, not the source's
  if (review.feedback.empty()) return "the feedback source gave no feedback";
  if (review.feedback.find('\n') != std::string::npos) return "the feedback is more than one line";
  if (review.correct && !verdict.correct)
    return "the feedback source calls an attempt with a wrong answer correct";
  return "";
}

constexpr std::string_view kOfUpdate = "the update: ";  // opens the note on one that is unreadable

// Where the note stops saying the cause and goes into the details.
std::size_t end_of_cause(Outcome outcome, std::string_view note) {
  std::size_t end = note.find(": ");
  if (outcome != Outcome::kUnreadable) return end;
  // "line 3 cannot be read: it has no full stop: ..." says where first.
  for (int skip = note.starts_with(kOfUpdate) ? 2 : 1; skip > 0 && end != note.npos; --skip)
    end = note.find(": ", end + 2);
  return end;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The cause that the note says, without what differs from one attempt to the next: numbers of steps
// and lines ("3", "3.1") become N, quoted text "...".
std::string cause_of(Outcome outcome, std::string_view note) {
  note = note.substr(0, end_of_cause(outcome, note));
  std::string cause;
  while (!note.empty()) {
    std::size_t end = 1;
    if (note[0] == '"') {
      end = std::min(note.find('"', 1), note.size() - 1) + 1;
      cause += "\"...\"";
    } else if (is_digit(note[0])) {
      while (end < note.size() &&
             (is_digit(note[end]) ||
              (note[end] == '.' && end + 1 < note.size() && is_digit(note[end + 1]))))
        ++end;
      cause += 'N';
    } else {
      cause += note[0];
    }
    note.remove_prefix(end);
  }
  return cause;
}

class Editor {
 public:
  Editor(const Task& task, FeedbackSource& feedback, ImprovementSource& improvement)
      : task_(task), feedback_(feedback), improvement_(improvement) {}

  void keep_own_words(const std::vector<Exchange>& exchanges);
  void update_open_ones();
  Edited finish();

 private:
  void keep_own_words_of(const Exchange& exchange, const Reviewed* reviews, Work& work);
  void add_step(Work& work, const Attempt& attempt, const Feedback& own, const Review& review);
  Feedback right_feedback(const Feedback& own, const Review& review);
  void add_update(Work& work, const Attempt& update, const Reviewed& reviewed);
  // The open works that got an update to review, each with its update.
  std::vector<std::pair<Work*, Attempt>> ask_for_updates();

  const Task& task_;
  FeedbackSource& feedback_;
  ImprovementSource& improvement_;
  std::vector<Work> works_;
  EditCounts counts_;
};

void Editor::keep_own_words(const std::vector<Exchange>& exchanges) {
  std::vector<ReviewRequest> requests;
  for (const Exchange& exchange : exchanges) {
    assert(!exchange.steps.empty());
    for (const Step& step : exchange.steps)
      requests.push_back({&exchange.problem, step.attempt.text});
  }
  const std::vector<Reviewed> reviews = feedback_.review(requests);
  assert(reviews.size() == requests.size());
  const Reviewed* at = reviews.data();
  works_.resize(exchanges.size());
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    keep_own_words_of(exchanges[i], at, works_[i]);
    at += exchanges[i].steps.size();
  }
}

bool own_update_holds(const Work& work, const Attempt& update, const Review& review) {
  return update.complete && review.error.empty() &&
         fault_of_update(work.last_attempt(), work.review, update.text).empty() &&
         makes_progress(work.review, review);
}

void Editor::keep_own_words_of(const Exchange& exchange, const Reviewed* reviews, Work& work) {
  work.trajectory.problem = exchange.problem;
  work.trajectory.sample = exchange.sample;
  const Attempt& first = exchange.steps.front().attempt;
  if (exchange.stop == StopReason::kFailed && first.text.empty()) {
    return work.close(Outcome::kFailed, exchange.failure);
  }
  // The first attempt stays in the trajectory where nothing comes of it, too.
  const auto close_with_attempt = [&](Outcome outcome, const std::string& note) {
    if (work.trajectory.steps.empty()) work.trajectory.steps.push_back({first, {}});
    work.close(outcome, note);
  };
  if (!first.complete)
    return close_with_attempt(Outcome::kUnreadable, "the attempt hit its token limit");
  for (std::size_t i = 0; i < exchange.steps.size(); ++i) {
    const Attempt& attempt = exchange.steps[i].attempt;
    const Review& review = reviews[i].review;
    if (const auto fault = fault_of_review(reviews[i], attempt.verdict); !fault.empty()) {
      return close_with_attempt(Outcome::kFailed, fault);
    }
    if (i == 0 && !review.error.empty())
      return close_with_attempt(Outcome::kUnreadable, review.error);
    if (i > 0 && !own_update_holds(work, attempt, review)) {
      ++counts_.own_updates_replaced;
      return;
    }
    counts_.own_updates_kept += i > 0;
    add_step(work, attempt, exchange.steps[i].feedback, review);
    // Past feedback that had to be replaced, the model's words answer something that was never
    // said.
    if (!work.open || work.trajectory.steps.back().feedback.source != Source::kModel) return;
  }
}

void Editor::add_step(Work& work, const Attempt& attempt, const Feedback& own,
                      const Review& review) {
  counts_.right_for_wrong_reasons += attempt.verdict.correct && !review.correct;
  work.trajectory.steps.push_back({attempt, right_feedback(own, review)});
  work.review = review;
  if (review.correct) {
    work.close(work.trajectory.steps.size() == 1 ? Outcome::kCorrect : Outcome::kImproved);
  }
}

// Which count of EditCounts the model's feedback belongs to.
int EditCounts::*worth_of(const Review& own, const Review& verifier) {
  if (!own.error.empty()) return &EditCounts::own_unreadable;
  if (verifier.correct) return own.correct ? &EditCounts::own_agreed : &EditCounts::own_false_alarm;
  if (own.correct) return &EditCounts::own_missed;
  return agrees(own, verifier) ? &EditCounts::own_agreed : &EditCounts::own_misplaced;
}

// The model's own feedback where it is right, the source's otherwise.
Feedback Editor::right_feedback(const Feedback& own, const Review& review) {
  if (!own.text.empty()) {
    const auto worth = worth_of(own.review, review);
    ++(counts_.*worth);
    // Praise names the steps: one that names too many means the right thing in wrong words.
    const bool right_words = !review.correct || own.text == review.feedback;
    if (worth == &EditCounts::own_agreed && right_words) return own;
  }
  Feedback feedback;
  feedback.text = review.feedback;
  feedback.source = feedback_.source();
  feedback.review = review;
  return feedback;
}

std::vector<std::pair<Work*, Attempt>> Editor::ask_for_updates() {
  std::vector<Work*> open;
  std::vector<ImprovementRequest> requests;
  for (Work& work : works_) {
    if (!work.open) continue;
    open.push_back(&work);
    requests.push_back({&work.trajectory.problem, work.last_attempt(), work.review});
  }
  if (open.empty()) return {};
  const std::vector<Improved> answers = improvement_.improve(requests);
  assert(answers.size() == requests.size());

  std::vector<std::pair<Work*, Attempt>> updates;
  for (std::size_t i = 0; i < open.size(); ++i) {
    Work& work = *open[i];
    if (!answers[i].failure.empty()) {
      work.close(Outcome::kFailed, answers[i].failure);
    } else if (!answers[i].attempt) {
      work.close(Outcome::kNoImprovement, answers[i].why);
    } else {
      ++work.trajectory.num_updates;
      Attempt update;
      update.text = *answers[i].attempt;
      update.source = improvement_.source();
      update.verdict = task_.grade(work.trajectory.problem, update.text);
      updates.emplace_back(&work, std::move(update));
    }
  }
  return updates;
}

void Editor::update_open_ones() {
  const auto updates = ask_for_updates();
  if (updates.empty()) return;
  std::vector<ReviewRequest> requests;
  for (const auto& [work, update] : updates)
    requests.push_back({&work->trajectory.problem, update.text});
  const std::vector<Reviewed> reviews = feedback_.review(requests);
  assert(reviews.size() == requests.size());
  for (std::size_t i = 0; i < updates.size(); ++i) {
    add_update(*updates[i].first, updates[i].second, reviews[i]);
  }
}

void Editor::add_update(Work& work, const Attempt& update, const Reviewed& reviewed) {
  const Review& review = reviewed.review;
  if (const auto fault = fault_of_update(work.last_attempt(), work.review, update.text);
      !fault.empty()) {
    return work.close(Outcome::kNoImprovement, fault);
  }
  if (const auto fault = fault_of_review(reviewed, update.verdict); !fault.empty()) {
    return work.close(Outcome::kFailed, fault);
  }
  if (!review.error.empty())
    return work.close(Outcome::kUnreadable, std::string(kOfUpdate) + review.error);
  if (!makes_progress(work.review, review)) {
    work.close(Outcome::kFeedbackOnly,
               fmt::format("the update of step ({}) is wrong at step ({}) again", work.review.step,
                           review.step));
    work.trajectory.steps.resize(1);
    return;
  }
  add_step(work, update, Feedback(), review);
}

Edited Editor::finish() {
  Edited edited;
  for (Work& work : works_) {
    if (work.open) {
      work.close(Outcome::kUnfinished, fmt::format("still wrong at step ({}) after {} updates",
                                                   work.review.step, work.trajectory.num_updates));
    }
    const Outcome outcome = work.trajectory.outcome;
    ++counts_.outcomes[static_cast<std::size_t>(outcome)];
    if (outcome != Outcome::kCorrect && outcome != Outcome::kImproved)
      ++counts_.causes[cause_of(outcome, work.trajectory.note)];
    edited.trajectories.push_back(std::move(work.trajectory));
  }
  edited.counts = counts_;
  return edited;
}

}  // namespace

EditCounts& EditCounts::operator+=(const EditCounts& other) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i] += other.outcomes[i];
  own_agreed += other.own_agreed;
  own_false_alarm += other.own_false_alarm;
  own_missed += other.own_missed;
  own_misplaced += other.own_misplaced;
  own_unreadable += other.own_unreadable;
  own_updates_kept += other.own_updates_kept;
  own_updates_replaced += other.own_updates_replaced;
  right_for_wrong_reasons += other.right_for_wrong_reasons;
  for (const auto& [cause, count] : other.causes) causes[cause] += count;
  return *this;
}

Edited edit(const std::vector<Exchange>& exchanges, const Task& task, FeedbackSource& feedback,
            ImprovementSource& improvement, const EditConfig& config) {
  Editor editor(task, feedback, improvement);
  editor.keep_own_words(exchanges);
  for (int round = 0; round < config.max_updates; ++round) {
    check_interrupt();
    editor.update_open_ones();
  }
  return editor.finish();
}

}  // namespace tripost
