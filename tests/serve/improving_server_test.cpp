// Requests whose answer the model improves by itself: one sequence of several turns.
#include <gmock/gmock.h>

#include "serve/server_fixture.h"

namespace tripost {
namespace {

using testing::chat_with;
using testing::Client;
using ::testing::HasSubstr;
using testing::reply_of;
using testing::request_bytes;
using testing::Server;

TEST_F(Server, SelfImprovementAnswersWithTheLastAttemptAndTellsTheWay) {
  model_.text = "a";
  options_.self_improve = [](const std::string& question, const Generate& generate,
                             const Sampling& sampling, uint64_t seed) {
    const auto first = generate({{"Q: " + question, seed}}, sampling);
    const auto second = generate({{first[0].text, seed}}, sampling);
    return ImprovedAnswer{.text = first[0].text + second[0].text,
                          .trajectory = Json{{"stop", "said_correct"}}};
  };
  const std::string fields = R"(, "max_tokens": 5, "seed": 3, "tripost_self_improve": true)";
  const auto reply = chat(chat_with(fields + R"(, "tripost_trajectory": true)"));
  ASSERT_EQ(reply.status, 200) << reply.body;
  const auto json = reply.json();
  EXPECT_EQ(json["choices"][0]["message"]["content"], "aa");
  EXPECT_EQ(json["tripost_trajectory"]["stop"], "said_correct");
  EXPECT_EQ(json["usage"]["completion_tokens"], 2);
  EXPECT_EQ(model_.requests[0].sampling.max_new_tokens, 5);
  EXPECT_EQ(model_.requests[0].seeds[0], 3u);
  EXPECT_FALSE(chat(chat_with(fields)).json().contains("tripost_trajectory"));
}

class ImprovingServer : public Server {
 protected:
  // Two turns; the second is not asked for when the first failed, as rollout does it.
  ImprovingServer() {
    options_.self_improve = [](const std::string& question, const Generate& generate,
                               const Sampling& sampling, uint64_t seed) {
      ImprovedAnswer answer;
      for (int turn = 0; turn < 2 && answer.error.empty(); ++turn) {
        const Completion said = generate({{question, seed}}, sampling)[0];
        answer.text += said.text;
        answer.error = said.error;
      }
      return answer;
    };
    model_.text = "a text of several tokens";
  }

  std::unique_ptr<Client> start_improving() {
    auto client = std::make_unique<Client>(port());
    client->send(request_bytes("POST", "/v1/chat/completions", improving_, ""));
    wait_for([&] { return metrics().find("tripost_sequences 1") != std::string::npos; });
    return client;
  }

  const std::string improving_ = chat_with(R"(, "tripost_self_improve": true)");
};

TEST_F(ImprovingServer, ItsTurnsAreOneSequenceOfThoseThatTheServerTakes) {
  options_.max_sequences = 1;
  model_.held = true;
  const auto client = start_improving();
  EXPECT_EQ(chat(chat_with("")).status, 429);
  EXPECT_EQ(chat(improving_).status, 429);
  model_.held = false;
  EXPECT_EQ(reply_of(client->read_until()).status, 200);
  EXPECT_EQ(chat(improving_).status, 200);
}

TEST_F(ImprovingServer, DrainingWaitsForItsTurns) {
  model_.held = true;
  const auto client = start_improving();
  std::thread stopping([&] { server_->drain(std::chrono::minutes(5)); });
  wait_for([&] { return !Client(port()).is_connected(); });
  model_.held = false;
  const auto reply = reply_of(client->read_until());
  stopping.join();
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.json()["choices"][0]["message"]["content"], model_.text + model_.text);
}

TEST_F(ImprovingServer, TheEndOfTheGraceEndsItsTurns) {
  model_.held = true;
  const auto client = start_improving();
  server_->drain(std::chrono::milliseconds(1));
  const auto reply = reply_of(client->read_until());
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.error("message"), "the server is stopping");
}

TEST_F(ImprovingServer, ItsTurnsAreCounted) {
  const auto usage = chat(improving_).json()["usage"];
  const std::size_t tokens = 2 * tokenizer_.encode(model_.text).size();
  EXPECT_EQ(usage["completion_tokens"], tokens);
  const std::string text = metrics();
  EXPECT_THAT(text, HasSubstr("tripost_completion_tokens_total " + std::to_string(tokens) + "\n"));
  EXPECT_THAT(text,
              HasSubstr("tripost_prompt_tokens_total " + usage["prompt_tokens"].dump() + "\n"));
  EXPECT_THAT(text, HasSubstr("tripost_request_seconds_count 1"));
  EXPECT_THAT(text, HasSubstr("tripost_aborted_requests_total 0"));
}

TEST_F(ImprovingServer, AClientThatGoesAwayEndsItsTurns) {
  model_.held = true;
  start_improving()->hang_up();
  wait_for([&] { return metrics().find("tripost_aborted_requests_total 1") != std::string::npos; });
  EXPECT_EQ(model_.requests.size(), 1u);
}

TEST_F(Server, AQuestionThatTheTaskCannotReadIsTheClientsMistake) {
  options_.self_improve = [](const std::string&, const Generate&, const Sampling&, uint64_t) {
    return ImprovedAnswer{.error = "it is not an expression", .is_no_question = true};
  };
  const auto reply = chat(chat_with(R"(, "tripost_self_improve": true)"));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.error("param"), "messages");
  EXPECT_THAT(metrics(), HasSubstr("tripost_aborted_requests_total 0"));
}

}  // namespace
}  // namespace tripost
