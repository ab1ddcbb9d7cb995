#include "base/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <thread>

#include "base/progress.h"

namespace tripost {
namespace {

constexpr std::size_t kMostOutput = 1 << 20;      // bytes of one answer
constexpr std::size_t kErrorTail = 4096;          // bytes of stderr that are kept
constexpr std::size_t kErrorShown = 400;          // of these, how many a message shows
constexpr std::chrono::milliseconds kGrace{500};  // from the end of input to SIGKILL
constexpr int kSlice = 50;  // milliseconds between looks at deadline, interrupt and exit
constexpr std::string_view kBlanks = " \t\r\n";

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kBlanks) == std::string_view::npos;
}

// Keeps SIGPIPE from this thread while it writes: a program that has gone away is no reason to die,
// and whether the rest of the process ignores the signal is not for a library to decide.
class WithoutBrokenPipe {
 public:
  WithoutBrokenPipe() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~WithoutBrokenPipe() {
    constexpr timespec kNow{};
    if (!was_pending_) {
      while (sigtimedwait(&signal_, nullptr, &kNow) < 0 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutBrokenPipe(const WithoutBrokenPipe&) = delete;
  WithoutBrokenPipe& operator=(const WithoutBrokenPipe&) = delete;

 private:
  sigset_t signal_, before_;
  bool was_pending_ = false;
};

struct Pipe {
  Descriptor read, write;
};

std::optional<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

void make_nonblocking(const Descriptor& descriptor) {
  ::fcntl(descriptor.get(), F_SETFL, O_NONBLOCK);
}

// What posix_spawn needs to know, freed with its owner.
class SpawnSettings {
 public:
  SpawnSettings(const Program& program, const Pipe& input, const Pipe& output, const Pipe& errors) {
    posix_spawn_file_actions_init(&actions_);
    if (!program.folder.empty())
      posix_spawn_file_actions_addchdir_np(&actions_, program.folder.c_str());
    posix_spawn_file_actions_adddup2(&actions_, input.read.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output.write.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, errors.write.get(), STDERR_FILENO);
    // Libraries of ours (CUDA's among them) open files that would stay open in the program.
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);

    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigaddset(&signals, SIGPIPE);  // we may ignore it, programs count on it
    posix_spawnattr_setsigdefault(&attributes_, &signals);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Appends what there is to read, at most one buffer full; closes at the end of the stream. Whether
// anything came.
bool read_some(Descriptor& descriptor, std::string& text) {
  std::array<char, 65536> bytes;
  const ssize_t count = ::read(descriptor.get(), bytes.data(), bytes.size());
  if (count > 0) text.append(bytes.data(), static_cast<std::size_t>(count));
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) descriptor.close();
  return count > 0;
}

// Removes what was written from `pending`; a program that reads no more loses the rest. Whether
// anything went.
bool write_some(Descriptor& descriptor, std::string_view& pending) {
  const WithoutBrokenPipe guard;
  const ssize_t count = ::write(descriptor.get(), pending.data(), pending.size());
  if (count > 0) pending.remove_prefix(static_cast<std::size_t>(count));
  if (count < 0 && errno != EAGAIN && errno != EINTR) {
    descriptor.close();
    pending = {};
  }
  return count > 0;
}

// For C functions, which want a null pointer at the end.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool is_passed(std::string_view name, const Program& program) {
  for (const std::string_view known : kPassedVariables) {
    const bool open = known.ends_with('*');
    if (open ? name.starts_with(known.substr(0, known.size() - 1)) : name == known) return true;
  }
  return std::find(program.environment.begin(), program.environment.end(), name) !=
         program.environment.end();
}

std::vector<std::string> environment_of(const Program& program) {
  std::vector<std::string> passed;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (is_passed(text.substr(0, text.find('=')), program)) passed.emplace_back(text);
  }
  return passed;
}

// One line that a terminal can show: the last bytes, line ends as " / ", control characters as "?".
std::string shown(std::string_view text) {
  while (!text.empty() && kBlanks.find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  if (text.size() > kErrorShown) text.remove_prefix(text.size() - kErrorShown);
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      line += " / ";
    } else {
      line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    }
  }
  return line;
}

}  // namespace

const char* name_of(ProgramFault fault) {
  switch (fault) {
    case ProgramFault::kNone:
      return "";
    case ProgramFault::kNotStarted:
      return "could not be started";
    case ProgramFault::kTimedOut:
      return "timed out";
    case ProgramFault::kExited:
      return "ended without an answer";
    case ProgramFault::kTooLong:
      return "wrote too much";
    case ProgramFault::kTooManyLines:
      return "wrote more than one line";
    case ProgramFault::kNotJson:
      return "wrote no JSON object";
    case ProgramFault::kGivenUp:
      return "is not asked any more";
  }
  return "";
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    value_ = std::exchange(other.value_, -1);
  }
  return *this;
}

void Descriptor::close() {
  if (value_ >= 0) ::close(value_);
  value_ = -1;
}

std::unique_ptr<Process> Process::start(const Program& program, std::string& why) {
  // In this order: should standard streams of ours be closed, the input's ends get their numbers,
  // and are copied away first.
  auto input = make_pipe(), output = make_pipe(), errors = make_pipe();
  if (!input || !output || !errors) {
    why = fmt::format("no pipe to it could be made: {}", std::strerror(errno));
    return nullptr;
  }
  std::vector<std::string> arguments = program.arguments;
  std::vector<std::string> environment = environment_of(program);
  std::vector<char*> raw = pointers_to(arguments), variables = pointers_to(environment);
  const SpawnSettings settings(program, *input, *output, *errors);
  pid_t process = 0;
  if (const int error = ::posix_spawnp(&process, raw[0], settings.actions(), settings.attributes(),
                                       raw.data(), variables.data());
      error != 0) {
    why = fmt::format("\"{}\" in {}: {}", program.arguments.front(), program.folder.string(),
                      std::strerror(error));
    return nullptr;
  }
  return std::unique_ptr<Process>(new Process(process, std::move(input->write),
                                              std::move(output->read), std::move(errors->read)));
}

Process::Process(pid_t process, Descriptor input, Descriptor output, Descriptor errors)
    : process_(process),
      input_(std::move(input)),
      output_(std::move(output)),
      errors_(std::move(errors)) {
  make_nonblocking(input_);
  make_nonblocking(output_);
  make_nonblocking(errors_);
}

Process::~Process() {
  close_input();
  const auto deadline = std::chrono::steady_clock::now() + kGrace;
  while (!is_answering_ && !has_ended() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  // Before the program is reaped: until then nobody else can get its number.
  ::kill(-process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool Process::has_ended() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == process_;
}

// How it ended, for messages.
std::string Process::ending() const {
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT);
  if (info.si_pid != process_) return "it is still running";
  if (info.si_code == CLD_EXITED) return fmt::format("exit code {}", info.si_status);
  return fmt::format("killed by signal {} ({})", info.si_status, ::strsignal(info.si_status));
}

// Waits until something can be read or written, reads and writes a piece. Whether bytes moved.
bool Process::move_bytes(std::string_view& pending, int wait_milliseconds) {
  std::array<pollfd, 3> watched{{{output_.get(), POLLIN, 0},
                                 {errors_.get(), POLLIN, 0},
                                 {pending.empty() ? -1 : input_.get(), POLLOUT, 0}}};
  // Once its output is closed there is only its end to wait for, which poll does not tell.
  if (!output_.is_open()) wait_milliseconds = std::min(wait_milliseconds, 1);
  if (::poll(watched.data(), watched.size(), wait_milliseconds) <= 0) return false;
  bool moved = false;
  if (watched[0].revents != 0) moved |= read_some(output_, unread_);
  if (watched[1].revents != 0) moved |= read_some(errors_, error_tail_);
  if (watched[2].revents != 0) moved |= write_some(input_, pending);
  if (error_tail_.size() > kErrorTail) error_tail_.erase(0, error_tail_.size() - kErrorTail);
  return moved;
}

ProgramReply Process::failed(ProgramFault fault, const std::string& detail) const {
  ProgramReply reply;
  reply.fault = fault;
  reply.detail = detail;
  if (!is_blank(error_tail_)) reply.detail += "; it said: " + shown(error_tail_);
  return reply;
}

// The answer, if `unread_` holds one. Blank lines are not an answer; anything behind it is one too
// many.
ProgramReply Process::answer_in(Until until) {
  const std::size_t begin = std::min(unread_.find_first_not_of(kBlanks), unread_.size());
  const std::size_t end = std::min(unread_.find('\n', begin), unread_.size());
  ProgramReply reply;
  reply.line = unread_.substr(begin, end - begin);
  const std::string rest = unread_.substr(end);
  unread_.clear();
  if (!reply.line.empty() && reply.line.back() == '\r') reply.line.pop_back();
  if (!is_blank(rest)) {
    return failed(ProgramFault::kTooManyLines,
                  fmt::format("after its answer it wrote \"{}\"", shown(rest)));
  }
  if (until == Until::kEnd && reply.line.empty()) return failed(ProgramFault::kExited, ending());
  if (until == Until::kEnd && ending() != "exit code 0") {
    return failed(ProgramFault::kExited, fmt::format("it answered, but with {}", ending()));
  }
  return reply;
}

ProgramReply Process::exchange(std::string_view line, double timeout, Until until) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout);
  const std::string request = std::string(line) + "\n";
  std::string_view pending = request;
  error_tail_.clear();
  for (;;) {
    const bool over = has_ended();  // asked first: what it wrote before its end can then be read
    const bool moved = move_bytes(pending, over ? 0 : kSlice);
    const std::size_t begin = unread_.find_first_not_of(kBlanks);
    if (until == Until::kEnd && pending.empty()) close_input();
    if (until == Until::kLine && pending.empty() && begin != std::string::npos &&
        unread_.find('\n', begin) != std::string::npos) {
      return answer_in(until);
    }
    if (unread_.size() > kMostOutput)
      return failed(ProgramFault::kTooLong,
                    fmt::format("more than {} bytes for one answer", kMostOutput));
    if (over && !moved)
      return until == Until::kEnd ? answer_in(until) : failed(ProgramFault::kExited, ending());
    if (std::chrono::steady_clock::now() >= deadline) {
      return failed(
          ProgramFault::kTimedOut,
          until == Until::kEnd
              ? fmt::format("it had not ended after {} s", timeout)
              : fmt::format("no answer within {} s (does it flush its output after each line?)",
                            timeout));
    }
    check_interrupt();
  }
}

ProgramReply Process::ask(std::string_view line, double timeout) {
  std::string_view nothing;
  is_answering_ = true;
  move_bytes(nothing, 0);
  if (!is_blank(unread_)) {
    return failed(ProgramFault::kTooManyLines,
                  fmt::format("before it was asked it wrote \"{}\"", shown(unread_)));
  }
  unread_.clear();
  ProgramReply reply = exchange(line, timeout, Until::kLine);
  is_answering_ = reply.fault != ProgramFault::kNone;
  return reply;
}

ProgramReply Process::ask_once(std::string_view line, double timeout) {
  is_answering_ = true;
  return exchange(line, timeout, Until::kEnd);
}

}  // namespace tripost
