#include "edit/source_turns.h"

#include <cassert>
#include <optional>
#include <string>
#include <utility>

#include "base/progress.h"
#include "trajectory/update_end.h"

namespace tripost {
namespace {

std::optional<StopReason> fail_with(Exchange& exchange, const std::string& why) {
  exchange.failure = why;
  return StopReason::kFailed;
}

// Takes the review into the exchange; says why the exchange ends with it, if it does.
std::optional<StopReason> take_feedback(Exchange& exchange, const Reviewed& reviewed,
                                        Source source) {
  const Review& review = reviewed.review;
  if (!reviewed.failure.empty()) return fail_with(exchange, reviewed.failure);
  if (!review.error.empty()) return fail_with(exchange, "no feedback: " + review.error);
  exchange.steps.back().feedback = {.text = review.feedback, .source = source, .review = review};
  if (review.correct) return StopReason::kSaidCorrect;
  return std::nullopt;
}

std::optional<StopReason> take_update(Exchange& exchange, const Improved& improved, Source source,
                                      const Task& task) {
  if (!improved.failure.empty()) return fail_with(exchange, improved.failure);
  if (!improved.attempt) return fail_with(exchange, improved.why);
  Attempt update{.text = *improved.attempt, .source = source};
  update.verdict = task.grade(exchange.problem, update.text);
  exchange.steps.push_back({std::move(update), {}});
  return end_of_update(exchange);
}

// Those that go on; the others' reason is set.
template <class Answer, class Take>
std::vector<Exchange*> going_on(const std::vector<Exchange*>& asked,
                                const std::vector<Answer>& answers, Take take) {
  assert(answers.size() == asked.size());
  std::vector<Exchange*> active;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (const auto stop = take(*asked[i], answers[i])) {
      asked[i]->stop = *stop;
    } else {
      active.push_back(asked[i]);
    }
  }
  return active;
}

}  // namespace

std::vector<Exchange> correct_in_turns(std::vector<Exchange> exchanges, const Task& task,
                                       FeedbackSource& feedback, ImprovementSource& improvement,
                                       int max_updates) {
  std::vector<Exchange*> active;
  for (Exchange& exchange : exchanges) {
    assert(exchange.steps.size() == 1);
    if (exchange.stop == StopReason::kFailed) continue;
    if (exchange.steps[0].attempt.complete) {
      active.push_back(&exchange);
    } else {
      exchange.stop = StopReason::kIncomplete;
    }
  }
  for (int round = 0; !active.empty(); ++round) {
    check_interrupt();
    std::vector<ReviewRequest> reviews;
    for (const Exchange* exchange : active)
      reviews.push_back({&exchange->problem, exchange->steps.back().attempt.text});
    active = going_on(active, feedback.review(reviews), [&](Exchange& exchange, const Reviewed& r) {
      return take_feedback(exchange, r, feedback.source());
    });
    if (round == max_updates) {
      for (Exchange* exchange : active) exchange->stop = StopReason::kMaxUpdates;
      break;
    }
    std::vector<ImprovementRequest> updates;
    for (const Exchange* exchange : active) {
      const Step& last = exchange->steps.back();
      updates.push_back({&exchange->problem, last.attempt.text, last.feedback.review});
    }
    if (updates.empty()) break;
    active =
        going_on(active, improvement.improve(updates), [&](Exchange& exchange, const Improved& u) {
          return take_update(exchange, u, improvement.source(), task);
        });
  }
  return exchanges;
}

}  // namespace tripost
