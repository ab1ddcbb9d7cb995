// The TOML file that describes a user's task, as a struct (docs/writing_a_task.md explains it to
// its authors).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/process.h"
#include "task/answer_reader.h"

namespace tripost {

inline constexpr const char* kQuestionPlace = "{question}";  // in the prompt

// The label of the layout that models are trained on ("Answer:", text/prompt.h) that a line of the
// text opens with, which would end a question or an attempt there; empty when none does.
std::string label_in(std::string_view text);

struct UserTaskFile {
  std::filesystem::path path;
  std::string name;
  std::filesystem::path problems;  // relative names are relative to the TOML file
  std::string prompt = "{question}";
  std::string lead_in = "Let's think step by step.";
  AnswerConfig answer;
  std::optional<Program> verify;  // programs run in the TOML file's folder
  std::optional<Program> improve;

  // The file itself, the problems, and the programs' arguments that name a file: what results
  // depend on. By names for people, relative to the TOML file where they lie beside or below it.
  std::map<std::string, std::filesystem::path> inputs() const;
};

// A UsageError with file and line for an unknown key (the nearest is suggested), a wrong type or
// value, or one missing.
UserTaskFile read_user_task_file(const std::filesystem::path& path);

// The inputs of the task that a command names, as make_task (task/task.h) takes it: none of a
// built-in one.
std::map<std::string, std::filesystem::path> inputs_of_task(const std::string& name);

}  // namespace tripost
