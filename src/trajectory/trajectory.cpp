#include "trajectory/trajectory.h"

#include "trajectory/fields.h"

namespace tripost {
namespace {

using fields::flag;
using fields::member;
using fields::number_or_null;
using fields::small_integer;

constexpr fields::Names<Source, 5> kSources{{{Source::kModel, "model"},
                                             {Source::kScript, "script"},
                                             {Source::kLlm, "llm"},
                                             {Source::kProgram, "program"},
                                             {Source::kGold, "gold"}}};

constexpr fields::Names<Outcome, 7> kOutcomes{{{Outcome::kCorrect, "correct"},
                                               {Outcome::kImproved, "improved"},
                                               {Outcome::kFeedbackOnly, "feedback_only"},
                                               {Outcome::kUnreadable, "unreadable"},
                                               {Outcome::kNoImprovement, "no_improvement"},
                                               {Outcome::kUnfinished, "unfinished"},
                                               {Outcome::kFailed, "failed"}}};

Json to_json(const Attempt& attempt) {
  return {{"text", attempt.text},
          {"source", name_of(attempt.source)},
          {"correct", attempt.verdict.correct},
          {"answer", attempt.verdict.answer},
          {"error", attempt.verdict.error},
          {"complete", attempt.complete},
          {"num_tokens", attempt.num_tokens},
          {"log_probability", attempt.log_probability}};
}

Attempt attempt_from_json(const Json& value, const std::string& where) {
  Attempt attempt;
  attempt.text = string_field(value, "text", where);
  attempt.source = fields::value_in(kSources, value, "source", where);
  attempt.verdict.correct = flag(value, "correct", where);
  attempt.verdict.answer = string_field(value, "answer", where);
  attempt.verdict.error = string_field(value, "error", where);
  attempt.complete = flag(value, "complete", where);
  attempt.num_tokens = small_integer(value, "num_tokens", where);
  attempt.log_probability = number_or_null(value, "log_probability", where);
  return attempt;
}

Json to_json(const Feedback& feedback) {
  const Review& review = feedback.review;
  return {{"text", feedback.text},
          {"source", name_of(feedback.source)},
          {"review",
           {{"correct", review.correct},
            {"step", review.step},
            {"segment", review.segment},
            {"reason", review.reason},
            {"feedback", review.feedback},
            {"error", review.error}}},
          {"num_tokens", feedback.num_tokens},
          {"log_probability", feedback.log_probability}};
}

Feedback feedback_from_json(const Json& value, const std::string& where) {
  Feedback feedback;
  feedback.text = string_field(value, "text", where);
  feedback.source = fields::value_in(kSources, value, "source", where);
  const Json& review = member(value, "review", where);
  feedback.review.correct = flag(review, "correct", where);
  feedback.review.step = string_field(review, "step", where);
  feedback.review.segment = string_field(review, "segment", where);
  feedback.review.reason = string_field(review, "reason", where);
  feedback.review.feedback = string_field(review, "feedback", where);
  feedback.review.error = string_field(review, "error", where);
  feedback.num_tokens = small_integer(value, "num_tokens", where);
  feedback.log_probability = number_or_null(value, "log_probability", where);
  return feedback;
}

}  // namespace

const char* name_of(Source source) { return fields::name_in(kSources, source); }
const char* name_of(Outcome outcome) { return fields::name_in(kOutcomes, outcome); }

Json to_json(const Problem& problem) {
  return {{"id", problem.id},     {"question", problem.question},   {"lead_in", problem.lead_in},
          {"gold", problem.gold}, {"rationale", problem.rationale}, {"level", problem.level},
          {"seen", problem.seen}};
}

Problem problem_from_json(const Json& value, const std::string& where) {
  Problem problem;
  problem.id = string_field(value, "id", where);
  problem.question = string_field(value, "question", where);
  problem.lead_in = string_field(value, "lead_in", where);
  problem.gold = string_field(value, "gold", where);
  problem.rationale = string_field(value, "rationale", where);
  problem.level = string_field(value, "level", where);
  problem.seen = flag(value, "seen", where);
  return problem;
}

Json to_json(const std::vector<Step>& steps) {
  Json array = Json::array();
  for (const Step& step : steps) {
    array.push_back({{"attempt", to_json(step.attempt)}, {"feedback", to_json(step.feedback)}});
  }
  return array;
}

std::vector<Step> steps_from_json(const Json& value, const std::string& where) {
  if (!value.is_array())
    fail("{}: \"steps\" should be an array, found {}", where, value.type_name());
  std::vector<Step> steps;
  for (const Json& step : value) {
    steps.push_back({attempt_from_json(member(step, "attempt", where), where),
                     feedback_from_json(member(step, "feedback", where), where)});
  }
  return steps;
}

Json to_json(const Trajectory& trajectory) {
  return {{"problem", to_json(trajectory.problem)}, {"sample", trajectory.sample},
          {"outcome", name_of(trajectory.outcome)}, {"note", trajectory.note},
          {"num_updates", trajectory.num_updates},  {"steps", to_json(trajectory.steps)}};
}

Trajectory trajectory_from_json(const Json& value, const std::string& where) {
  Trajectory trajectory;
  trajectory.problem = problem_from_json(member(value, "problem", where), where);
  trajectory.sample = small_integer(value, "sample", where);
  trajectory.outcome = fields::value_in(kOutcomes, value, "outcome", where);
  trajectory.note = string_field(value, "note", where);
  trajectory.num_updates = small_integer(value, "num_updates", where);
  trajectory.steps = steps_from_json(member(value, "steps", where), where);
  return trajectory;
}

}  // namespace tripost
