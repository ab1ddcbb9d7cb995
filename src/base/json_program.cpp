#include "base/json_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <thread>

#include "base/error.h"

namespace tripost {

// The right to run one process.
class JsonProgram::Turn {
 public:
  explicit Turn(JsonProgram& program) : program_(program) {
    std::unique_lock lock(program_.mutex_);
    program_.turn_is_free_.wait(lock, [&] { return program_.num_busy_ < program_.most_at_once_; });
    ++program_.num_busy_;
  }
  ~Turn() {
    {
      const std::lock_guard lock(program_.mutex_);
      --program_.num_busy_;
    }
    program_.turn_is_free_.notify_one();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  JsonProgram& program_;
};

JsonProgram::JsonProgram(Program program, int most_at_once)
    : program_(std::move(program)),
      most_at_once_(most_at_once > 0
                        ? most_at_once
                        : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))) {
  assert(!program_.arguments.empty());
}

JsonProgram::~JsonProgram() {
  // All at once, so that their moments of grace pass together.
  for (const auto& process : idle_) process->close_input();
}

int JsonProgram::num_restarts() const {
  const std::lock_guard lock(mutex_);
  return num_restarts_;
}

JsonReply JsonProgram::ask(const Json& request) {
  const std::string line = to_line(request);
  const Turn turn(*this);
  {
    const std::lock_guard lock(mutex_);
    if (faults_in_a_row_ >= kMostFaultsInARow) {
      return {nullptr, ProgramFault::kGivenUp,
              fmt::format("it failed {} times in a row; the last time it {}", kMostFaultsInARow,
                          last_fault_)};
    }
  }
  JsonReply reply = ask_in_turn(line);
  count(reply);
  return reply;
}

void JsonProgram::count(const JsonReply& reply) {
  const std::lock_guard lock(mutex_);
  if (reply.fault == ProgramFault::kNone) {
    faults_in_a_row_ = 0;
    return;
  }
  ++faults_in_a_row_;
  last_fault_ = fmt::format("{}: {}", name_of(reply.fault), reply.detail);
  if (program_.long_lived && reply.fault != ProgramFault::kNotStarted) ++num_lost_;
}

std::unique_ptr<Process> JsonProgram::idle_or_started(std::string& why) {
  std::unique_ptr<Process> process;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      process = std::move(idle_.back());
      idle_.pop_back();
    }
    const bool ended = process && process->has_ended();  // between requests: no request's fault
    if (process && !ended) return process;
    num_lost_ += ended ? 1 : 0;
    if (num_lost_ > 0) {
      --num_lost_;
      ++num_restarts_;
    }
  }
  return Process::start(program_, why);
}

JsonReply JsonProgram::ask_in_turn(const std::string& line) {
  JsonReply reply;
  std::unique_ptr<Process> process = idle_or_started(reply.detail);
  if (!process) {
    reply.fault = ProgramFault::kNotStarted;
    return reply;
  }
  const ProgramReply said = program_.long_lived ? process->ask(line, program_.timeout)
                                                : process->ask_once(line, program_.timeout);
  reply.fault = said.fault;
  reply.detail = said.detail;
  if (said.fault != ProgramFault::kNone) return reply;
  try {
    reply.answer = parse_json(said.line, "its answer");
    if (!reply.answer.is_object()) fail("its answer is not an object: {}", said.line.substr(0, 60));
  } catch (const Error& error) {
    reply.answer = nullptr;
    reply.fault = ProgramFault::kNotJson;
    reply.detail = error.what();
    return reply;
  }
  if (program_.long_lived) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(process));
  }
  return reply;
}

}  // namespace tripost
