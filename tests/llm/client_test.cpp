#include "llm/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <future>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "llm/fixture.h"

namespace tripost {
namespace {

using testing::HasSubstr;
using testing::Not;

// Answers every prompt with its echo.
void echo(const MockCall& call, MockConnection& connection) {
  connection.status(200, answer_body("echo of " + call.prompt()));
}

class LlmClientTest : public testing::Test {
 protected:
  LlmConfig config(const MockEndpoint& mock) { return config_for(mock.url(), folder_); }

  TemporaryFolder folder_;
};

TEST_F(LlmClientTest, EveryPromptGetsItsOwnAnswerInOrder) {
  MockEndpoint mock(echo);
  LlmClient client(config(mock));
  const auto answers = client.complete(prompts(40), kGreedy);
  ASSERT_EQ(answers.size(), 40u);
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(answers[static_cast<std::size_t>(i)].text, fmt::format("echo of prompt {}", i));
    EXPECT_EQ(answers[static_cast<std::size_t>(i)].num_tokens, 5);
    EXPECT_EQ(answers[static_cast<std::size_t>(i)].finish_reason, FinishReason::kStop);
  }
  EXPECT_EQ(client.counts().calls, 40);
  EXPECT_EQ(client.spent().prompt_tokens, 400);
  EXPECT_EQ(client.spent().completion_tokens, 200);
  EXPECT_TRUE(adds_up(client.counts()));
}

TEST_F(LlmClientTest, TheChatRequestIsWhatTheApiDescribes) {
  MockEndpoint mock(echo);
  LlmClient client(config(mock));
  client.complete({{"hello", 7}},
                  {.temperature = 0.5, .top_p = 0.9, .max_new_tokens = 33, .stop = {"[END]"}});
  const MockCall call = mock.calls().at(0);
  EXPECT_EQ(call.target, "/v1/chat/completions");
  EXPECT_EQ(call.headers.at("authorization"), std::string("Bearer ") + kCanary);
  EXPECT_EQ(call.headers.at("content-type"), "application/json");
  EXPECT_EQ(
      call.json(),
      nlohmann::json::parse(R"({"model": "mock", "messages": [{"role": "user", "content": "hello"}],
      "max_tokens": 33, "temperature": 0.5, "top_p": 0.9, "stop": ["[END]"], "seed": 7})"));
}

TEST_F(LlmClientTest, PlainCompletionsContinueThePrompt) {
  MockEndpoint mock(echo);
  LlmConfig settings = config(mock);
  settings.endpoint.api = LlmApi::kCompletions;
  LlmClient client(settings);
  EXPECT_EQ(client.complete({{"hello", 0}}, kGreedy).at(0).text, "echo of hello");
  const MockCall call = mock.calls().at(0);
  EXPECT_EQ(call.target, "/v1/completions");
  EXPECT_EQ(call.json().at("prompt"), "hello");
}

TEST_F(LlmClientTest, AzureIsAddressedByDeploymentAndVersion) {
  MockEndpoint mock(echo);
  LlmConfig settings = config(mock);
  settings.endpoint.url = fmt::format("http://127.0.0.1:{}/", mock.port());
  settings.endpoint.model = "my deployment";
  settings.endpoint.azure_version = "2024-06-01";
  LlmClient client(settings);
  client.complete({{"hello", 0}}, kGreedy);
  const MockCall call = mock.calls().at(0);
  EXPECT_EQ(call.target,
            "/openai/deployments/my%20deployment/chat/completions?api-version=2024-06-01");
  EXPECT_EQ(call.headers.at("api-key"), kCanary);
  EXPECT_EQ(call.headers.count("authorization"), 0u);
}

TEST_F(LlmClientTest, TheUsersFieldsAreMergedIntoEveryRequestAndNullRemovesOne) {
  MockEndpoint mock(echo);
  LlmConfig settings = config(mock);
  settings.endpoint.body = Json::parse(R"({"max_tokens": null, "max_completion_tokens": 50})");
  LlmClient client(settings);
  client.complete({{"hello", 0}}, kGreedy);
  const auto body = mock.calls().at(0).json();
  EXPECT_FALSE(body.contains("max_tokens"));
  EXPECT_EQ(body.at("max_completion_tokens"), 50);
}

TEST_F(LlmClientTest, ARepeatedRunCallsNobody) {
  MockEndpoint mock(echo);
  const auto first = LlmClient(config(mock)).complete(prompts(10), kGreedy);
  LlmClient again(config(mock));
  const auto second = again.complete(prompts(10), kGreedy);
  EXPECT_EQ(mock.calls().size(), 10u);
  EXPECT_EQ(again.counts().cache_hits, 10);
  EXPECT_EQ(again.counts().calls, 0);
  EXPECT_EQ(again.spent().prompt_tokens, 100) << "what the run spent before is known";
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(second[i].text, first[i].text);
    EXPECT_EQ(second[i].num_tokens, first[i].num_tokens);
  }
}

TEST_F(LlmClientTest, TheCacheGoesByTheWholeRequest) {
  MockEndpoint mock(echo);
  const auto ask = [&](LlmConfig settings, Sampling sampling) {
    LlmClient(settings).complete({{"same", 1}}, sampling);
  };
  ask(config(mock), kGreedy);
  LlmConfig other_model = config(mock);
  other_model.endpoint.model = "other";
  ask(other_model, kGreedy);
  Sampling longer = kGreedy;
  longer.max_new_tokens = 101;
  ask(config(mock), longer);
  Sampling warm = kGreedy;
  warm.temperature = 0.1;
  ask(config(mock), warm);
  LlmConfig other_api = config(mock);
  other_api.endpoint.api = LlmApi::kCompletions;
  ask(other_api, kGreedy);
  EXPECT_EQ(mock.calls().size(), 5u);
  MockEndpoint elsewhere(echo);
  ask(config(elsewhere), kGreedy);
  EXPECT_EQ(elsewhere.calls().size(), 1u);
}

TEST_F(LlmClientTest, SamplesOfOnePromptAreCachedApartAndGreedyOnesShared) {
  MockEndpoint mock([](const MockCall& call, MockConnection& connection) {
    connection.status(
        200, answer_body(call.json().contains("seed") ? call.json()["seed"].dump() : "greedy"));
  });
  const std::vector<Request> samples = {{"p", 1}, {"p", 2}, {"p", 3}, {"p", 2}};
  LlmClient client(config(mock));
  const auto drawn = client.complete(samples, {.temperature = 1.0});
  EXPECT_EQ(mock.calls().size(), 3u);
  EXPECT_EQ(client.counts().shared, 1);
  EXPECT_EQ(drawn[0].text + drawn[1].text + drawn[2].text + drawn[3].text, "1232");
  const auto greedy = client.complete(samples, kGreedy);
  EXPECT_EQ(mock.calls().size(), 4u);
  EXPECT_EQ(greedy[3].text, "greedy");
  EXPECT_TRUE(adds_up(client.counts()));
}

TEST_F(LlmClientTest, OfflineReplaysTheCacheAndNamesWhatIsMissing) {
  LlmConfig settings;
  {
    MockEndpoint mock(echo);
    settings = config(mock);
    LlmClient(settings).complete(prompts(3), kGreedy);
  }
  settings.offline = true;
  settings.endpoint.key = Secret();
  LlmClient client(settings);
  EXPECT_EQ(client.complete(prompts(3), kGreedy).at(2).text, "echo of prompt 2");
  try {
    client.complete(prompts(4), kGreedy);
    FAIL() << "an answer that is not in the cache came from somewhere";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("prompt 3"));
    EXPECT_THAT(error.what(), HasSubstr("offline"));
  }
}

TEST_F(LlmClientTest, ADamagedEntryIsAskedAgain) {
  MockEndpoint mock(echo);
  LlmConfig settings = config(mock);
  LlmClient(settings).complete(prompts(1), kGreedy);
  {
    AnswerCache cache(settings.cache, "test");
    const std::string request = to_line(
        {{"url", mock.url() + "/chat/completions"}, {"sample", 0}, {"body", mock.calls()[0].body}});
    ASSERT_TRUE(cache.find(request));
    cache.store(request, "{\"choices\": [", {});
  }
  LlmClient client(settings);
  EXPECT_EQ(client.complete(prompts(1), kGreedy).at(0).text, "echo of prompt 0");
  EXPECT_EQ(client.counts().bad_entries, 1);
  EXPECT_EQ(mock.calls().size(), 2u);
}

TEST_F(LlmClientTest, ACacheThatStaysLockedIsGivenUpWhenPatienceEnds) {
  const fs::path file = folder_.path() / "cache.sqlite";
  AnswerCache cache(file, "test", std::chrono::milliseconds(500));
  std::promise<void> locked, given_up;
  // Lets go by itself after ten seconds: whoever waits longer finds the cache free.
  std::thread other([&] {
    sqlite3* database = nullptr;
    sqlite3_open(file.c_str(), &database);
    sqlite3_exec(database, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
    locked.set_value();
    given_up.get_future().wait_for(std::chrono::seconds(10));
    sqlite3_close(database);
  });
  locked.get_future().wait();
  try {
    cache.store("request", "answer", {});
    ADD_FAILURE() << "it waited until the lock was free";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("locked"));
    EXPECT_THAT(error.what(), HasSubstr("end the program that holds it"));
  }
  given_up.set_value();
  other.join();
  cache.store("request", "answer", {});
  EXPECT_EQ(cache.find("request"), "answer");
}

TEST_F(LlmClientTest, AFileThatIsNoCacheIsAnError) {
  MockEndpoint mock(echo);
  std::ofstream(folder_.path() / "cache.sqlite") << std::string(5000, 'x');
  EXPECT_THROW(LlmClient{config(mock)}, Error);
}

TEST_F(LlmClientTest, NoMoreCallsAreInFlightThanAllowed) {
  std::atomic<int> now{0}, most{0};
  MockEndpoint mock([&](const MockCall& call, MockConnection& connection) {
    const int running = ++now;
    for (int seen = most; running > seen && !most.compare_exchange_weak(seen, running);) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    --now;
    echo(call, connection);
  });
  LlmConfig settings = config(mock);
  settings.limits.concurrency = 3;
  LlmClient client(settings);
  client.complete(prompts(15), kGreedy);
  EXPECT_EQ(most, 3);
}

TEST_F(LlmClientTest, TheBudgetStopsTheRunBeforeItIsExceededAndHigherItGoesOn) {
  MockEndpoint mock(echo);
  LlmConfig settings = config(mock);
  settings.limits.concurrency = 1;
  settings.budget = {
      .cost = 0.01, .prompt_price = 100, .completion_price = 100};  // a call: 15 tokens, 0.0015
  std::string warning;
  set_log_sink([&](LogLevel, const std::string& text) { warning = text; });
  {
    LlmClient client(settings);
    EXPECT_THROW(client.complete(prompts(20), {.max_new_tokens = 5}), Interrupted);
    EXPECT_LE(client.spent().cost, 0.01);
    EXPECT_GT(client.counts().answered, 0);
    EXPECT_EQ(client.counts().answered, client.counts().calls);
  }
  set_log_sink({});
  EXPECT_THAT(warning, HasSubstr("budget"));
  const std::size_t paid = mock.calls().size();
  EXPECT_THROW(LlmClient(settings).complete(prompts(20), {.max_new_tokens = 5}), Interrupted);
  EXPECT_EQ(mock.calls().size(), paid) << "the run's earlier spending counts";
  settings.budget.cost = 1;
  LlmClient client(settings);
  client.complete(prompts(20), {.max_new_tokens = 5});
  EXPECT_EQ(mock.calls().size(), 20u);
  EXPECT_NEAR(client.spent().cost, 20 * 0.0015, 1e-9);
}

TEST_F(LlmClientTest, WhatACallMayCostIsReadFromTheBodyThatIsSent) {
  MockEndpoint mock(echo);
  const auto calls_within_500_tokens = [&](const std::string& body, int max_new_tokens) {
    fs::remove(folder_.path() / "cache.sqlite");
    LlmConfig settings = config(mock);
    settings.budget.tokens = 500;
    settings.endpoint.body = Json::parse(body);
    LlmClient client(settings);
    try {
      client.complete(prompts(1), {.max_new_tokens = max_new_tokens});
    } catch (const Interrupted&) {
    }
    return client.counts().calls;
  };
  EXPECT_EQ(calls_within_500_tokens("{}", 300), 1);
  EXPECT_EQ(calls_within_500_tokens("{}", 600), 0);
  EXPECT_EQ(calls_within_500_tokens(R"({"max_tokens": 600})", 300), 0);
  EXPECT_EQ(calls_within_500_tokens(R"({"max_tokens": 300})", 600), 1);
  EXPECT_EQ(calls_within_500_tokens(R"({"max_tokens": null, "max_completion_tokens": 600})", 300),
            0);
  EXPECT_EQ(calls_within_500_tokens(R"({"max_tokens": null, "max_completion_tokens": 300})", 600),
            1);
  EXPECT_EQ(calls_within_500_tokens(R"({"n": 2})", 300), 0);
  EXPECT_EQ(calls_within_500_tokens(R"({"max_tokens": null})", 600), 0) << "the best that is known";
  EXPECT_EQ(calls_within_500_tokens(R"({"max_tokens": "many", "n": -3})", 300), 1);
  EXPECT_EQ(calls_within_500_tokens(R"({"max_tokens": 9000000000000000000, "n": 9000000000})", 300),
            0);
}

TEST_F(LlmClientTest, TokensBeyondWhatWasReservedHoldBackTheNextCall) {
  // 200 tokens a second. The first call reserves less than that, and reports 300.
  MockEndpoint mock([](const MockCall&, MockConnection& connection) {
    connection.status(200, answer_body("fine", "stop", 10, 290));
  });
  LlmConfig settings = config(mock);
  settings.limits = {.concurrency = 1, .tokens_per_minute = 12'632};
  LlmClient client(settings);
  client.complete(prompts(2), {.max_new_tokens = 5});
  EXPECT_GT(client.counts().seconds_waited, 0.5);
}

TEST_F(LlmClientTest, AnotherRunOnTheSameCacheHasABudgetOfItsOwn) {
  MockEndpoint mock(echo);
  LlmConfig settings = config(mock);
  settings.budget.tokens = 200;
  LlmClient(settings).complete(prompts(1), {.max_new_tokens = 5});
  settings.run = "another";
  LlmClient client(settings);
  client.complete(prompts(1), {.max_new_tokens = 5});
  EXPECT_EQ(client.spent().calls, 0) << "it was found in the cache";
}

TEST_F(LlmClientTest, ProgressShowsCallsAndCacheHits) {
  MockEndpoint mock(echo);
  LlmClient(config(mock)).complete(prompts(2), kGreedy);
  ProgressUpdate last;
  LlmClient client(config(mock), [&](const ProgressUpdate& update) { last = update; });
  client.complete(prompts(5), kGreedy);
  EXPECT_EQ(last.done, 5);
  EXPECT_EQ(last.total, 5);
  EXPECT_THAT(last.detail, HasSubstr("3 calls, 2 cached"));
}

TEST_F(LlmClientTest, TheKeyIsInNoFileNoErrorAndNoAnswer) {
  // An endpoint that tells the key on: in an answer, in an error, in a header.
  MockEndpoint mock([](const MockCall& call, MockConnection& connection) {
    const std::string key = call.headers.at("authorization");
    if (call.prompt() == "prompt 0") return connection.status(200, answer_body("you said " + key));
    connection.status(401, "{\"error\": {\"message\": \"bad " + key + "\"}}",
                      "x-request-id: " + key + "\r\n");
  });
  LlmConfig settings = config(mock);
  std::string log;
  set_log_sink([&](LogLevel, const std::string& text) { log += text; });
  LlmClient client(settings);
  EXPECT_EQ(client.complete(prompts(1), kGreedy).at(0).text, "you said Bearer ***");
  try {
    client.complete(prompts(2), kGreedy);
    FAIL() << "a wrong key was no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("bad Bearer ***"));
    EXPECT_THAT(error.what(), Not(HasSubstr(kCanary)));
  }
  set_log_sink({});
  EXPECT_THAT(log + to_json(client.counts()).dump(), Not(HasSubstr(kCanary)));
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    if (entry.path().filename() == "key") continue;
    EXPECT_THAT(read_file(entry.path()), Not(HasSubstr(kCanary))) << entry.path();
  }
}

TEST_F(LlmClientTest, TheEnvironmentsProxiesAreNotUsed) {
  MockEndpoint proxy(echo), mock(echo);
  const std::string url = fmt::format("http://127.0.0.1:{}", proxy.port());
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"})
    ::setenv(name, url.c_str(), 1);
  LlmClient(config(mock)).complete(prompts(1), kGreedy);
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"})
    ::unsetenv(name);
  EXPECT_TRUE(proxy.calls().empty());
  EXPECT_EQ(mock.calls().size(), 1u);
  LlmConfig settings = config(mock);
  settings.endpoint.proxy = url;
  settings.endpoint.url = "http://llm.invalid/v1";
  EXPECT_EQ(LlmClient(settings).complete(prompts(1, "by proxy "), kGreedy).at(0).text,
            "echo of by proxy 0");
  EXPECT_EQ(proxy.calls().size(), 1u);
}

TEST_F(LlmClientTest, AddressesThatHideAKeyOrMakeNoSenseAreRefused) {
  for (const char* url : {"", "llm.example/v1", "ftp://llm.example", "https://",
                          "https://user:secret@llm.example/v1", "https://llm.example/v1?key=secret",
                          "https://llm.example/v1#secret", "https://llm example/v1"}) {
    LlmConfig settings = config_for(url, folder_);
    try {
      LlmClient client(settings);
      FAIL() << url;
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
    }
  }
}

TEST_F(LlmClientTest, AProxyWithAPasswordIsRefusedWithoutQuotingIt) {
  for (const char* proxy : {"http://user:secret@proxy.example:8080", "user:secret@proxy.example",
                            "socks5h://user:sec/ret@proxy.example"}) {
    LlmConfig settings = config_for("https://llm.example/v1", folder_);
    settings.endpoint.proxy = proxy;
    try {
      LlmClient client(settings);
      ADD_FAILURE() << proxy;
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("proxy"));
      EXPECT_THAT(error.what(), Not(HasSubstr("sec")));
    }
  }
}

TEST_F(LlmClientTest, OnlyThisMachinesOwnNamesGoWithoutEncryption) {
  const auto plain_remote = [](const std::string& url) {
    return is_plain_remote({.url = url, .model = "mock"});
  };
  for (const char* url : {"http://localhost:8000/v1", "http://127.0.0.1/v1", "http://[::1]:8000/v1",
                          "https://127.evil.example/v1"}) {
    EXPECT_FALSE(plain_remote(url)) << url;
  }
  for (const char* url : {"http://127.evil.example/v1", "http://127.0.0.1.evil.example:80/v1",
                          "http://[::1].evil.example/v1", "http://localhost.evil.example/v1"}) {
    EXPECT_TRUE(plain_remote(url)) << url;
  }
}

TEST_F(LlmClientTest, AKeyFileHoldsOneLine) {
  const auto path = folder_.path() / "bad-key";
  std::ofstream(path) << "first\nX-Other: header\n";
  EXPECT_THROW(Secret::from_file(path), Error);
  std::ofstream(path, std::ios::trunc) << "\n";
  EXPECT_THROW(Secret::from_file(path), Error);
  EXPECT_THROW(Secret::from_file(folder_.path() / "none"), Error);
}

}  // namespace
}  // namespace tripost
