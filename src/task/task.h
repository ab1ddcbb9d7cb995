// A task: problems, how their answers are read and graded, and who finds the first wrong step.
//
// A task is frozen data plus behaviour. It knows no model and no tokens. Whatever an attempt's text
// holds, grade, verify and improve return a value: text that cannot be read is an outcome with a
// reason, never an exception, and no text is ever evaluated as code. All methods are const and
// thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace tripost {

struct Problem {
  std::string id;  // task:level:hash of the question; the identity that seeds and splits use
  std::string
      question;  // as in the reference's files, without "Q: "; options are part of it, line by line
  std::string
      lead_in;       // what "Answer:" opens with: "Let's think step by step." [+ " " + information]
  std::string gold;  // the gold answer as the grader compares it
  std::string rationale;  // gold steps, one a line; empty when unknown
  std::string level;      // "l3-4d2", ...: the paper's sub-task names
  bool seen = false;      // whether the paper trains on this level
};

enum class Split { kTrain, kValidation, kTest };

struct Verdict {
  bool correct = false;
  std::string answer;  // as read from the attempt; empty when unreadable
  std::string error;   // why the answer could not be read; empty otherwise
};

// What a verifier says of one attempt. Exactly one of three: correct; a first wrong step; not
// readable (`error`).
struct Review {
  bool correct = false;
  bool failed = false;   // the verifier itself failed (a user's program): `error` then opens with
                         // the cause and ": "
  std::string step;      // "2", "3.1", or "Final response"
  std::string segment;   // the wrong part, quoted from that step
  std::string reason;    // "there is an calculation error, since ..."
  std::string feedback;  // the sentence(s) in the paper's grammar, for all three cases but error
  std::string recalculation;  // what feedback opens with in FeedbackStyle::kRecalculated
  std::string error;          // why the attempt could not be read, with its position
  // Line breaks before the wrong step, from a verifier that reads lines: step numbers may stand
  // twice.
  std::optional<std::size_t> line = {};
};

// A gold rationale made wrong on purpose: the test of a verifier.
struct InjectedError {
  std::string attempt;
  std::string step;  // the first wrong step, as Review names it
  std::string kind;  // "wrong sign", ...: what was done
};

class Random;

class Task {
 public:
  virtual ~Task() = default;

  virtual std::string name() const = 0;  // "multistep_arithmetic"

  // Every level in the order of the paper's tables, with whether it is a seen one.
  struct Level {
    std::string name;
    bool seen;
  };
  virtual std::vector<Level> levels() const = 0;

  // `count` problems of a split, the same for the same seed, spread evenly over `levels` (all of
  // the split's levels when empty: seen ones for train and validation, all for test). No question
  // is in two splits, whatever the seeds: the split of a question is a function of its hash.
  virtual std::vector<Problem> problems(Split split, const std::vector<std::string>& levels,
                                        int count, uint64_t seed) const = 0;

  // A problem from a question's text ("Q: " is optional) with gold answer and rationale filled in
  // where the task can make them. Throws Error, opening with `where`, when the question cannot be
  // read.
  virtual Problem parse_problem(const std::string& question, const std::string& where) const = 0;

  // The gold answer as the reference's files hold it in "answer".
  virtual Json answer_of(const Problem& problem) const { return problem.gold; }

  // Only the final answer counts (paper, section 4).
  virtual Verdict grade(const Problem& problem, const std::string& attempt) const = 0;

  // The first wrong step (paper, section 3.2). A right answer reached by a wrong step is not
  // correct.
  virtual Review verify(const Problem& problem, const std::string& attempt) const = 0;

  // A corrected attempt: the steps before the wrong one kept word for word, rewritten from there.
  // nullopt when the task cannot continue from the kept steps; `why` then says so.
  virtual std::optional<std::string> improve(const Problem& problem, const std::string& attempt,
                                             const Review& review, std::string& why) const = 0;

  // The feedback sentence that a correct attempt gets.
  virtual std::string praise(const std::string& attempt) const = 0;

  // Feedback text, whoever wrote it, to its parts; `error` is set when it does not follow the
  // grammar.
  virtual Review parse_feedback(const std::string& feedback) const = 0;

  // The gold rationale with an error at one step; steps after it may be wrong too, as they are when
  // a model goes on from its mistake. nullopt when the task cannot make any for this problem.
  virtual std::optional<InjectedError> inject_error(const Problem& problem, Random& random) const {
    return std::nullopt;
  }
};

// What the scripted feedback of multistep arithmetic says: the paper's verdict alone, or the
// calculations worked again and then the verdict. The other tasks do not calculate.
enum class FeedbackStyle { kPaper, kRecalculated };

// The built-in task of that name, or the user's task that a path ending in ".toml" describes
// (user_task_file.h); a UsageError that suggests the nearest name otherwise.
std::unique_ptr<Task> make_task(const std::string& name,
                                FeedbackStyle style = FeedbackStyle::kPaper);
std::vector<std::string> task_names();

}  // namespace tripost
