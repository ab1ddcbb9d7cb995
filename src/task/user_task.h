// A user's own task: a TOML file, a JSONL file of problems, and programs that verify and improve,
// in any language.
//
// The programs get one JSON object and answer with one, a line each (docs/writing_a_task.md).
// Whatever they do wrong is an outcome: a review with `failed` set, or the `why` of improve, which
// both open with the cause ("verify program timed out: ..."). Without a verify program only the
// answer is judged, and the wrong step of a wrong attempt is the one where it leaves the gold
// rationale; without an improve program the gold rationale goes on from the wrong step.
#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <string>

#include "base/json_program.h"
#include "task/answer_reader.h"
#include "task/task.h"
#include "task/user_problems.h"
#include "task/user_task_file.h"

namespace tripost {

class UserTask : public Task {
 public:
  // Errors name the TOML file, or the problem file with line and field.
  explicit UserTask(const std::filesystem::path& path);

  std::string name() const override { return file_.name; }
  std::vector<Level> levels() const override { return problems_.levels(); }
  // Fewer than `count` when the file has no more: logged once for each split.
  std::vector<Problem> problems(Split split, const std::vector<std::string>& levels, int count,
                                uint64_t seed) const override;
  // Only questions of the problem file: the answer of another is not known.
  Problem parse_problem(const std::string& question, const std::string& where) const override;
  Verdict grade(const Problem& problem, const std::string& attempt) const override;
  Review verify(const Problem& problem, const std::string& attempt) const override;
  std::optional<std::string> improve(const Problem& problem, const std::string& attempt,
                                     const Review& review, std::string& why) const override;
  std::string praise(const std::string& attempt) const override;
  Review parse_feedback(const std::string& feedback) const override;
  // Only of problems with a rationale. Without a verify program the answer is made wrong too: it is
  // all that is judged.
  std::optional<InjectedError> inject_error(const Problem& problem, Random& random) const override;

 private:
  Review verify_answer(const Problem& problem, const std::string& attempt) const;
  Review verify_by_program(const Problem& problem, const std::string& attempt) const;

  UserTaskFile file_;
  AnswerReader reader_;
  UserProblems problems_;
  std::unique_ptr<JsonProgram> verifier_,
      improver_;  // thread-safe, and pointers so that const methods may ask them
  mutable std::atomic<unsigned> told_of_few_{0};  // bit by split
};

// The questions, as they are asked, that the task which a command names (make_task of task/task.h)
// keeps for its tests. None of a built-in one: it keeps no list, and makes its questions.
std::set<std::string> test_questions_of(const std::string& name);

}  // namespace tripost
