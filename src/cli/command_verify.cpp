// tripost verify: what a task's verifier says of given attempts, whoever wrote them.
#include <memory>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/json_lines.h"
#include "cli/training_lines.h"
#include "task/task.h"

namespace tripost {
namespace {

struct Settings {
  std::string task;
  JsonLinesFiles files;
};

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json verified(const Task& task, Json line, const std::string& where) {
  const Problem problem = task.parse_problem(question_of(line, where), where);
  const Review review = task.verify(problem, attempt_of(line, where));
  line["correct"] = review.correct;
  line["step"] = text_or_null(review.step);
  line["segment"] = text_or_null(review.segment);
  line["reason"] = text_or_null(review.reason);
  line["feedback"] = review.feedback;
  line["error"] = text_or_null(review.error);
  return line;
}

void verify(const Settings& settings, Terminal& terminal) {
  const auto task = make_task(settings.task);
  int64_t correct = 0;
  int64_t unreadable = 0;
  const int64_t lines = change_json_lines(settings.files, "verify", terminal,
                                          [&](Json line, const std::string& where) {
                                            line = verified(*task, std::move(line), where);
                                            correct += line["correct"].get<bool>() ? 1 : 0;
                                            unreadable += line["error"].is_null() ? 0 : 1;
                                            return line;
                                          });
  terminal.message(fmt::format("{} attempts: {} correct, {} wrong, {} unreadable; written to {}",
                               lines, correct, lines - correct - unreadable, unreadable,
                               settings.files.output.string()));
}

}  // namespace

void register_verify(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command =
      commands.add("verify", "what a task's verifier says of given attempts, whoever wrote them");
  command.example =
      "tripost verify --task multistep_arithmetic --input attempts.jsonl --output verified.jsonl";
  command.options.add("task", &settings->task, "name of a task, or path of your own task.toml")
      .required();
  command.options
      .add("input", &settings->files.input,
           "JSONL of {\"question\", \"attempt\"}, or of training records")
      .required();
  command.options.add("output", &settings->files.output, "JSONL to write").required();
  command.run = [settings](Terminal& terminal) { verify(*settings, terminal); };
}

}  // namespace tripost
