#include "task/user_task_file.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <map>

#include "base/error.h"
#include "base/file.h"
#include "base/toml.h"
#include "task/lines.h"

namespace tripost {
namespace {

using Set = std::function<void(const TomlValue&)>;

[[noreturn]] void refuse(const TomlValue& value, const char* expected) {
  fail_usage("{}: {}: expected {}, found {}", value.where, value.name, expected,
             to_line(value.value));
}

std::string text_of(const TomlValue& value) {
  if (!value.value.is_string() || trimmed(value.value.get_ref<const std::string&>()).empty())
    refuse(value, "text");
  return value.value.get<std::string>();
}

std::string one_line_of(const TomlValue& value) {
  const std::string text = text_of(value);
  if (contains(text, "\n")) refuse(value, "one line");
  return text;
}

double number_of(const TomlValue& value, double low, const char* expected) {
  if (!value.value.is_number()) refuse(value, expected);
  const double number = value.value.get<double>();
  if (!std::isfinite(number) || number < low) refuse(value, expected);
  return number;
}

// Whether the text is the first of two words and not the second.
bool is_first_of(const TomlValue& value, const std::string& first, const std::string& second) {
  if (value.value == first) return true;
  if (value.value == second) return false;
  refuse(value, fmt::format("\"{}\" or \"{}\"", first, second).c_str());
}

std::vector<std::string> arguments_of(const TomlValue& value) {
  constexpr const char* kExpected =
      "a list of texts, the program and its arguments: [\"python3\", \"verify.py\"]";
  if (!value.value.is_array() || value.value.empty()) refuse(value, kExpected);
  std::vector<std::string> arguments;
  for (const Json& item : value.value) {
    if (!item.is_string() ||
        contains(item.get_ref<const std::string&>(), std::string_view("\0", 1)))
      refuse(value, kExpected);
    arguments.push_back(item.get<std::string>());
  }
  if (arguments.front().empty()) refuse(value, kExpected);
  return arguments;
}

std::vector<std::string> variables_of(const TomlValue& value) {
  constexpr const char* kExpected =
      "a list of names of environment variables: [\"CUDA_VISIBLE_DEVICES\"]";
  if (!value.value.is_array()) refuse(value, kExpected);
  std::vector<std::string> names;
  for (const Json& item : value.value) {
    if (!item.is_string() || item.get_ref<const std::string&>().empty() ||
        contains(item.get_ref<const std::string&>(), "=") ||
        contains(item.get_ref<const std::string&>(), std::string_view("\0", 1)))
      refuse(value, kExpected);
    names.push_back(item.get<std::string>());
  }
  return names;
}

std::string name_in(const TomlValue& value) {
  const std::string name = one_line_of(value);
  constexpr const char* kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  if (name.find_first_not_of(kAllowed) != std::string::npos)
    refuse(value, "letters, digits, '_', '-' and '.'");
  return name;
}

std::string prompt_in(const TomlValue& value) {
  const std::string prompt = text_of(value);
  const std::size_t at = prompt.find(kQuestionPlace);
  if (at == std::string::npos || prompt.find(kQuestionPlace, at + 1) != std::string::npos)
    refuse(value, "text with {question} in one place");
  if (!label_in(prompt).empty())
    refuse(value, "text without the labels Q:, Answer:, Feedback:, Updated Answer:");
  return prompt;
}

// The settings of [verify] or [improve]. Only a program makes them mean anything.
void add_program(std::map<std::string, Set>& known, const std::string& table, Program& program) {
  known[table + "-program"] = [&](const TomlValue& value) {
    program.arguments = arguments_of(value);
  };
  known[table + "-mode"] = [&](const TomlValue& value) {
    program.long_lived = is_first_of(value, "long-lived", "per-call");
  };
  known[table + "-timeout"] = [&](const TomlValue& value) {
    program.timeout = number_of(value, 1e-3, "seconds, at least 0.001");
  };
}

std::map<std::string, Set> known_settings(UserTaskFile& file, Program& verify, Program& improve) {
  std::map<std::string, Set> known;
  known["environment"] = [&](const TomlValue& value) {
    verify.environment = improve.environment = variables_of(value);
  };
  known["name"] = [&](const TomlValue& value) { file.name = name_in(value); };
  known["problems"] = [&](const TomlValue& value) {
    file.problems = file.path.parent_path() / text_of(value);
  };
  known["prompt"] = [&](const TomlValue& value) { file.prompt = prompt_in(value); };
  known["lead-in"] = [&](const TomlValue& value) { file.lead_in = one_line_of(value); };
  known["answer-pattern"] = [&](const TomlValue& value) { file.answer.pattern = text_of(value); };
  known["answer-json"] = [&](const TomlValue& value) {
    if (!value.value.is_string()) refuse(value, "a JSON pointer like \"/answer\"");
    file.answer.json_pointer = value.value.get<std::string>();
  };
  known["answer-compare"] = [&](const TomlValue& value) {
    file.answer.numeric = is_first_of(value, "numeric", "exact");
  };
  known["answer-tolerance"] = [&](const TomlValue& value) {
    file.answer.tolerance = number_of(value, 0, "a number from 0 up");
  };
  add_program(known, "verify", verify);
  add_program(known, "improve", improve);
  return known;
}

std::vector<std::string> names_of(const std::map<std::string, Set>& known) {
  std::vector<std::string> names;
  for (const auto& [name, set] : known) names.push_back(name);
  return names;
}

// A program with its folder; nothing when the file has no such table.
std::optional<Program> complete(Program program, const std::string& table, bool is_named,
                                const UserTaskFile& file) {
  if (!is_named) return std::nullopt;
  if (program.arguments.empty()) {
    fail_usage("{}: [{}] names no program; add program = [\"python3\", \"{}.py\"]",
               file.path.string(), table, table);
  }
  program.folder = fs::absolute(file.path).parent_path();
  return program;
}

// "check.py", or the whole path of a file that lies elsewhere.
std::string name_beside(const fs::path& file, const fs::path& folder) {
  const fs::path relative = file.lexically_normal().lexically_relative(folder.lexically_normal());
  return (relative.empty() || *relative.begin() == ".." ? file : relative).string();
}

}  // namespace

std::map<std::string, fs::path> UserTaskFile::inputs() const {
  const fs::path folder = fs::absolute(path).parent_path();
  std::map<std::string, fs::path> inputs;
  const auto add = [&](const fs::path& file) { inputs[name_beside(file, folder)] = file; };
  add(fs::absolute(path));
  add(fs::absolute(problems));
  for (const auto* program : {&verify, &improve}) {
    if (!*program) continue;
    for (const std::string& argument : (*program)->arguments) {
      std::error_code none;
      if (fs::is_regular_file(folder / argument, none)) add(folder / argument);
    }
  }
  return inputs;
}

std::string label_in(std::string_view text) {
  for (const std::string_view line : split_lines(text)) {
    for (const char* label : {"Q:", "Answer:", "Feedback:", "Updated Answer:"}) {
      if (line.starts_with(label)) return label;
    }
  }
  return "";
}

UserTaskFile read_user_task_file(const fs::path& path) {
  UserTaskFile file;
  file.path = path;
  Program verify, improve;
  bool has_verify = false, has_improve = false;
  const auto known = known_settings(file, verify, improve);
  for (const TomlValue& value : read_toml(path)) {
    const auto found = known.find(value.name);
    if (found == known.end()) {
      const std::string nearest = nearest_name(value.name, names_of(known));
      fail_usage("{}: unknown setting \"{}\"{}", value.where, value.name,
                 nearest.empty() ? "; docs/writing_a_task.md lists the known ones"
                                 : fmt::format("; did you mean \"{}\"?", nearest));
    }
    found->second(value);
    file.answer.where = value.name == "answer-pattern" || value.name == "answer-json"
                            ? value.where
                            : file.answer.where;
    has_verify |= value.name.starts_with("verify-");
    has_improve |= value.name.starts_with("improve-");
  }
  if (file.name.empty()) fail_usage("{}: name is missing; add name = \"my_task\"", path.string());
  if (file.problems.empty())
    fail_usage("{}: problems is missing; add problems = \"problems.jsonl\"", path.string());
  if (file.answer.tolerance > 0 && !file.answer.numeric)
    fail_usage("{}: a tolerance needs compare = \"numeric\" in [answer]", path.string());
  file.verify = complete(verify, "verify", has_verify, file);
  file.improve = complete(improve, "improve", has_improve, file);
  return file;
}

std::map<std::string, fs::path> inputs_of_task(const std::string& name) {
  if (!name.ends_with(".toml")) return {};
  return read_user_task_file(name).inputs();
}

}  // namespace tripost
