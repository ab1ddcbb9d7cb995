#include "serve/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "serve/server_fixture.h"

namespace tripost {
namespace {

using testing::ask;
using testing::chat_with;
using testing::Client;
using testing::ClientReply;
using testing::events_of;
using ::testing::HasSubstr;
using testing::kChat;
using testing::reply_of;
using testing::request_bytes;
using testing::Server;

TEST_F(Server, ACompletionHasItsTextUsageAndReason) {
  model_.text = "two tokens";
  const auto reply = complete(R"({"prompt": "one", "max_tokens": 50, "model": "fake"})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const auto json = reply.json();
  EXPECT_EQ(json["object"], "text_completion");
  EXPECT_EQ(json["choices"][0]["text"], "two tokens");
  EXPECT_EQ(json["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(json["usage"]["prompt_tokens"], tokenizer_.encode("one").size());
  EXPECT_EQ(json["usage"]["completion_tokens"], tokenizer_.encode("two tokens").size());
  const auto cut = complete(R"({"prompt": "one", "max_tokens": 1})").json();
  EXPECT_EQ(cut["choices"][0]["finish_reason"], "length");
  EXPECT_EQ(cut["usage"]["completion_tokens"], 1);
}

TEST_F(Server, AChatIsRenderedAsTheDocumentThatTheModelWasTrainedOn) {
  model_.text = "\n(1) 1 + 1 = 2\nFeedback: not part of the answer";
  const auto reply = chat(R"({"messages": [{"role": "system", "content": "Be brief."},
      {"role": "user", "content": "1 + 1 = ?"}, {"role": "assistant", "content": "\n(1) 3"},
      {"role": "user", "content": "Step (1) is wrong."}]})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.json()["choices"][0]["message"]["content"], "(1) 1 + 1 = 2");
  EXPECT_EQ(tokenizer_.decode(model_.requests[0].prompt),
            "Be brief.\n\nQ: 1 + 1 = ?\nAnswer: Let's think step by step.\n(1) 3\n"
            "Feedback: Step (1) is wrong.\nUpdated Answer: Let's think step by step.");
}

TEST_F(Server, SamplingReachesTheModelAndSeedsDecideAlone) {
  const std::string body =
      R"({"prompt": ["a", "b"], "n": 2, "seed": -5, "temperature": 0.5, "top_p": 0.9, "top_k": 7,
          "min_p": 0.1, "ignore_eos": true})";
  ASSERT_EQ(complete(body).json()["choices"].size(), 4u);
  complete(body);
  ASSERT_EQ(model_.requests.size(), 4u);
  const LiveRequest& first = model_.requests[0];
  EXPECT_EQ(first.sampling.temperature, 0.5);
  EXPECT_EQ(first.sampling.top_p, 0.9);
  EXPECT_EQ(first.sampling.top_k, 7);
  EXPECT_EQ(first.sampling.min_p, 0.1);
  EXPECT_TRUE(first.sampling.ignore_eos);
  EXPECT_EQ(first.seeds.size(), 2u);
  EXPECT_NE(first.seeds[0], first.seeds[1]);
  EXPECT_NE(first.seeds, model_.requests[1].seeds);
  EXPECT_EQ(first.seeds, model_.requests[2].seeds);
  complete(R"({"prompt": "a"})");
  complete(R"({"prompt": "a"})");
  EXPECT_NE(model_.requests[4].seeds, model_.requests[5].seeds);
}

TEST_F(Server, AStreamTellsTheSameTextInWholeCharactersWithoutTheStopString) {
  model_.text = "caf\xC3\xA9 \xF0\x9F\x98\x80 one\ntwo STO no STOP never";
  const auto reply = complete(R"({"prompt": "x", "max_tokens": 90, "stop": ["STOP"],
      "stream": true, "stream_options": {"include_usage": true}})");
  ASSERT_EQ(reply.status, 200);
  EXPECT_THAT(reply.head, HasSubstr("text/event-stream"));
  EXPECT_TRUE(reply.body.ends_with("data: [DONE]\n\n"));
  const auto events = events_of(reply.body);
  std::string text;
  for (std::size_t i = 0; i + 1 < events.size(); ++i) {
    EXPECT_EQ(events[i]["id"], events[0]["id"]);
    EXPECT_TRUE(events[i]["usage"].is_null());
    text += events[i]["choices"][0]["text"].get<std::string>();
  }
  EXPECT_EQ(text, "caf\xC3\xA9 \xF0\x9F\x98\x80 one\ntwo STO no ");
  EXPECT_EQ(events[events.size() - 2]["choices"][0]["finish_reason"], "stop");
  EXPECT_TRUE(events.back()["choices"].empty());
  EXPECT_GT(events.back()["usage"]["completion_tokens"], 5);
}

TEST_F(Server, AChatStreamOpensWithTheRoleAndTellsTokensAsTheyCome) {
  model_.text = "Hello there";
  model_.held = true;
  const Client client(port());
  client.send(request_bytes("POST", "/v1/chat/completions", chat_with(R"(, "stream": true)"), ""));
  // The model does not go on before this has come.
  const std::string first = client.read_until("\"role\":\"assistant\"");
  EXPECT_THAT(first, HasSubstr("chat.completion.chunk"));
  model_.held = false;
  EXPECT_THAT(client.read_until("[DONE]"), HasSubstr("\"finish_reason\":\"stop\""));
}

TEST_F(Server, LogProbabilitiesComeInTheShapeOfEachApi) {
  model_.text = "a b";
  const auto tokens = tokenizer_.encode("a b").size();
  const auto chatted = chat(chat_with(R"(, "logprobs": true, "top_logprobs": 2)")).json();
  const auto content = chatted["choices"][0]["logprobs"]["content"];
  ASSERT_EQ(content.size(), tokens);
  EXPECT_EQ(content[0]["token"], "a");
  EXPECT_EQ(content[0]["bytes"], nlohmann::json({97}));
  EXPECT_EQ(content[0]["top_logprobs"].size(), 2u);
  const auto completed = complete(R"({"prompt": "x", "logprobs": 2})").json();
  const auto log = completed["choices"][0]["logprobs"];
  EXPECT_EQ(log["tokens"].size(), tokens);
  EXPECT_EQ(log["token_logprobs"][0], -0.5);
  EXPECT_EQ(log["text_offset"][1], 1);
  EXPECT_TRUE(complete(R"({"prompt": "x"})").json()["choices"][0]["logprobs"].is_null());
}

TEST_F(Server, AClientThatGoesAwayEndsItsWork) {
  model_.text = "a text of several tokens";
  for (const std::string stream : {"true", "false"}) {
    model_.held = true;
    const int ended = model_.ended;
    Client client(port());
    client.send(request_bytes("POST", "/v1/chat/completions",
                              chat_with(R"(, "n": 2, "stream": )" + stream), ""));
    wait_for([&] { return metrics().find("tripost_sequences 2") != std::string::npos; });
    client.hang_up();
    // The fake writes nothing more until it is told that nobody wants it.
    wait_for([&] { return model_.ended == ended + 2; });
    wait_for([&] { return metrics().find("tripost_sequences 0") != std::string::npos; });
  }
  EXPECT_EQ(model_.drops, 2);
  EXPECT_THAT(metrics(), HasSubstr("tripost_aborted_requests_total 2"));
}

TEST_F(Server, AClientThatGoesAwayBehindBytesThatNobodyReadEndsItsWorkToo) {
  model_.text = "a text of several tokens";
  model_.held = true;
  Client client(port());
  client.send(request_bytes("POST", "/v1/chat/completions", chat_with(""), ""));
  wait_for([&] { return metrics().find("tripost_sequences 1") != std::string::npos; });
  client.send("GET /health HTTP/1.1\r\n");  // the next request, which waits for this one's answer
  client.hang_up();
  wait_for([&] { return model_.ended == 1; });
  wait_for([&] { return metrics().find("tripost_sequences 0") != std::string::npos; });
}

TEST_F(Server, MoreThanItTakesIsRefusedAndTheRestGoesOn) {
  options_.max_sequences = 2;
  model_.text = "a text of several tokens";
  model_.held = true;
  const Client client(port());
  client.send(request_bytes("POST", "/v1/chat/completions", chat_with(R"(, "n": 2)"), ""));
  wait_for([&] { return metrics().find("tripost_sequences 2") != std::string::npos; });
  const auto refused = chat(chat_with(""));
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.head, HasSubstr("Retry-After: 1"));
  EXPECT_EQ(refused.error("code"), "queue_full");
  model_.held = false;
  EXPECT_EQ(reply_of(client.read_until()).status, 200);
  EXPECT_EQ(chat(chat_with("")).status, 200);
  EXPECT_EQ(chat(chat_with(R"(, "n": 3)")).status, 400);
}

TEST_F(Server, WhatItCannotDoIsRefusedByName) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"(, "temprature": 1)", "temprature"},
      {R"(, "tools": [{"type": "function"}])", "tools"},
      {R"(, "response_format": {"type": "json_object"})", "response_format"},
      {R"(, "logit_bias": {"5": 1})", "logit_bias"},
      {R"(, "presence_penalty": 0.5)", "presence_penalty"},
      {R"(, "temperature": -1)", "temperature"},
      {R"(, "temperature": "hot")", "temperature"},
      {R"(, "n": 1000000000)", "n"},
      {R"(, "max_tokens": 1e12)", "max_tokens"},
      {R"(, "max_tokens": 5, "max_completion_tokens": 6)", "max_completion_tokens"},
      {R"(, "stop": "")", "stop"},
      {R"(, "stop": [1])", "stop"},
      {R"(, "top_logprobs": 2)", "top_logprobs"},
      {R"(, "logprobs": true, "top_logprobs": 21)", "top_logprobs"},
      {R"(, "seed": 0.5)", "seed"},
      {R"(, "stream_options": {"include_usage": true})", "stream_options"},
      {R"(, "tripost_self_improve": true)", "tripost_self_improve"},
  };
  for (const auto& [fields, name] : cases) {
    const auto reply = chat(chat_with(fields));
    EXPECT_EQ(reply.status, 400) << fields;
    EXPECT_EQ(reply.error("param"), name) << fields;
    EXPECT_EQ(reply.error("type"), "invalid_request_error");
    EXPECT_THAT(reply.error("message"), HasSubstr(name));
  }
  EXPECT_THAT(chat(chat_with(R"(, "temprature": 1)")).error("message"), HasSubstr("temperature"));
  EXPECT_TRUE(model_.requests.empty());
}

TEST_F(Server, FieldsThatAskForNothingAreAllowed) {
  EXPECT_EQ(chat(chat_with(R"(, "presence_penalty": 0.0, "logit_bias": {}, "tools": null,
      "tool_choice": "none", "user": "me", "response_format": {"type": "text"}, "n": null)"))
                .status,
            200);
  EXPECT_EQ(complete(R"({"prompt": "a", "best_of": 2, "n": 2, "echo": false})").status, 200);
  EXPECT_EQ(complete(R"({"prompt": "a", "best_of": 3, "n": 2})").error("param"), "best_of");
}

TEST_F(Server, ABadBodyOrPromptIsA400) {
  for (const std::string body :
       {"", "{", "[]", "\"x\"", R"({"prompt": 5})", R"({"prompt": []})", R"({"prompt": ""})",
        R"({"prompt": [5, -1]})", R"({"prompt": [100000]})", R"({"n": 1})"}) {
    EXPECT_EQ(complete(body).status, 400) << body;
  }
  for (const std::string messages :
       {"null", "[]", "123", R"([{"role": "user"}])", R"([{"role": "robot", "content": "x"}])",
        R"([{"role": "assistant", "content": "x"}])",
        R"([{"role": "user", "content": [{"type": "image_url"}]}])",
        R"([{"role": "user", "content": "a"}, {"role": "user", "content": "b"}])"}) {
    const auto reply = chat(R"({"messages": )" + messages + "}");
    EXPECT_EQ(reply.status, 400) << messages;
    EXPECT_THAT(reply.error("param"), HasSubstr("messages")) << messages;
  }
  EXPECT_EQ(chat(std::string(5000, '[')).status, 400);
}

TEST_F(Server, TheContextIsALimitInTheWordsThatClientsKnow) {
  const auto reply = complete(R"({"prompt": "abc", "max_tokens": 200})");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.error("code"), "context_length_exceeded");
  EXPECT_THAT(reply.error("message"), HasSubstr("This model's maximum context length is 200"));
}

TEST_F(Server, AFailureOfTheModelIsA500AndAnEventInAStream) {
  model_.error = "its weights are broken";
  const auto reply = chat(chat_with(""));
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.error("type"), "server_error");
  EXPECT_EQ(reply.error("message"), "its weights are broken");
  const auto events = events_of(chat(chat_with(R"(, "stream": true)")).body);
  EXPECT_EQ(events.back()["error"]["message"], "its weights are broken");
  EXPECT_EQ(ask(port(), "GET", "/health").status, 200);
}

TEST_F(Server, AModelThatIsBrokenShowsInHealth) {
  model_.broken = "out of memory";
  EXPECT_EQ(ask(port(), "GET", "/health").status, 503);
  EXPECT_EQ(chat(chat_with("")).status, 503);
}

TEST_F(Server, ModelsAreListedAndOthersAreNotFound) {
  EXPECT_EQ(ask(port(), "GET", "/v1/models").json()["data"][0]["id"], "fake");
  EXPECT_EQ(ask(port(), "GET", "/v1/models/fake").json()["max_model_len"], 200);
  EXPECT_EQ(ask(port(), "GET", "/v1/models/other").status, 404);
  EXPECT_EQ(chat(chat_with(R"(, "model": "other")")).error("code"), "model_not_found");
  EXPECT_EQ(ask(port(), "GET", "/nothing").status, 404);
  EXPECT_EQ(ask(port(), "GET", "/v1/completions").status, 405);
  EXPECT_EQ(ask(port(), "DELETE", "/v1/models").status, 405);
}

TEST_F(Server, WithAKeyOnlyHealthIsOpen) {
  options_.key = "a-long-secret";
  EXPECT_EQ(ask(port(), "GET", "/health").status, 200);
  for (const std::string header : {"", "Authorization: Bearer a-long-secreT\r\n",
                                   "Authorization: Bearer \r\n", "Authorization: a-long-secret\r\n",
                                   "Authorization: Bearer a-long-secreta-long-secret\r\n"}) {
    for (const std::string path : {"/v1/models", "/metrics", "/nothing"}) {
      const auto reply = ask(port(), "GET", path, "", header);
      EXPECT_EQ(reply.status, 401) << path << " " << header;
      EXPECT_EQ(reply.error("type"), "authentication_error");
    }
  }
  EXPECT_EQ(ask(port(), "GET", "/v1/models?key=a-long-secret").status, 401);
  EXPECT_EQ(ask(port(), "GET", "/v1/models", "", "Authorization: Bearer a-long-secret\r\n").status,
            200);
}

TEST_F(Server, PagesOfOthersAndOtherNamesAreRefusedOnLoopback) {
  EXPECT_EQ(ask(port(), "GET", "/v1/models", "", "Host: evil.example\r\n").status, 403);
  for (const std::string name : {"localhost.evil.example", "127.evil.example",
                                 "127.0.0.1.evil.example", "[::1].evil.example"}) {
    EXPECT_EQ(ask(port(), "GET", "/v1/models", "", "Host: " + name + "\r\n").status, 403) << name;
    EXPECT_EQ(ask(port(), "GET", "/v1/models", "", "Origin: http://" + name + "\r\n").status, 403)
        << name;
  }
  EXPECT_EQ(
      post("/v1/completions", R"({"prompt": "a"})", "Origin: https://evil.example\r\n").status,
      403);
  EXPECT_EQ(ask(port(), "GET", "/v1/models", "", "Host: 127.0.0.1:80\r\n").status, 200);
  EXPECT_EQ(ask(port(), "GET", "/v1/models", "", "Host: [::1]:80\r\n").status, 200);
  EXPECT_EQ(ask(port(), "GET", "/v1/models", "", "Origin: http://localhost:3000\r\n").status, 200);
}

TEST_F(Server, AnyOtherAddressWantsAKey) {
  options_.http.host = "0.0.0.0";
  EXPECT_THROW(port(), UsageError);
  options_.http.host = "example.org";
  EXPECT_THROW(port(), UsageError);
  options_.http.host = "0.0.0.0";
  options_.key = "a-long-secret";
  EXPECT_EQ(ask(port(), "GET", "/v1/models").status, 401);
}

TEST_F(Server, ABodyLargerThanItTakesIs413) {
  options_.http.max_body = 1000;
  const std::string body = R"({"prompt": ")" + std::string(2000, 'a') + "\"}";
  const auto reply = complete(body);
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.error("code"), "request_too_large");
  const Client client(port());
  client.send(
      "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Transfer-Encoding: chunked\r\n\r\n5dc\r\n" +
      std::string(1500, 'a') + "\r\n0\r\n\r\n");
  EXPECT_EQ(reply_of(client.read_until()).status, 413);
  // One that never ends is cut off.
  const Client endless(port());
  endless.send(
      "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n"
      "Transfer-Encoding: chunked\r\n\r\nfffff\r\n" +
      std::string(100000, 'a'));
  endless.read_until();
  EXPECT_EQ(complete(R"({"prompt": "a"})").status, 200);
}

TEST_F(Server, BrokenHttpClosesAConnectionAndNothingElse) {
  for (const std::string bytes :
       {"\r\n\r\n", "GET\r\n\r\n", "POST /v1/completions HTTP/1.1\r\nContent-Length: -2\r\n\r\n",
        "POST /v1/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n"}) {
    Client client(port());
    client.send(bytes);
    client.hang_up();
  }
  const Client long_header(port());
  long_header.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(100000, 'a'));
  long_header.read_until();
  EXPECT_EQ(complete(R"({"prompt": "a"})").status, 200);
}

TEST_F(Server, DrainingLetsRequestsEndAndThenEndsThem) {
  model_.text = "a text of several tokens";
  model_.held = true;
  const Client client(port());
  client.send(request_bytes("POST", "/v1/chat/completions", chat_with(""), ""));
  wait_for([&] { return metrics().find("tripost_sequences 1") != std::string::npos; });
  server_->drain(std::chrono::milliseconds(1));
  const auto reply = reply_of(client.read_until());
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.error("message"), "the server is stopping");
  EXPECT_EQ(ask(port(), "GET", "/health").status, 0);
}

TEST_F(Server, DrainingWaitsForWhatRuns) {
  model_.text = "a text of several tokens";
  model_.held = true;
  const Client client(port());
  client.send(request_bytes("POST", "/v1/chat/completions", chat_with(""), ""));
  wait_for([&] { return metrics().find("tripost_sequences 1") != std::string::npos; });
  std::thread stopping([&] { server_->drain(std::chrono::minutes(5)); });
  wait_for([&] { return !Client(port()).is_connected(); });
  model_.held = false;
  const auto reply = reply_of(client.read_until());
  stopping.join();
  EXPECT_EQ(reply.status, 200) << reply.body;
}

TEST_F(Server, MetricsCountWhatWasAskedAndWritten) {
  model_.text = "two tokens";
  complete(R"({"prompt": "one"})");
  complete(R"({"prompt": 1})");
  ask(port(), "GET", "/made-up");
  const std::string text = metrics();
  EXPECT_THAT(text, HasSubstr(R"(tripost_replies_total{path="/v1/completions",status="200"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(tripost_replies_total{path="/v1/completions",status="400"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(tripost_replies_total{path="other",status="404"} 1)"));
  EXPECT_THAT(text, HasSubstr("tripost_completion_tokens_total " +
                              std::to_string(tokenizer_.encode("two tokens").size())));
  EXPECT_THAT(text, HasSubstr("tripost_request_seconds_count 1"));
  EXPECT_THAT(text, HasSubstr("tripost_first_token_seconds_bucket{le=\"+Inf\"} 1"));
}

}  // namespace
}  // namespace tripost
