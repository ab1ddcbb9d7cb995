// A server over a fake model, and what a test says to it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "serve/fake_model.h"
#include "serve/http_client.h"
#include "serve/server.h"

namespace tripost::testing {

class Server : public ::testing::Test {
 protected:
  Server() { options_.model_name = "fake"; }

  int port() {
    if (!server_) server_ = std::make_unique<ApiServer>(options_, model_, tokenizer_);
    return server_->port();
  }
  ClientReply post(const std::string& path, const std::string& body,
                   const std::string& headers = "") {
    return ask(port(), "POST", path, body, headers);
  }
  ClientReply complete(const std::string& body) { return post("/v1/completions", body); }
  ClientReply chat(const std::string& body) { return post("/v1/chat/completions", body); }
  std::string metrics() { return ask(port(), "GET", "/metrics").body; }

  // Until the server has seen it; a test that fails here hangs into its time limit.
  void wait_for(const std::function<bool()>& is_true) const {
    while (!is_true()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  Tokenizer tokenizer_ = Tokenizer::load(TRIPOST_SOURCE_DIR "/tests/data/text/gpt2");
  FakeModel model_{tokenizer_};
  ServerOptions options_;
  std::unique_ptr<ApiServer> server_;
};

inline constexpr const char* kChat = R"({"messages": [{"role": "user", "content": "1 + 1 = ?"}])";

inline std::string chat_with(const std::string& fields) { return kChat + fields + "}"; }

}  // namespace tripost::testing
