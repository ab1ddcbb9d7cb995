// What a command is: a name, a sentence, its options and what it does.
//
// A command lives in command_<name>.cpp and puts itself into the list with a register function
// (cli/commands.h):
//
//   void register_verify(Commands& commands) {
//     const auto settings = std::make_shared<Settings>();
//     Command& command = commands.add("verify", "what a task's verifier says of given attempts");
//     command.options.add("task", &settings->task, "name of the task").required();
//     command.run = [settings](Terminal& terminal) { verify(*settings, terminal); };
//   }
//
// By the time `run` is called, the command line and --config have been read and required options
// are there.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "run/options.h"

namespace tripost {

class Terminal;

struct Command {
  std::string name;     // "verify", or two words: "collect rationales"
  std::string summary;  // one line for --help
  std::string example;  // a command line that works, shown at the end of its --help
  Options options;
  std::function<void(Terminal&)> run;
};

class Commands {
 public:
  Command& add(const std::string& name, const std::string& summary) {
    Command& command = list_.emplace_back();
    command.name = name;
    command.summary = summary;
    return command;
  }

  std::deque<Command>& all() { return list_; }

 private:
  std::deque<Command> list_;
};

}  // namespace tripost
