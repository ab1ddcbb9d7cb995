#include "base/process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "base/json_program.h"
#include "base/progress.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

using ::testing::HasSubstr;

constexpr double kLong = 60;    // seconds: more than any test needs
constexpr double kShort = 0.3;  // seconds: for programs that never answer

class Programs : public ::testing::Test {
 protected:
  // A test leaves no child behind, dead or alive.
  void TearDown() override {
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }

  Program shell(const std::string& script, double timeout = kLong) const {
    return {.arguments = {"sh", "-c", script}, .folder = folder.path(), .timeout = timeout};
  }

  Program python(const std::string& script, double timeout = kLong) const {
    return {.arguments = {"python3", "-c", script}, .folder = folder.path(), .timeout = timeout};
  }

  static std::unique_ptr<Process> started(const Program& program) {
    std::string why;
    auto process = Process::start(program, why);
    EXPECT_NE(process, nullptr) << why;
    return process;
  }

  static ProgramReply ask(const Program& program, const std::string& line = "x") {
    return started(program)->ask(line, program.timeout);
  }

  static ProgramReply ask_once(const Program& program, const std::string& line = "x") {
    return started(program)->ask_once(line, program.timeout);
  }

  // Waits until a process is gone: dead and reaped, or never there.
  static void expect_gone(pid_t process) {
    for (int i = 0; i < 2000 && ::kill(process, 0) == 0; ++i) {
      std::ifstream status("/proc/" + std::to_string(process) + "/stat");
      std::string text;
      std::getline(status, text);
      // A zombie of somebody else's waits for its own parent.
      if (text.find(") Z ") != std::string::npos) return;
      ::usleep(5000);
    }
    EXPECT_NE(::kill(process, 0), 0) << process << " lives on";
  }

  TemporaryFolder folder;
};

TEST_F(Programs, ALongLivedProgramAnswersLineAfterLine) {
  const auto process =
      started(shell("n=0; while read line; do n=$((n+1)); echo \"$n $line\"; done"));
  for (int i = 1; i <= 100; ++i) {
    EXPECT_EQ(process->ask("hello", kLong).line, fmt::format("{} hello", i));
  }
}

TEST_F(Programs, ACallGetsTheLineAndTheEndOfInput) {
  EXPECT_EQ(ask_once(shell("cat; echo >&2 done"), "some text").line, "some text");
}

TEST_F(Programs, NoTextIsReadByAShell) {
  const std::string nasty = "$(touch stolen) `touch stolen` \"; touch stolen; ' %s %n \\";
  EXPECT_EQ(ask_once({.arguments = {"cat"}, .folder = folder.path()}, nasty).line, nasty);
  EXPECT_EQ(ask_once({.arguments = {"echo", "$HOME;", "*"}, .folder = folder.path()}).line,
            "$HOME; *");
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST_F(Programs, RunsInItsFolder) {
  std::ofstream(folder.path() / "local.sh") << "#!/bin/sh\npwd -P\n";
  fs::permissions(folder.path() / "local.sh", fs::perms::owner_all);
  EXPECT_EQ(ask_once({.arguments = {"./local.sh"}, .folder = folder.path()}).line,
            fs::canonical(folder.path()));
}

// A key in our environment is not for every program.
TEST_F(Programs, GetsOfOurEnvironmentOnlyWhatIsNamed) {
  for (const char* name : {"OPENAI_API_KEY", "TRIPOST_TEST_NAMED", "PYTHONTRIPOST", "LC_TRIPOST"})
    ::setenv(name, "value", 1);
  Program program = shell("env | cut -d= -f1 | sort | tr '\n' ' '");
  program.environment = {"TRIPOST_TEST_NAMED", "TRIPOST_TEST_NOT_SET"};
  const std::string names = " " + ask_once(program).line;
  for (const char* name : {" PATH ", " TRIPOST_TEST_NAMED ", " PYTHONTRIPOST ", " LC_TRIPOST "})
    EXPECT_THAT(names, HasSubstr(name));
  EXPECT_THAT(names, ::testing::Not(HasSubstr("OPENAI_API_KEY")));
  EXPECT_THAT(names, ::testing::Not(HasSubstr("TRIPOST_TEST_NOT_SET")));
  for (const char* name : {"OPENAI_API_KEY", "TRIPOST_TEST_NAMED", "PYTHONTRIPOST", "LC_TRIPOST"})
    ::unsetenv(name);
}

// Bigger than a pipe in both directions: whoever writes all before reading would wait for ever.
TEST_F(Programs, FullPipesInBothDirectionsDoNotLock) {
  const std::string line(900'000, 'x');
  EXPECT_EQ(ask(shell("cat"), line).line, line);
  EXPECT_EQ(ask_once(shell("head -c 300000 /dev/zero | tr '\\0' e >&2; cat"), line).line, line);
  EXPECT_EQ(ask_once(shell("head -c 300000 /dev/zero | tr '\\0' e; cat > /dev/null"), line).line,
            std::string(300'000, 'e'));
}

TEST_F(Programs, AProgramThatDoesNotReadMayAnswer) {
  const std::string line(900'000, 'x');
  EXPECT_EQ(ask_once(shell("exec <&-; echo yes"), line).line, "yes");
  EXPECT_EQ(ask_once(shell("echo yes"), line).line, "yes");
}

// With the default action of SIGPIPE, which ends a process that writes to nobody.
TEST_F(Programs, AProgramThatIsGoneDoesNotTakeUsAlong) {
  ASSERT_EQ(std::signal(SIGPIPE, SIG_DFL), SIG_DFL);
  const auto process = started(shell("exit 3"));
  while (!process->has_ended()) ::usleep(1000);
  const ProgramReply reply = process->ask(std::string(900'000, 'x'), kLong);
  EXPECT_EQ(reply.fault, ProgramFault::kExited);
  EXPECT_EQ(reply.detail, "exit code 3");
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
}

TEST_F(Programs, TheProgramHasTheDefaultSigpipe) {
  std::signal(SIGPIPE, SIG_IGN);
  // yes | head ends only because SIGPIPE ends `yes`; ignoring it, `yes` complains.
  EXPECT_EQ(ask_once(shell("yes | head -n 1")).line, "y");
  const ProgramReply reply = ask_once(shell("grep SigIgn /proc/self/status"));
  std::signal(SIGPIPE, SIG_DFL);
  const auto ignored = std::stoull(reply.line.substr(reply.line.find('\t') + 1), nullptr, 16);
  EXPECT_EQ(ignored >> (SIGPIPE - 1) & 1, 0u) << reply.line;
}

TEST_F(Programs, WhatCannotBeStartedSaysWhy) {
  std::string why;
  EXPECT_EQ(Process::start({.arguments = {"no-such-program"}, .folder = folder.path()}, why),
            nullptr);
  EXPECT_THAT(why, HasSubstr("\"no-such-program\""));
  EXPECT_THAT(why, HasSubstr("No such file or directory"));
  std::ofstream(folder.path() / "data") << "text";
  EXPECT_EQ(Process::start({.arguments = {"./data"}, .folder = folder.path()}, why), nullptr);
  EXPECT_THAT(why, HasSubstr("Permission denied"));
  EXPECT_EQ(Process::start({.arguments = {"cat"}, .folder = folder.path() / "none"}, why), nullptr);
  EXPECT_THAT(why, HasSubstr("No such file or directory"));
}

TEST_F(Programs, AnEndWithoutAnAnswerTellsCodeSignalAndLastWords) {
  ProgramReply reply = ask(shell("read line; echo 'first\nKeyError: \"x\"' >&2; exit 7"));
  EXPECT_EQ(reply.fault, ProgramFault::kExited);
  EXPECT_EQ(reply.detail, "exit code 7; it said: first / KeyError: \"x\"");
  reply = ask(shell("read line; kill -SEGV $$"));
  EXPECT_EQ(reply.fault, ProgramFault::kExited);
  EXPECT_EQ(reply.detail, "killed by signal 11 (Segmentation fault)");
  reply = ask_once(shell("cat > /dev/null; exit 0"));
  EXPECT_EQ(reply.fault, ProgramFault::kExited);
  EXPECT_EQ(reply.detail, "exit code 0");
  reply = ask_once(shell("cat; exit 1"));
  EXPECT_EQ(reply.fault, ProgramFault::kExited);
  EXPECT_EQ(reply.detail, "it answered, but with exit code 1");
}

TEST_F(Programs, LastWordsAreShortAndSafeForATerminal) {
  const ProgramReply reply = ask(shell(
      "head -c 5000000 /dev/zero | tr '\\0' x >&2; printf '\\033[31mred\\007\\n' >&2; exit 1"));
  EXPECT_EQ(reply.fault, ProgramFault::kExited);
  EXPECT_LT(reply.detail.size(), 500u);
  EXPECT_TRUE(reply.detail.ends_with("x?[31mred?")) << reply.detail;
}

TEST_F(Programs, ATimeOutKillsTheWholeGroup) {
  // The grandchild holds the output open, and both ignore what can be ignored.
  const std::string script =
      "trap '' TERM INT HUP; sleep 1000 & echo $! > grandchild; echo $$ > child; wait";
  const ProgramReply reply = ask(shell(script, kShort));
  EXPECT_EQ(reply.fault, ProgramFault::kTimedOut);
  EXPECT_THAT(reply.detail, HasSubstr("no answer within 0.3 s"));
  expect_gone(std::stoi(read_file(folder.path() / "child")));
  expect_gone(std::stoi(read_file(folder.path() / "grandchild")));
}

TEST_F(Programs, AStoppedProgramTimesOut) {
  EXPECT_EQ(ask(shell("kill -STOP $$", kShort)).fault, ProgramFault::kTimedOut);
}

TEST_F(Programs, AProgramThatClosesItsOutputAndLivesOnTimesOut) {
  EXPECT_EQ(ask(shell("exec >&-; sleep 1000", kShort)).fault, ProgramFault::kTimedOut);
}

TEST_F(Programs, AGrandchildThatKeepsTheOutputOpenIsNotWaitedFor) {
  const ProgramReply reply = ask_once(shell("echo yes; sleep 1000 & echo $! > grandchild"));
  EXPECT_EQ(reply.line, "yes");
  expect_gone(std::stoi(read_file(folder.path() / "grandchild")));
}

// A daemon leaves the group, so it survives; it must not hold us.
TEST_F(Programs, ADaemonThatKeepsTheOutputOpenIsNotWaitedFor) {
  const ProgramReply reply =
      ask_once(shell("echo yes; setsid sh -c 'echo $$ > daemon; exec sleep 1000' & while ! [ -s "
                     "daemon ]; do sleep 0.01; done"));
  EXPECT_EQ(reply.line, "yes");
  ::kill(std::stoi(read_file(folder.path() / "daemon")), SIGKILL);
}

TEST_F(Programs, OutputIsBounded) {
  ProgramReply reply = ask(shell("read line; yes | tr -d '\\n'"));
  EXPECT_EQ(reply.fault, ProgramFault::kTooLong);
  EXPECT_EQ(reply.detail, "more than 1048576 bytes for one answer");
  EXPECT_EQ(ask_once(shell("yes")).fault, ProgramFault::kTooLong);
}

TEST_F(Programs, OneAnswerIsOneLine) {
  EXPECT_EQ(ask_once(shell("echo one; echo two")).fault, ProgramFault::kTooManyLines);
  EXPECT_EQ(ask_once(shell("printf '\\n yes\\r\\n\\n'")).line, "yes");
  EXPECT_EQ(ask_once(shell("printf yes")).line, "yes");
  EXPECT_EQ(ask(shell("read line; printf 'one\\ntwo\\n'; read line")).fault,
            ProgramFault::kTooManyLines);
}

TEST_F(Programs, WhatIsWrittenBetweenQuestionsIsNoAnswerToTheNext) {
  const auto process =
      started(shell("read line; echo one; touch asked; while [ -e asked ]; do sleep 0.01; done; "
                    "echo late; touch late; cat"));
  EXPECT_EQ(process->ask("x", kLong).line, "one");
  while (!fs::exists(folder.path() / "asked")) ::usleep(1000);
  fs::remove(folder.path() / "asked");
  while (!fs::exists(folder.path() / "late")) ::usleep(1000);
  const ProgramReply reply = process->ask("x", kLong);
  EXPECT_EQ(reply.fault, ProgramFault::kTooManyLines);
  EXPECT_THAT(reply.detail, HasSubstr("\"late\""));
}

TEST_F(Programs, TheProgramHasNoOpenFileOfOurs) {
  const int leaked = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as libraries do
  const auto other = started(shell("cat"));
  const ProgramReply reply =
      ask_once(python("import os; print(sorted(map(int, os.listdir('/proc/self/fd'))))"));
  ::close(leaked);
  // The fourth is the one that lists the folder.
  EXPECT_EQ(reply.line, "[0, 1, 2, 3]");
}

TEST_F(Programs, WorksWhenOurOwnStandardStreamsAreClosed) {
  const int input = ::dup(0), output = ::dup(1);
  ::close(0);
  ::close(1);
  const ProgramReply reply = ask_once(shell("cat"), "text");
  ::dup2(input, 0);
  ::dup2(output, 1);
  ::close(input);
  ::close(output);
  EXPECT_EQ(reply.line, "text");
}

TEST_F(Programs, AnUnusedProgramEndsByItselfWhenItsInputDoes) {
  { const auto process = started(shell("cat > /dev/null; echo bye > farewell")); }
  EXPECT_EQ(read_file(folder.path() / "farewell"), "bye\n");
}

TEST_F(Programs, OpenFilesStayAsManyAfterAThousandCalls) {
  const auto count = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator{});
  };
  const auto before = count();
  for (int i = 0; i < 300; ++i) ask_once(shell("exit 1"));
  EXPECT_EQ(count(), before);
}

TEST_F(Programs, AnInterruptEndsTheWait) {
  const auto wait_until_interrupted = [&] {
    std::thread([] {
      ::usleep(100'000);
      request_interrupt();
    }).detach();
    try {
      ask(shell("sleep 1000"));
    } catch (const Interrupted&) {
      std::_Exit(75);
    }
    std::_Exit(0);
  };
  EXPECT_EXIT(wait_until_interrupted(), ::testing::ExitedWithCode(75), "");
}

class JsonPrograms : public Programs {
 protected:
  static constexpr const char* kCount =
      "import json, os, sys\n"
      "for n, line in enumerate(sys.stdin):\n"
      "    request = json.loads(line)\n"
      "    if request['do'] == 'die': sys.exit(1)\n"
      "    if request['do'] == 'leave': print(json.dumps({'process': os.getpid()}), flush=True); "
      "sys.exit(0)\n"
      "    if request['do'] == 'mumble': print('nan', flush=True)\n"
      "    else: print(json.dumps({'n': n, 'text': request['do']}), flush=True)\n";
};

TEST_F(JsonPrograms, AnObjectForAnObject) {
  JsonProgram program(python(kCount));
  const std::string text = "\n\"\\ \xF0\x9F\x98\x80 \xE2\x80\xA8";
  EXPECT_EQ(program.ask({{"do", text}}).answer, (Json{{"n", 0}, {"text", text}}));
  EXPECT_EQ(program.ask({{"do", "again"}}).answer["n"], 1);
}

TEST_F(JsonPrograms, AProgramThatDiesIsStartedAgainForTheNextRequestAndThatIsCounted) {
  JsonProgram program(python(kCount));
  EXPECT_EQ(program.ask({{"do", "die"}}).fault, ProgramFault::kExited);
  EXPECT_EQ(program.num_restarts(), 0);
  EXPECT_EQ(program.ask({{"do", "x"}}).answer["n"], 0);
  EXPECT_EQ(program.num_restarts(), 1);
  EXPECT_EQ(program.ask({{"do", "mumble"}}).fault, ProgramFault::kNotJson);
  EXPECT_EQ(program.ask({{"do", "x"}}).answer["n"], 0);
  EXPECT_EQ(program.num_restarts(), 2);
}

TEST_F(JsonPrograms, AnAnswerThatComesTooLateIsNotTakenForTheNext) {
  // Time enough for a shell to start and answer on a busy machine.
  JsonProgram program(
      shell("if [ -e started ]; then cat; else touch started; read line; sleep 1000; fi", 2), 1);
  EXPECT_EQ(program.ask({{"n", 1}}).fault, ProgramFault::kTimedOut);
  EXPECT_EQ(program.ask({{"n", 2}}).answer, (Json{{"n", 2}}));
}

TEST_F(JsonPrograms, AnEndBetweenRequestsIsNoRequestsFault) {
  JsonProgram program(python(kCount), 1);
  for (int i = 0; i < 3; ++i) {
    const JsonReply reply = program.ask({{"do", "leave"}});
    ASSERT_EQ(reply.fault, ProgramFault::kNone) << reply.detail;
    expect_gone(reply.answer["process"].get<pid_t>());
  }
  EXPECT_EQ(program.num_restarts(), 2);
}

TEST_F(JsonPrograms, WhatIsNoObjectIsAFault) {
  for (const char* said :
       {"[1]", "1", "{", "{\"a\":1,\"a\":2}", "{} {}", "NaN", "{\"a\": Infinity}", "\\377\\376"}) {
    Program program = shell(fmt::format("printf '{}'", said));
    program.long_lived = false;
    EXPECT_EQ(JsonProgram(program).ask(Json::object()).fault, ProgramFault::kNotJson) << said;
  }
  Program deep = python("print('{\"a\":' * 100000 + '1' + '}' * 100000)");
  deep.long_lived = false;
  EXPECT_EQ(JsonProgram(deep).ask(Json::object()).fault, ProgramFault::kNotJson);
}

TEST_F(JsonPrograms, AProgramThatAlwaysFailsIsGivenUp) {
  Program broken = shell("echo x >> starts; exit 9");
  JsonProgram program(broken);
  for (int i = 0; i < JsonProgram::kMostFaultsInARow; ++i)
    EXPECT_EQ(program.ask(Json::object()).fault, ProgramFault::kExited);
  const JsonReply reply = program.ask(Json::object());
  EXPECT_EQ(reply.fault, ProgramFault::kGivenUp);
  EXPECT_THAT(reply.detail, HasSubstr("20 times in a row"));
  EXPECT_THAT(reply.detail, HasSubstr("exit code 9"));
  EXPECT_EQ(read_file(folder.path() / "starts").size(), 2u * JsonProgram::kMostFaultsInARow);
}

TEST_F(JsonPrograms, ManyThreadsShareFewProcesses) {
  JsonProgram program(python("import os, sys\n"
                             "open('starts', 'a').write('x')\n"
                             "for line in sys.stdin: print(line.strip(), flush=True)\n"),
                      3);
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const Json request{{"thread", t},
                           {"i", i},
                           {"text", std::string(static_cast<std::size_t>(i * 1000), 'x')}};
        right += program.ask(request).answer == request;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 400);
  EXPECT_LE(read_file(folder.path() / "starts").size(), 3u);
}

}  // namespace
}  // namespace tripost
