#include "task/user_problems.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "task/lines.h"
#include "task/split.h"

namespace tripost {
namespace {

constexpr const char* kOnlyLevel = "all";  // of problems that name none

std::string text_field(const Json& line, const std::string& key, const std::string& where) {
  const std::string text(trimmed(string_field(line, key, where)));
  if (text.empty()) fail("{}: the field \"{}\" is empty", where, key);
  if (const auto label = label_in(text); !label.empty()) {
    fail(
        "{}: the field \"{}\" has a line that opens with \"{}\", which marks the parts of training "
        "texts; reword it",
        where, key, label);
  }
  return text;
}

std::string answer_field(const Json& line, const std::string& where, const AnswerReader& reader) {
  const auto found = line.find("answer");
  if (found == line.end()) fail("{}: the field \"answer\" is missing", where);
  if (!found->is_string() && !found->is_number())
    fail("{}: the field \"answer\" should be a string or a number, found {}", where,
         to_line(*found).substr(0, 60));
  const std::string answer = found->is_string() ? found->get<std::string>() : to_line(*found);
  if (const auto fault = reader.fault_of_gold(answer); !fault.empty())
    fail("{}: the field \"answer\" is \"{}\": {}", where, shortened(answer), fault);
  return answer;
}

// `written` is the question without the prompt: another prompt asks the same question.
Split split_field(const Json& line, const Problem& problem, const std::string& written,
                  const std::string& where) {
  if (!line.contains("split")) return problem.seen ? split_of(written) : Split::kTest;
  const std::string split = string_field(line, "split", where);
  if (split == "test") return Split::kTest;
  if (!problem.seen)
    fail(
        "{}: the field \"split\" is \"{}\", but level \"{}\" is not seen; its problems are test "
        "ones",
        where, split, problem.level);
  if (split == "train") return Split::kTrain;
  if (split == "validation") return Split::kValidation;
  fail("{}: the field \"split\" should be \"train\", \"validation\" or \"test\", found \"{}\"",
       where, split);
}

std::string with_prompt(std::string prompt, const std::string& question) {
  return prompt.replace(prompt.find(kQuestionPlace), std::string_view(kQuestionPlace).size(),
                        question);
}

// One letter too many, too few or another, or two of them swapped.
bool is_slip(std::string key, std::string name) {
  const std::size_t distance = edit_distance(key, name);
  std::sort(key.begin(), key.end());
  std::sort(name.begin(), name.end());
  return distance == 1 || (distance == 2 && key == name);
}

// A key that is nearly one of ours is a slip: it would change what the line means in silence. For a
// field that every line needs the nearest key is named, even if it is not that near: without the
// field the line is refused anyway.
void refuse_slips(const Json& line, const std::string& where) {
  static const std::vector<std::string> kKnown = {"question", "answer", "rationale",
                                                  "level",    "seen",   "split"};
  std::vector<std::string> unknown;
  for (const auto& [key, value] : line.items())
    if (std::find(kKnown.begin(), kKnown.end(), key) == kKnown.end()) unknown.push_back(key);
  for (const std::string& name : kKnown) {
    if (line.contains(name)) continue;
    const std::string nearest = nearest_name(name, unknown);
    const bool is_needed = name == "question" || name == "answer";
    if (!nearest.empty() && (is_needed || is_slip(nearest, name)))
      fail("{}: the field \"{}\" is unknown; did you mean \"{}\"?", where, nearest, name);
  }
}

}  // namespace

UserProblems::UserProblems(const UserTaskFile& file, const AnswerReader& reader)
    : path_(file.problems.string()) {
  for_each_json_line(file.problems, [&](const Json& line, const std::string& where) {
    add(line, where, file, reader);
  });
  if (entries_.empty())
    fail("{} holds no problem; give one {{\"question\": ..., \"answer\": ...}} a line", path_);
}

bool UserProblems::seen_field(const Json& line, const std::string& level,
                              const std::string& where) {
  const auto known = std::find_if(levels_.begin(), levels_.end(),
                                  [&](const auto& one) { return one.name == level; });
  const auto given = line.find("seen");
  if (given != line.end() && !given->is_boolean())
    fail("{}: the field \"seen\" should be true or false, found {}", where,
         to_line(*given).substr(0, 60));
  const bool seen = given == line.end() || given->get<bool>();
  if (known == levels_.end()) {
    levels_.push_back({level, seen});
  } else if (known->seen != seen) {
    fail(
        "{}: the field \"seen\" is {} here, but {} on an earlier line of level \"{}\"; a level is "
        "seen or not as a whole",
        where, seen, known->seen, level);
  }
  return seen;
}

void UserProblems::add(const Json& line, const std::string& where, const UserTaskFile& file,
                       const AnswerReader& reader) {
  refuse_slips(line, where);
  Problem problem;
  const std::string written = text_field(line, "question", where);
  problem.question = with_prompt(file.prompt, written);
  problem.gold = answer_field(line, where, reader);
  problem.lead_in = file.lead_in;
  if (line.contains("rationale")) problem.rationale = text_field(line, "rationale", where);
  problem.level = line.contains("level") ? text_field(line, "level", where) : kOnlyLevel;
  problem.seen = seen_field(line, problem.level, where);
  problem.id = fmt::format("{}:{}:{:016x}", file.name, problem.level, hash_text(problem.question));
  for (const std::string& name : {problem.question, written}) {
    const auto [earlier, added] = entry_of_.emplace(name, entries_.size());
    if (!added && earlier->second != entries_.size())
      fail("{}: the field \"question\" is that of an earlier line; remove one of the two", where);
  }
  const Split split = split_field(line, problem, written, where);
  entries_.push_back({std::move(problem), split});
}

std::vector<const Problem*> UserProblems::shuffled(Split split, const std::string& level,
                                                   uint64_t seed) const {
  std::vector<const Problem*> problems;
  for (const Entry& entry : entries_) {
    if (entry.split == split && entry.problem.level == level) problems.push_back(&entry.problem);
  }
  Random(seed_from({seed, hash_text(level), static_cast<uint64_t>(split)})).shuffle(problems);
  return problems;
}

std::vector<Problem> UserProblems::draw(Split split, const std::vector<std::string>& levels,
                                        int count, uint64_t seed) const {
  std::vector<std::vector<const Problem*>> piles;
  for (const std::string& level : levels) piles.push_back(shuffled(split, level, seed));
  std::vector<Problem> drawn;
  bool found = true;
  while (found) {
    found = false;
    for (auto& pile : piles) {
      if (pile.empty() || static_cast<int>(drawn.size()) == count) continue;
      drawn.push_back(*pile.back());
      pile.pop_back();
      found = true;
    }
  }
  return drawn;
}

const Problem* UserProblems::find(const std::string& question) const {
  std::string text(trimmed(question));
  auto found = entry_of_.find(text);
  if (found == entry_of_.end() && text.starts_with("Q: ")) found = entry_of_.find(text.substr(3));
  return found == entry_of_.end() ? nullptr : &entries_[found->second].problem;
}

}  // namespace tripost
