#include "edit/prompt_file.h"

#include "base/error.h"
#include "base/file.h"
#include "task/lines.h"

namespace tripost {
namespace {

constexpr std::string_view kMark = "=== ";
constexpr std::string_view kBetween = "\n\n";

std::string filled(const std::string& text, const std::map<std::string, std::string>& values) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto close = text[at] == '{' ? text.find('}', at) : std::string::npos;
    const auto value = close == std::string::npos
                           ? values.end()
                           : values.find(text.substr(at + 1, close - at - 1));
    if (value == values.end()) {
      result += text[at++];
      continue;
    }
    result += value->second;
    at = close + 1;
  }
  return result;
}

}  // namespace

PromptFile PromptFile::read(const fs::path& path, const std::vector<std::string>& placeholders) {
  PromptFile prompt;
  std::string* section = nullptr;
  const std::string text = read_file(path);
  std::size_t number = 0;
  for (const std::string_view line : split_lines(text)) {
    ++number;
    if (!line.starts_with(kMark)) {
      if (section != nullptr) *section += std::string(line) + "\n";
      continue;
    }
    const std::string_view name = trimmed(line.substr(kMark.size()));
    if (name == "example") prompt.examples_.emplace_back();
    section = name == "example"        ? &prompt.examples_.back()
              : name == "instructions" ? &prompt.instructions_
              : name == "question"     ? &prompt.question_
                                       : nullptr;
    if (section == nullptr)
      fail("{}:{}: the section \"{}\" is none of instructions, example and question", path.string(),
           number, name);
  }
  const auto trim = [](std::string& part) { part = trimmed(part); };
  trim(prompt.instructions_);
  trim(prompt.question_);
  for (std::string& example : prompt.examples_) trim(example);
  if (prompt.question_.empty()) fail("{}: the section \"=== question\" is missing", path.string());
  for (const std::string& name : placeholders) {
    if (prompt.question_.find("{" + name + "}") != std::string::npos) continue;
    fail(
        "{}: the section \"=== question\" does not hold {{{}}}: without it the LLM would not see "
        "it",
        path.string(), name);
  }
  return prompt;
}

std::optional<std::string> PromptFile::fill(const std::map<std::string, std::string>& values,
                                            std::size_t max_bytes, std::size_t& dropped) const {
  const std::string question = filled(question_, values);
  std::string prompt = instructions_;
  std::size_t used = 0;
  while (used < examples_.size()) {
    const std::string longer =
        prompt + (prompt.empty() ? "" : std::string(kBetween)) + examples_[used];
    if (longer.size() + kBetween.size() + question.size() > max_bytes) break;
    prompt = longer;
    ++used;
  }
  dropped = examples_.size() - used;
  if (!prompt.empty()) prompt += kBetween;
  prompt += question;
  return prompt.size() <= max_bytes ? std::optional(prompt) : std::nullopt;
}

}  // namespace tripost
