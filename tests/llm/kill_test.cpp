// A process that dies in the middle of 500 calls, and one that is asked to stop.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <set>

#include "base/error.h"
#include "base/progress.h"
#include "llm/fixture.h"

namespace tripost {
namespace {

constexpr int kCalls = 500;

std::string request_of(const MockEndpoint& mock, const MockCall& call) {
  return to_line({{"url", mock.url() + "/chat/completions"}, {"sample", 0}, {"body", call.body}});
}

// Runs `body` in a process of its own; its exit code is 0 when it came to its end.
template <class Body>
pid_t in_child(const Body& body) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  try {
    body();
  } catch (const Interrupted&) {
    ::_exit(75);
  } catch (...) {
    ::_exit(1);
  }
  ::_exit(0);
}

int status_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

class LlmKillTest : public testing::Test {
 protected:
  void make_mock() {
    mock_ = std::make_unique<MockEndpoint>(
        [](const MockCall& call, MockConnection& connection) {
          std::this_thread::sleep_for(std::chrono::milliseconds(3));
          connection.status(200, answer_body("answer to " + call.prompt()));
        },
        /*start_now=*/false);
  }

  pid_t start_child() {
    const LlmConfig config = config_for(mock_->url(), folder_);
    const pid_t child = in_child([&] { LlmClient(config).complete(prompts(kCalls), kGreedy); });
    mock_->start();
    return child;
  }

  void wait_for_calls(std::size_t count) {
    while (mock_->calls().size() < count) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  // Asks for all 500 again in this process; what was in the cache must not be asked for, and all
  // answers must be there.
  void expect_rest_is_asked_once() {
    const LlmConfig config = config_for(mock_->url(), folder_);
    std::set<std::string> kept;
    const auto before = mock_->calls();
    {
      AnswerCache cache(config.cache, config.run);
      for (const MockCall& call : before) {
        if (cache.find(request_of(*mock_, call))) kept.insert(call.prompt());
      }
      EXPECT_EQ(cache.spent().calls, static_cast<int64_t>(kept.size()))
          << "an answer and its price are one transaction";
    }
    EXPECT_GE(kept.size() + static_cast<std::size_t>(config.limits.concurrency), before.size())
        << "only calls in flight may be lost";
    LlmClient client(config);
    const auto answers = client.complete(prompts(kCalls), kGreedy);
    for (int i = 0; i < kCalls; ++i)
      EXPECT_EQ(answers[static_cast<std::size_t>(i)].text, fmt::format("answer to prompt {}", i));
    EXPECT_EQ(client.counts().cache_hits, static_cast<int64_t>(kept.size()));
    EXPECT_EQ(client.spent().calls, kCalls);
    const auto all = mock_->calls();
    for (std::size_t i = before.size(); i < all.size(); ++i) {
      EXPECT_EQ(kept.count(all[i].prompt()), 0u) << "paid twice: " << all[i].prompt();
    }
  }

  TemporaryFolder folder_;
  std::unique_ptr<MockEndpoint> mock_;
};

TEST_F(LlmKillTest, AfterAKillNoAnsweredCallIsPaidTwice) {
  make_mock();
  const pid_t child = start_child();
  wait_for_calls(200);
  ::kill(child, SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(status_of(child)));
  expect_rest_is_asked_once();
}

TEST_F(LlmKillTest, ASignalStopsBetweenCallsAndKeepsWhatIsInFlight) {
  make_mock();
  std::signal(SIGTERM, [](int) { request_interrupt(); });
  const pid_t child = start_child();
  wait_for_calls(100);
  ::kill(child, SIGTERM);
  const int status = status_of(child);
  std::signal(SIGTERM, SIG_DFL);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 75);
  EXPECT_LT(mock_->calls().size(), static_cast<std::size_t>(kCalls));
  expect_rest_is_asked_once();
}

TEST_F(LlmKillTest, TwoProcessesMayShareACache) {
  make_mock();
  const LlmConfig config = config_for(mock_->url(), folder_);
  std::vector<pid_t> children;
  for (int i = 0; i < 2; ++i)
    children.push_back(in_child([&] { LlmClient(config).complete(prompts(100), kGreedy); }));
  mock_->start();
  for (const pid_t child : children) EXPECT_EQ(status_of(child), 0);
  LlmClient client(config);
  client.complete(prompts(100), kGreedy);
  EXPECT_EQ(client.counts().cache_hits, 100);
  EXPECT_EQ(client.spent().calls, static_cast<int64_t>(mock_->calls().size()))
      << "every call is booked";
}

}  // namespace
}  // namespace tripost
