// Everything that an endpoint can do wrong (faults.md, part D): every request ends in its answer or
// its error, each call is counted under one cause, and only what can help is tried again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "base/random.h"
#include "llm/fixture.h"

namespace tripost {
namespace {

using testing::HasSubstr;

using Handler = MockEndpoint::Handler;

constexpr const char* kOk =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";

class LlmFaultTest : public testing::Test {
 protected:
  // Ten prompts to an endpoint that treats the first call for each as `fault` says and answers the
  // second.
  void expect_retried(LlmFault cause, const Handler& fault) {
    MockEndpoint mock = faulty_first_time(fault);
    LlmClient client(config(mock));
    const auto answers = client.complete(prompts(10), kGreedy);
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(answers[static_cast<std::size_t>(i)].text, fmt::format("answer to prompt {}", i))
          << name_of(cause);
    }
    const LlmCounts& counts = client.counts();
    EXPECT_EQ(counts.calls, 20) << name_of(cause);
    EXPECT_EQ(counts.answered, 10);
    EXPECT_EQ(counts.of(cause), 10) << to_json(counts).dump();
    EXPECT_TRUE(adds_up(counts)) << to_json(counts).dump();
    EXPECT_EQ(mock.calls().size(), 20u);
  }

  // One prompt to an endpoint that always does `fault`: the error in its completion.
  Completion expect_given_up(LlmFault cause, int calls, const Handler& fault) {
    MockEndpoint mock(fault);
    LlmClient client(config(mock));
    const Completion answer = client.complete(prompts(1), kGreedy).at(0);
    EXPECT_EQ(answer.finish_reason, FinishReason::kError) << name_of(cause);
    EXPECT_FALSE(answer.error.empty());
    EXPECT_EQ(client.counts().failed, 1);
    EXPECT_EQ(client.counts().of(cause), calls) << to_json(client.counts()).dump();
    EXPECT_TRUE(adds_up(client.counts())) << to_json(client.counts()).dump();
    return answer;
  }

  // One prompt, answered for good by something that is no text: kept in the cache, not asked again.
  Completion expect_kept(LlmFault cause, const Handler& fault) {
    MockEndpoint mock(fault);
    LlmClient(config(mock)).complete(prompts(1), kGreedy);
    LlmClient again(config(mock));
    const Completion answer = again.complete(prompts(1), kGreedy).at(0);
    EXPECT_EQ(mock.calls().size(), 1u) << name_of(cause);
    EXPECT_EQ(again.counts().of(cause), 1);
    EXPECT_TRUE(adds_up(again.counts()));
    return answer;
  }

  // A mistake that every call would repeat: the error's text.
  std::string expect_stopped(const Handler& fault) {
    MockEndpoint mock(fault);
    LlmConfig settings = config(mock);
    settings.limits.concurrency = 1;
    LlmClient client(settings);
    try {
      client.complete(prompts(5), kGreedy);
    } catch (const Error& error) {
      EXPECT_EQ(mock.calls().size(), 1u) << "it was tried again: " << error.what();
      return error.what();
    }
    ADD_FAILURE() << "the client went on";
    return "";
  }

  MockEndpoint faulty_first_time(const Handler& fault) {
    return MockEndpoint([this, fault](const MockCall& call, MockConnection& connection) {
      bool first;
      {
        const std::lock_guard lock(mutex_);
        first = seen_.insert(call.prompt()).second;
      }
      if (first) return fault(call, connection);
      connection.status(200, answer_body("answer to " + call.prompt()));
    });
  }

  LlmConfig config(const MockEndpoint& mock) {
    LlmConfig settings = config_for(mock.url(), folder_);
    settings.timeouts.first_byte = timeout_;
    settings.timeouts.stall = timeout_;
    return settings;
  }

  TemporaryFolder folder_;
  double timeout_ = 20;
  std::mutex mutex_;
  std::set<std::string> seen_;
};

Handler with_status(int status, const std::string& body = "{}", const std::string& headers = "",
                    const std::string& type = "application/json") {
  return [=](const MockCall&, MockConnection& connection) {
    connection.status(status, body, headers, type);
  };
}

Handler with_body(const std::string& body) { return with_status(200, body); }

TEST_F(LlmFaultTest, ServerErrorsAreTriedAgain) {
  for (const int status : {500, 502, 503, 529, 409}) {
    seen_.clear();
    expect_retried(LlmFault::kServer,
                   with_status(status, "<html>bad gateway</html>", "", "text/html"));
    std::filesystem::remove(folder_.path() / "cache.sqlite");
  }
  EXPECT_THAT(
      expect_given_up(
          LlmFault::kServer, 6,
          with_status(500, R"({"error": {"message": "overloaded"}})", "x-request-id: abc\r\n"))
          .error,
      testing::AllOf(HasSubstr("overloaded"), HasSubstr("request abc"), HasSubstr("6 calls")));
}

TEST_F(LlmFaultTest, RateLimitsAreWaitedFor) {
  expect_retried(LlmFault::kRateLimit, with_status(429, "{}", "Retry-After: 0.05\r\n"));
}

TEST_F(LlmFaultTest, ARetryAfterHoldsBackEveryOtherRequest) {
  using Clock = std::chrono::steady_clock;
  std::mutex mutex;
  std::vector<Clock::time_point> times;
  MockEndpoint mock([&](const MockCall& call, MockConnection& connection) {
    {
      const std::lock_guard lock(mutex);
      times.push_back(Clock::now());
    }
    if (call.number == 0) return connection.status(429, "{}", "retry-after-ms: 400\r\n");
    connection.status(200, answer_body("fine"));
  });
  LlmConfig settings = config(mock);
  settings.limits.concurrency = 1;
  LlmClient client(settings);
  client.complete(prompts(3), kGreedy);
  ASSERT_EQ(times.size(), 4u);
  EXPECT_GE(times[1] - times[0], std::chrono::milliseconds(390))
      << "the endpoint asked for a pause";
  EXPECT_GT(client.counts().seconds_waited, 0.3);
}

TEST_F(LlmFaultTest, AnAbsurdRetryAfterStopsTheRunCleanly) {
  MockEndpoint mock(with_status(429, "{}", "Retry-After: 1000000000\r\n"));
  LlmClient client(config(mock));
  EXPECT_THROW(client.complete(prompts(1), kGreedy), Interrupted);
  EXPECT_EQ(mock.calls().size(), 1u);
}

TEST_F(LlmFaultTest, SlowHeadersAreGivenUpAndTriedAgain) {
  timeout_ = 0.2;
  expect_retried(LlmFault::kTimeout,
                 [](const MockCall&, MockConnection& connection) { connection.hold(); });
}

TEST_F(LlmFaultTest, AStallInTheBodyIsGivenUpAndTriedAgain) {
  timeout_ = 0.2;
  expect_retried(LlmFault::kTimeout, [](const MockCall&, MockConnection& connection) {
    connection.send(std::string(kOk) + "Content-Length: 1000\r\n\r\n{\"choices\": [");
    connection.hold();
  });
}

TEST_F(LlmFaultTest, ABodyThatDripsForEverMeetsTheTotalTimeout) {
  MockEndpoint mock([](const MockCall&, MockConnection& connection) {
    connection.send(std::string(kOk) + "\r\n");
    while (connection.send(" ")) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  LlmConfig settings = config(mock);
  settings.timeouts.total = 0.3;
  settings.retry.max_tries = 2;
  LlmClient client(settings);
  EXPECT_EQ(client.complete(prompts(1), kGreedy).at(0).finish_reason, FinishReason::kError);
  EXPECT_EQ(client.counts().of(LlmFault::kTimeout), 2);
}

TEST_F(LlmFaultTest, ResetsAreTriedAgain) {
  expect_retried(LlmFault::kBroken,
                 [](const MockCall&, MockConnection& connection) { connection.reset(); });
  seen_.clear();
  std::filesystem::remove(folder_.path() / "cache.sqlite");
  expect_retried(LlmFault::kBroken, [](const MockCall&, MockConnection& connection) {
    connection.send(std::string(kOk) + "Content-Length: 1000\r\n\r\n{\"choices\": [");
    connection.reset();
  });
}

TEST_F(LlmFaultTest, ABodyCutShortIsTriedAgain) {
  expect_retried(LlmFault::kBroken, [](const MockCall&, MockConnection& connection) {
    connection.send(std::string(kOk) + "Content-Length: 1000\r\n\r\n" + answer_body("half"));
  });
}

TEST_F(LlmFaultTest, BodiesThatCannotBeReadAreTriedAFewTimes) {
  const std::string good = answer_body("text");
  const std::string deep(1'000'000, '[');
  for (const std::string& body :
       {std::string(), good.substr(0, good.size() / 2), std::string("[]"), std::string("\"text\""),
        std::string(R"({"choices": []})"), std::string(R"({"choices": {"0": 1}})"),
        std::string(R"({"choices": [5]})"),
        std::string(R"({"choices": [{"message": {"content": 5}, "finish_reason": "stop"}]})"),
        std::string(R"({"choices": [{"message": {"content": "x"}}]})"),
        std::string("{\"choices\": \"\xff\"}"), deep}) {
    expect_given_up(LlmFault::kMalformed, 3, with_body(body));
    seen_.clear();
    expect_retried(LlmFault::kMalformed, with_body(body));
    std::filesystem::remove(folder_.path() / "cache.sqlite");
  }
}

TEST_F(LlmFaultTest, AnAnswerWithoutTextIsEmpty) {
  for (const char* body :
       {R"({"choices": [{"message": {"content": null}, "finish_reason": "stop"}]})",
        R"({"choices": [{"message": {"content": " \n"}, "finish_reason": "stop"}]})"}) {
    expect_given_up(LlmFault::kEmpty, 3, with_body(body));
  }
}

TEST_F(LlmFaultTest, APageInsteadOfJsonIsItsOwnCause) {
  expect_given_up(LlmFault::kContentType, 3,
                  with_status(200, "<html>log in first</html>", "", "text/html"));
}

TEST_F(LlmFaultTest, AHugeBodyIsBounded) {
  MockEndpoint mock([](const MockCall&, MockConnection& connection) {
    connection.send(std::string(kOk) + "\r\n{\"choices\": \"");
    const std::string megabyte(1 << 20, 'x');
    for (int i = 0; i < 1024 && connection.send(megabyte); ++i) {
    }
  });
  LlmConfig settings = config(mock);
  settings.retry.max_unreadable = 1;
  LlmClient client(settings);
  EXPECT_THAT(client.complete(prompts(1), kGreedy).at(0).error, HasSubstr("16 MiB"));
  EXPECT_EQ(client.counts().of(LlmFault::kTooLarge), 1);
}

TEST_F(LlmFaultTest, HugeHeadersAreBounded) {
  MockEndpoint mock([](const MockCall&, MockConnection& connection) {
    connection.send("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 100'000 && connection.send("X-Filler: " + std::string(1000, 'x') + "\r\n");
         ++i) {
    }
  });
  LlmConfig settings = config(mock);
  settings.retry.max_tries = 1;
  LlmClient client(settings);
  EXPECT_EQ(client.complete(prompts(1), kGreedy).at(0).finish_reason, FinishReason::kError);
  EXPECT_TRUE(adds_up(client.counts()));
}

TEST_F(LlmFaultTest, ACutAnswerIsKeptAndMarked) {
  const Completion answer =
      expect_kept(LlmFault::kCut, with_body(answer_body("half a sen", "length")));
  EXPECT_EQ(answer.finish_reason, FinishReason::kLength);
  EXPECT_EQ(answer.text, "half a sen");
}

TEST_F(LlmFaultTest, FilteredAndRefusedAnswersAreErrorsWithoutText) {
  const Completion filtered = expect_kept(
      LlmFault::kContentFilter, with_body(answer_body("do not use this", "content_filter")));
  EXPECT_EQ(filtered.finish_reason, FinishReason::kError);
  EXPECT_EQ(filtered.text, "");
  std::filesystem::remove(folder_.path() / "cache.sqlite");
  const Completion refused =
      expect_kept(LlmFault::kRefusal,
                  with_body(R"({"choices": [{"message": {"content": null, "refusal": "I will not"},
      "finish_reason": "stop"}]})"));
  EXPECT_THAT(refused.error, HasSubstr("I will not"));
}

TEST_F(LlmFaultTest, APromptThatIsFilteredByAnErrorStatusIsKeptToo) {
  // As Azure does it.
  MockEndpoint mock(with_status(
      400, R"({"error": {"message": "The prompt was filtered", "code": "content_filter"}})"));
  for (const LlmApi api : {LlmApi::kChat, LlmApi::kCompletions}) {
    LlmConfig settings = config(mock);
    settings.endpoint.api = api;
    const std::size_t before = mock.calls().size();
    const Completion first = LlmClient(settings).complete(prompts(1), kGreedy).at(0);
    EXPECT_THAT(first.error, HasSubstr("The prompt was filtered"));
    settings.offline = true;
    LlmClient again(settings);
    const Completion second = again.complete(prompts(1), kGreedy).at(0);
    EXPECT_EQ(second.error, first.error);
    EXPECT_EQ(second.finish_reason, FinishReason::kError);
    EXPECT_EQ(again.counts().of(LlmFault::kContentFilter), 1);
    EXPECT_EQ(again.counts().cache_hits, 1);
    EXPECT_EQ(again.spent().calls, 0) << "nobody charges for it";
    EXPECT_EQ(mock.calls().size(), before + 1);
  }
}

TEST_F(LlmFaultTest, RequestsThatAreWrongAreNotTriedAgain) {
  EXPECT_THAT(expect_given_up(LlmFault::kRejected, 1,
                              with_status(400, R"({"error": {"message": "no such field"}})"))
                  .error,
              HasSubstr("no such field"));
  expect_given_up(LlmFault::kRejected, 1, with_status(422));
  expect_given_up(
      LlmFault::kTooLong, 1,
      with_status(400, R"({"error": {"message": "too many", "code": "context_length_exceeded"}})"));
}

TEST_F(LlmFaultTest, TheServersWordOnRetriesIsObeyed) {
  expect_given_up(LlmFault::kServer, 1, with_status(500, "{}", "x-should-retry: false\r\n"));
  expect_retried(LlmFault::kRejected, with_status(400, "{}", "x-should-retry: true\r\n"));
}

TEST_F(LlmFaultTest, WrongKeyAddressAndEmptyAccountStopTheRun) {
  EXPECT_THAT(expect_stopped(with_status(401, R"({"error": {"message": "who are you"}})")),
              HasSubstr("who are you"));
  EXPECT_THAT(expect_stopped(with_status(403)), HasSubstr("check the key"));
  EXPECT_THAT(expect_stopped(with_status(404, R"({"error": {"message": "no model mock"}})")),
              HasSubstr("no model mock"));
  EXPECT_THAT(expect_stopped(with_status(
                  429, R"({"error": {"message": "pay first", "code": "insufficient_quota"}})",
                  "x-should-retry: true\r\n")),
              HasSubstr("money"));
}

TEST_F(LlmFaultTest, NoRedirectTakesTheKeyToAnotherHost) {
  MockEndpoint other(with_body(answer_body("stolen")));
  for (const int status : {301, 302, 307, 308}) {
    const std::string target = fmt::format("http://localhost:{}/v1/chat/completions", other.port());
    EXPECT_THAT(expect_stopped(with_status(status, "", "Location: " + target + "\r\n")),
                HasSubstr(target));
  }
  EXPECT_TRUE(other.calls().empty());
}

TEST_F(LlmFaultTest, NobodyListeningIsAConnectionFault) {
  int port;
  {
    MockEndpoint gone(with_status(200));
    port = gone.port();
  }
  LlmConfig settings = config_for(fmt::format("http://127.0.0.1:{}/v1", port), folder_);
  LlmClient client(settings);
  const Completion answer = client.complete(prompts(1), kGreedy).at(0);
  EXPECT_THAT(answer.error, HasSubstr("connect"));
  EXPECT_EQ(client.counts().of(LlmFault::kConnection), 6);
}

TEST_F(LlmFaultTest, ManyFailuresInARowStopTheRunAndKeepWhatWasAnswered) {
  MockEndpoint mock([](const MockCall& call, MockConnection& connection) {
    if (call.prompt() < "prompt 2") return connection.status(200, answer_body("fine"));
    connection.status(400, R"({"error": {"message": "no such field"}})");
  });
  LlmConfig settings = config(mock);
  settings.limits.concurrency = 1;
  settings.retry.max_failures = 3;
  LlmClient client(settings);
  EXPECT_THROW(client.complete(prompts(9), kGreedy), Error);
  EXPECT_EQ(mock.calls().size(), 5u);
  LlmClient again(settings);
  again.complete(prompts(2), kGreedy);
  EXPECT_EQ(again.counts().cache_hits, 2);
}

TEST_F(LlmFaultTest, AnAnswerThatCameWithAStoppingFaultIsKept) {
  std::atomic<int> arrived{0};
  MockEndpoint mock([&](const MockCall& call, MockConnection& connection) {
    for (++arrived; arrived < 4;) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (call.prompt() == "prompt 0") return connection.status(401, "{}");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    connection.status(200, answer_body("fine"));
  });
  LlmConfig settings = config(mock);
  LlmClient client(settings);
  EXPECT_THROW(client.complete(prompts(4), kGreedy), Error);
  EXPECT_EQ(client.counts().answered, 3);
  EXPECT_EQ(AnswerCache(settings.cache, "test").spent().calls, 3);
}

TEST_F(LlmFaultTest, AnswersWithoutUsageAreEstimatedSoThatTheBudgetHolds) {
  MockEndpoint mock(with_body(
      R"({"choices": [{"message": {"content": "some text"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": -5}})"));
  LlmClient client(config(mock));
  client.complete(prompts(2), kGreedy);
  EXPECT_EQ(client.counts().usage_estimated, 2);
  EXPECT_GT(client.spent().prompt_tokens, 0);
  EXPECT_GT(client.spent().completion_tokens, 0);
}

TEST_F(LlmFaultTest, EverythingAtOnceLosesNothing) {
  const std::vector<Handler> faults = {
      with_status(500),
      with_status(429, "{}", "Retry-After: 0.01\r\n"),
      with_body("{"),
      with_body(answer_body("", "stop")),
      [](const MockCall&, MockConnection& connection) { connection.reset(); },
      with_status(200, "x", "", "text/html")};
  MockEndpoint mock([&](const MockCall& call, MockConnection& connection) {
    // Two of three calls go wrong, by an order that depends on the call alone.
    const auto draw = seed_from({call.number, 5});
    if (draw % 3 != 0) return faults[draw / 3 % faults.size()](call, connection);
    connection.status(200, answer_body("answer to " + call.prompt()));
  });
  LlmConfig settings = config(mock);
  settings.retry.max_tries = 60;
  settings.retry.max_unreadable = 60;
  settings.limits.concurrency = 16;
  LlmClient client(settings);
  const auto answers = client.complete(prompts(200), kGreedy);
  for (int i = 0; i < 200; ++i)
    EXPECT_EQ(answers[static_cast<std::size_t>(i)].text, fmt::format("answer to prompt {}", i));
  EXPECT_EQ(client.counts().answered, 200);
  EXPECT_EQ(client.counts().calls, static_cast<int64_t>(mock.calls().size()));
  EXPECT_TRUE(adds_up(client.counts())) << to_json(client.counts()).dump();
}

}  // namespace
}  // namespace tripost
