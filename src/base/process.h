// A program of somebody else's that answers lines: started without a shell, spoken to over pipes,
// and ended.
//
// Whatever the program does, every call returns by its deadline: pipes are read and written
// together, so a full one never blocks, and output is bounded. What went wrong is a value
// (ProgramReply), never an exception. The program runs in a process group of its own, which is
// killed as a whole; it gets its three standard streams, no other open file of ours, and of our
// environment only what every program needs (kPassedVariables) and what is named for it: keys stay
// here. Does not confine it: what it may read or reach is not limited here.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tripost {

// Variables that every program gets; a '*' at the end stands for any ending.
inline constexpr std::array<const char*, 6> kPassedVariables = {"PATH", "HOME",   "LANG",
                                                                "LC_*", "TMPDIR", "PYTHON*"};

struct Program {
  // The first names the program: looked up in PATH, or, with a '/' in it, in `folder`.
  std::vector<std::string> arguments;
  std::filesystem::path folder;  // where it runs
  bool long_lived = true;        // answers line after line; otherwise it is started for each line
  double timeout = 10.0;         // seconds for one answer, start included
  std::vector<std::string>
      environment;  // names of further variables that it gets, where they are set
};

enum class ProgramFault {
  kNone,
  kNotStarted,
  kTimedOut,
  kExited,
  kTooLong,
  kTooManyLines,
  kNotJson,  // this one and the next are found by JsonProgram
  kGivenUp,
};

// "timed out", ...: the cause in the words of messages and counts.
const char* name_of(ProgramFault fault);

struct ProgramReply {
  std::string line;  // without its newline
  ProgramFault fault = ProgramFault::kNone;
  std::string
      detail;  // one line about the fault, with the end of what the program wrote to its stderr
};

// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { close(); }

  int get() const { return value_; }
  bool is_open() const { return value_ >= 0; }
  void close();

 private:
  int value_ = -1;
};

// One running program. One thread at a time may use it.
class Process {
 public:
  // nullptr when the program cannot be started; `why` then says so.
  static std::unique_ptr<Process> start(const Program& program, std::string& why);

  // Closes the program's input, waits a moment for its end, and kills what is left of its group.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Sends the line and returns the next line of output that is not blank. After a fault the program
  // and we may disagree about whose turn it is: destroy it. Throws Interrupted (base/progress.h),
  // and nothing else.
  ProgramReply ask(std::string_view line, double timeout);

  // Sends the line, closes the input, and waits for the end: exactly one line and exit code 0 are
  // an answer.
  ProgramReply ask_once(std::string_view line, double timeout);

  // The program sees the end of its input.
  void close_input() { input_.close(); }

  bool has_ended() const;

 private:
  enum class Until { kLine, kEnd };
  using Time = std::chrono::steady_clock::time_point;

  Process(pid_t process, Descriptor input, Descriptor output, Descriptor errors);

  ProgramReply exchange(std::string_view line, double timeout, Until until);
  bool move_bytes(std::string_view& pending, int wait_milliseconds);
  ProgramReply answer_in(Until until);
  ProgramReply failed(ProgramFault fault, const std::string& detail) const;
  std::string ending() const;

  pid_t process_;
  Descriptor input_, output_, errors_;
  std::string unread_;      // output that is no answer yet
  std::string error_tail_;  // the end of what it wrote to stderr since it was asked
  bool is_answering_ = false;
};

}  // namespace tripost
