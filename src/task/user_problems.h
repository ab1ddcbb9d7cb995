// The problems of a user's task: a JSONL file, checked line by line, and its splits.
//
// A line is {"question", "answer"} and optionally "rationale", "level", "seen", "split"; other keys
// are the user's own. What is wrong with a line is an Error that names file, line and field. The
// split of a question is what its line says, else test for levels that are not seen, else a
// function of the question's hash as the line has it (80 % train, 10 % validation, 10 % test): no
// seed, no prompt and no other line can move it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "task/answer_reader.h"
#include "task/task.h"
#include "task/user_task_file.h"

namespace tripost {

class UserProblems {
 public:
  UserProblems(const UserTaskFile& file, const AnswerReader& reader);

  // In the order of their first lines.
  const std::vector<Task::Level>& levels() const { return levels_; }

  // `count` problems, drawn with the seed, evenly over the levels while each has some left; all of
  // them when there are fewer.
  std::vector<Problem> draw(Split split, const std::vector<std::string>& levels, int count,
                            uint64_t seed) const;

  const Problem& any(Random& random) const { return random.pick(entries_).problem; }

  // nullptr when the file has no such question. With or without the prompt around it, and "Q: "
  // before it.
  const Problem* find(const std::string& question) const;

 private:
  struct Entry {
    Problem problem;
    Split split;
  };

  void add(const Json& line, const std::string& where, const UserTaskFile& file,
           const AnswerReader& reader);
  bool seen_field(const Json& line, const std::string& level, const std::string& where);
  std::vector<const Problem*> shuffled(Split split, const std::string& level, uint64_t seed) const;

  std::string path_;
  std::vector<Entry> entries_;
  std::vector<Task::Level> levels_;
  std::map<std::string, std::size_t> entry_of_;  // by the question as asked and as written
};

}  // namespace tripost
