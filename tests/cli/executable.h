// The executable as a user runs it: a process of its own, whose exit code and output a test looks
// at.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "support/temporary_folder.h"

namespace tripost {

struct Finished {
  int code = -1;
  std::string output;
  std::string messages;
};

class Executable : public ::testing::Test {
 protected:
  pid_t start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), TRIPOST_EXECUTABLE);
    std::vector<char*> raw;
    for (std::string& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::dup2(::open((folder.path() / "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666), 1);
    ::dup2(::open((folder.path() / "err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666), 2);
    ::execv(TRIPOST_EXECUTABLE, raw.data());
    ::_exit(127);
  }

  Finished finish(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return {.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
            .output = read_file(folder.path() / "out"),
            .messages = read_file(folder.path() / "err")};
  }

  Finished run(std::vector<std::string> arguments) { return finish(start(std::move(arguments))); }

  // A path in the test's own folder.
  std::string in(const char* name) const { return (folder.path() / name).string(); }

  TemporaryFolder folder;
};

// Whether the process has a handler for the signal: from then on it can be sent.
inline bool catches(pid_t process, int number) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigCgt:"))
      return (std::stoull(line.substr(7), nullptr, 16) >> (number - 1) & 1) != 0;
  }
  return false;
}

}  // namespace tripost
