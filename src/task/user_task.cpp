#include "task/user_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/log.h"
#include "task/attempt_steps.h"
#include "task/feedback_text.h"
#include "task/lines.h"
#include "task/program_review.h"
#include "task/user_errors.h"

namespace tripost {
namespace {

std::unique_ptr<JsonProgram> program_of(const std::optional<Program>& program) {
  return program ? std::make_unique<JsonProgram>(*program) : nullptr;
}

const char* name_of(Split split) {
  return split == Split::kTrain ? "training" : split == Split::kValidation ? "validation" : "test";
}

// The first step of the attempt that is not the gold rationale's at its place. The last one when it
// only stops early.
std::size_t step_that_leaves(const std::vector<AttemptStep>& steps, const std::string& rationale) {
  const auto gold = steps_of(rationale);
  std::size_t i = 0;
  while (i + 1 < steps.size() && i < gold.size() && steps[i].text == gold[i].text) ++i;
  return i;
}

// From the step at the wrong one's place on.
std::string rest_of(const std::string& rationale, std::size_t step) {
  const auto gold = steps_of(rationale);
  if (step >= gold.size()) return "";
  return rationale.substr(static_cast<std::size_t>(gold[step].text.data() - rationale.data()));
}

}  // namespace

UserTask::UserTask(const std::filesystem::path& path)
    : file_(read_user_task_file(path)),
      reader_(file_.answer),
      problems_(file_, reader_),
      verifier_(program_of(file_.verify)),
      improver_(program_of(file_.improve)) {}

std::vector<Problem> UserTask::problems(Split split, const std::vector<std::string>& levels,
                                        int count, uint64_t seed) const {
  std::vector<std::string> names;
  for (const Level& level : problems_.levels()) {
    if (levels.empty() && (level.seen || split == Split::kTest)) names.push_back(level.name);
  }
  for (const std::string& name : levels) {
    const auto& known = problems_.levels();
    if (std::none_of(known.begin(), known.end(),
                     [&](const Level& level) { return level.name == name; }))
      fail("{}: there is no level \"{}\"", file_.problems.string(), name);
    names.push_back(name);
  }
  auto drawn = problems_.draw(split, names, count, seed);
  const unsigned bit = 1u << static_cast<unsigned>(split);
  if (static_cast<int>(drawn.size()) < count && (told_of_few_.fetch_or(bit) & bit) == 0) {
    log_warning("{}: asked for {} {} problems, {} are there and all are used",
                file_.problems.string(), count, name_of(split), drawn.size());
  }
  return drawn;
}

Problem UserTask::parse_problem(const std::string& question, const std::string& where) const {
  const Problem* found = problems_.find(question);
  if (found == nullptr) {
    fail("{}: the question \"{}\" is not in {}, so its answer is not known; add it there", where,
         shortened(question), file_.problems.string());
  }
  return *found;
}

Verdict UserTask::grade(const Problem& problem, const std::string& attempt) const {
  return reader_.grade(attempt, problem.gold);
}

Review UserTask::verify(const Problem& problem, const std::string& attempt) const {
  return verifier_ ? verify_by_program(problem, attempt) : verify_answer(problem, attempt);
}

Review UserTask::verify_by_program(const Problem& problem, const std::string& attempt) const {
  Review review;
  const auto failed = [&](const std::string& why) {
    review = Review();
    review.failed = true;
    review.error = "verify program " + why;
    return review;
  };
  const JsonReply reply = verifier_->ask(verify_request(problem, attempt));
  if (reply.fault != ProgramFault::kNone)
    return failed(fmt::format("{}: {}", name_of(reply.fault), reply.detail));
  std::string fault;
  review = review_from(reply.answer, attempt, fault);
  if (!fault.empty()) return failed(fault);
  if (!review.correct) return review;
  const Verdict verdict = grade(problem, attempt);
  if (!verdict.correct) {
    return failed(fmt::format("called a wrong answer correct: it is \"{}\", not \"{}\"{}{}",
                              shortened(verdict.answer), shortened(problem.gold),
                              verdict.error.empty() ? "" : "; ", verdict.error));
  }
  review.feedback = praise(attempt);
  return review;
}

Review UserTask::verify_answer(const Problem& problem, const std::string& attempt) const {
  Review review;
  const Verdict verdict = grade(problem, attempt);
  if (!verdict.error.empty()) {
    review.error = verdict.error;
    return review;
  }
  if (verdict.correct) {
    review.correct = true;
    review.feedback = praise(attempt);
    return review;
  }
  const auto steps = steps_of(attempt);
  const std::size_t last = steps.size() - 1;
  const std::size_t wrong =
      problem.rationale.empty() ? last : step_that_leaves(steps, problem.rationale);
  const std::string_view body = trimmed(steps[wrong].body);
  const std::string segment(trimmed(body.substr(0, body.find('\n'))));
  return review_of_step(attempt, wrong,
                        segment.empty() ? std::string(trimmed(steps[wrong].text)) : segment,
                        "the final answer is wrong");
}

std::optional<std::string> UserTask::improve(const Problem& problem, const std::string& attempt,
                                             const Review& review, std::string& why) const {
  const auto refuse = [&why](std::string reason) {
    why = std::move(reason);
    return std::nullopt;
  };
  if (review.correct) return refuse("the review says that the attempt is correct");
  if (review.step.empty()) return refuse("the review names no step: " + review.error);
  if (improver_) {
    const JsonReply reply = improver_->ask(improve_request(problem, attempt, review));
    if (reply.fault != ProgramFault::kNone)
      return refuse(fmt::format("improve program {}: {}", name_of(reply.fault), reply.detail));
    std::string declined, fault;
    auto improved = improved_from(reply.answer, attempt, review, declined, fault);
    if (!improved)
      return refuse("improve program " + (fault.empty() ? "declined: " + declined : fault));
    return improved;
  }
  if (problem.rationale.empty())
    return refuse("no gold rationale: the problem has none, and the task no improve program");
  const auto steps = steps_of(attempt);
  const auto wrong = find_step(steps, review.step, review.segment);
  if (!wrong) return refuse(fmt::format("no such step: the attempt has no step ({})", review.step));
  const std::string rest = rest_of(problem.rationale, *wrong);
  if (rest.empty())
    return refuse(
        fmt::format("no gold step: the gold rationale ends before step ({})", review.step));
  return text_before(attempt, steps[*wrong]) + rest;
}

std::string UserTask::praise(const std::string& attempt) const {
  const auto steps = steps_of(attempt);
  // The step before the final response, which praise names itself.
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (step->id != kFinalStep) return praise_feedback(step->id);
  }
  return praise_feedback("1");
}

Review UserTask::parse_feedback(const std::string& feedback) const {
  return read_feedback(feedback);
}

std::optional<InjectedError> UserTask::inject_error(const Problem& problem, Random& random) const {
  constexpr int kMostDraws = 50;  // not every step has a digit
  for (int i = 0; i < kMostDraws && !problem.rationale.empty(); ++i) {
    auto injected = inject_user_error(problem.rationale, problems_.any(random).rationale,
                                      /*spoils_answer=*/!verifier_, random);
    if (!injected) continue;
    const Verdict verdict = grade(problem, injected->attempt);
    if (verifier_ || (!verdict.correct && verdict.error.empty())) return injected;
  }
  return std::nullopt;
}

std::set<std::string> test_questions_of(const std::string& name) {
  if (!name.ends_with(".toml")) return {};
  const UserTaskFile file = read_user_task_file(name);
  const UserProblems problems(file, AnswerReader(file.answer));
  std::vector<std::string> levels;
  for (const Task::Level& level : problems.levels()) levels.push_back(level.name);
  std::set<std::string> questions;
  constexpr int kAll = std::numeric_limits<int>::max();
  for (const Problem& problem : problems.draw(Split::kTest, levels, kAll, /*seed=*/0))
    questions.insert(problem.question);
  return questions;
}

}  // namespace tripost
