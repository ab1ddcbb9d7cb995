// tripost check-task: a task proves itself on its own problems.
//
// For every problem: the question reads back to the same problem; the gold steps are graded right
// and verified correct; the same steps with another problem's final line are graded wrong and not
// verified correct; and the improver, told so, mends them. Gold steps with one error injected at a
// known step: how often the verifier finds it there, and the improver mends it. No question may be
// in two splits. Attempts from a file are verified too, and compared with what the file says of
// them, if it does.
#include <algorithm>
#include <map>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "task/task.h"

namespace tripost {
namespace {

struct Settings {
  std::string task;
  std::filesystem::path problems, attempts;
  int count = 1000;
  uint64_t seed = 42;
};

struct Tally {
  int problems = 0;
  int read_back = 0;
  int with_steps = 0;
  int graded = 0;
  int verified = 0;
  int changed = 0;
  int caught = 0;
  int injected = 0;
  int found = 0;
  int improvable = 0;
  int improved = 0;
};

class Check {
 public:
  Check(const Task& task, Terminal& terminal) : task_(task), terminal_(terminal) {}

  void run(const std::vector<Problem>& problems, const std::string& stage) {
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

  // Shows the first few in full; all are counted.
  void failed(const std::string& what) {
    if (++failures_ <= kShown) terminal_.message("failed: " + what);
  }

  int failures() const { return failures_; }
  std::string table() const;
  // An error that is missed now and then is shown, not failed; a verifier that misses more than one
  // in a hundred fails.
  void check_rate_found();

 private:
  static constexpr int kShown = 10;

  Tally& tally_of(const std::string& level) {
    for (auto& [known, tally] : tallies_)
      if (known == level) return tally;
    return tallies_.emplace_back(level, Tally{}).second;
  }

  bool expect(bool holds, const Problem& problem, const std::string& what) {
    if (!holds) failed(fmt::format("{}: {}\n  Q: {}", problem.id, what, problem.question));
    return holds;
  }

  void check(const Problem& problem, const Problem& other) {
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
    tally.verified +=
        expect(review.correct, problem,
               "the verifier refuses the gold steps: " + review.feedback + review.error)
            ? 1
            : 0;
    if (problem.gold != other.gold && !other.rationale.empty())
      check_changed(problem, other, tally);
    check_injected(problem, tally);
  }

  bool check_reading(const Problem& problem) {
    try {
      const Problem again = task_.parse_problem(problem.question, problem.id);
      const bool same =
          again.id == problem.id && again.gold == problem.gold && again.lead_in == problem.lead_in;
      return expect(same, problem, "its own question reads back as another problem");
    } catch (const Error& error) {
      return expect(false, problem, error.what());
    }
  }

  void check_changed(const Problem& problem, const Problem& other, Tally& tally) {
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

  void check_injected(const Problem& problem, Tally& tally) {
    Random random(seed_from({hash_text(problem.id), hash_text("injected error")}));
    const auto injected = task_.inject_error(problem, random);
    if (!injected) return;
    ++tally.injected;
    const Review review = task_.verify(problem, injected->attempt);
    if (review.step == injected->step) {
      ++tally.found;
      check_improved(problem, injected->attempt, review, tally);
    } else if (++missed_ <= kShown) {
      terminal_.message(fmt::format("missed: {}: {} at step ({}), the verifier says: {}{}\n{}",
                                    problem.id, injected->kind, injected->step, review.feedback,
                                    review.error, injected->attempt));
    }
  }

  void check_improved(const Problem& problem, const std::string& wrong, const Review& review,
                      Tally& tally) {
    std::string why;
    const auto improved = task_.improve(problem, wrong, review, why);
    if (!improved) return;
    ++tally.improvable;
    tally.improved += expect(task_.verify(problem, *improved).correct, problem,
                             "the improved steps are still wrong")
                          ? 1
                          : 0;
  }

  const Task& task_;
  Terminal& terminal_;
  std::vector<std::pair<std::string, Tally>>
      tallies_;  // of levels, in the order of the first problem of each
  int failures_ = 0;
  int missed_ = 0;  // injected errors
};

std::string share(int part, int whole) {
  return whole == 0 ? "-" : fmt::format("{}/{}", part, whole);
}

std::string Check::table() const {
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
  return text;
}

void Check::check_rate_found() {
  int injected = 0;
  for (const auto& [level, tally] : tallies_) injected += tally.injected;
  if (missed_ * 100 > injected)
    failed(fmt::format("{} of {} injected errors are not found at their step", missed_, injected));
}

void check_splits(const Task& task, const Settings& settings, Check& check) {
  std::map<std::string, const char*> split_of;
  const std::pair<Split, const char*> splits[] = {
      {Split::kTrain, "train"}, {Split::kValidation, "validation"}, {Split::kTest, "test"}};
  for (const auto& [split, name] : splits) {
    const auto problems = task.problems(split, {}, settings.count, settings.seed);
    check.run(problems, name);
    for (const Problem& problem : problems) {
      const auto [earlier, added] = split_of.emplace(problem.id, name);
      if (!added && earlier->second != name) {
        check.failed(fmt::format("{} is in {} and in {}", problem.id, earlier->second, name));
      }
    }
  }
}

std::vector<Problem> read_problems(const Task& task, const std::filesystem::path& path,
                                   Check& check) {
  std::vector<Problem> problems;
  for_each_json_line(path, [&](const Json& line, const std::string& where) {
    problems.push_back(task.parse_problem(string_field(line, "question", where), where));
    if (!line.contains("answer")) return;
    const Json& given = line["answer"];
    const std::string answer = given.is_string() ? given.get<std::string>() : given.dump();
    if (answer != problems.back().gold && given != task.answer_of(problems.back())) {
      check.failed(fmt::format("{}: the answer \"{}\" is given, but {} finds \"{}\"", where, answer,
                               task.name(), problems.back().gold));
    }
  });
  return problems;
}

// Whether the review is the one that the line expects: its "correct" and "step", where it has them.
bool as_expected(const Json& line, const Review& review) {
  if (line.contains("correct") && line["correct"] != review.correct) return false;
  return !line.contains("step") ||
         line["step"] == (review.step.empty() ? Json(nullptr) : Json(review.step));
}

// What the verifier says of the attempts of a file, summed up in one line.
std::string check_attempts(const Task& task, const std::filesystem::path& path, Check& check) {
  int correct = 0, wrong = 0, unreadable = 0;
  for_each_json_line(path, [&](const Json& line, const std::string& where) {
    check_interrupt();
    const Problem problem = task.parse_problem(string_field(line, "question", where), where);
    const Review review = task.verify(problem, string_field(line, "attempt", where));
    ++(review.correct ? correct : review.error.empty() ? wrong : unreadable);
    if (review.failed || !as_expected(line, review)) {
      check.failed(fmt::format("{}: {}{}", where, review.feedback,
                               review.error.empty() ? "" : "no review: " + review.error));
    }
  });
  return fmt::format("attempts of {}: {} correct, {} wrong, {} unreadable\n", path.string(),
                     correct, wrong, unreadable);
}

void check_task(const Settings& settings, Terminal& terminal) {
  const auto task = make_task(settings.task);
  Check check(*task, terminal);
  if (settings.problems.empty()) {
    check_splits(*task, settings, check);
  } else {
    check.run(read_problems(*task, settings.problems, check), "check");
  }
  check.check_rate_found();
  terminal.print(check.table());
  if (!settings.attempts.empty()) terminal.print(check_attempts(*task, settings.attempts, check));
  if (check.failures() > 0) fail("{} checks of {} failed", check.failures(), settings.task);
}

}  // namespace

void register_check_task(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command = commands.add(
      "check-task",
      "a task proves itself: generator, grader, verifier and improver on gold answers");
  command.example = "tripost check-task --task multistep_arithmetic";
  command.options.add("task", &settings->task, "name of a task, or path of your own task.toml")
      .required();
  command.options.add("problems", &settings->problems,
                      "JSONL of {\"question\"} (and \"answer\") instead of generated ones");
  command.options.add("attempts", &settings->attempts,
                      "JSONL of {\"question\", \"attempt\"}, verified too, and compared with its "
                      "\"correct\" and \"step\"");
  command.options.add("count", &settings->count, "generated problems per split")
      .between(1, 10'000'000);
  command.options.add("seed", &settings->seed, "seed of the generated problems");
  command.run = [settings](Terminal& terminal) { check_task(*settings, terminal); };
}

}  // namespace tripost
