// A folder with a user's task in it, for the tests that read one.
#pragma once

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <fstream>
#include <memory>
#include <string>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "task/user_task.h"

namespace tripost {

inline constexpr const char* kRationale =
    "(1) 2 + 3 = 5.\n(2) 5 + 4 = 9.\n(Final response) So the answer is 9.";
inline constexpr const char* kWrong =
    "(1) 2 + 3 = 5.\n(2) 5 + 4 = 8.\n(Final response) So the answer is 8.";

class UserTasks : public ::testing::Test {
 protected:
  // Every program of the test is gone when its task is.
  void TearDown() override {
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder.path() / name, std::ios::binary) << text;
  }

  std::string path(const char* name = "task.toml") const { return (folder.path() / name).string(); }

  static std::string problem_line(const Json& more = Json::object()) {
    Json line = {{"question", "Add 2, 3, 4."}, {"answer", 9}, {"rationale", kRationale}};
    line.update(more);
    return to_line(line) + "\n";
  }

  // A task whose TOML has these lines after name and problems.
  std::unique_ptr<Task> task(const std::string& toml) const {
    write("task.toml", "name = \"sums\"\nproblems = \"problems.jsonl\"\n" + toml);
    return make_task(path());
  }

  std::unique_ptr<Task> task_with_problems(const std::string& lines,
                                           const std::string& toml = kAnswer) const {
    write("problems.jsonl", lines);
    return task(toml);
  }

  std::string complaint(const std::string& lines, const std::string& toml = kAnswer) const {
    try {
      task_with_problems(lines, toml);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  // A task whose verifier is this Python script, run for each request.
  std::unique_ptr<Task> task_with(const char* table, const std::string& script,
                                  const std::string& more = "mode = \"per-call\"\n") const {
    write("program.py", script);
    return task_with_problems(
        problem_line(),
        std::string(kAnswer) + "[" + table + "]\nprogram = [\"python3\", \"program.py\"]\n" + more);
  }

  // What becomes of a verifier that prints this, whatever it is asked.
  Review review_when_printed(const std::string& printed,
                             const std::string& attempt = kWrong) const {
    write("printed", printed);
    write("problems.jsonl", problem_line());
    const auto one = task(std::string(kAnswer) +
                          "[verify]\nprogram = [\"cat\", \"printed\"]\nmode = \"per-call\"\n");
    return one->verify(one->parse_problem("Add 2, 3, 4.", "test"), attempt);
  }

  Review review_by(const std::string& script, const std::string& more = "mode = \"per-call\"\n",
                   const std::string& attempt = kWrong) const {
    const auto one = task_with("verify", script, more);
    return one->verify(one->parse_problem("Add 2, 3, 4.", "test"), attempt);
  }

  static constexpr const char* kAnswer = "[answer]\npattern = 'the answer is (-?\\d+)'\n";

  TemporaryFolder folder;
};

}  // namespace tripost
