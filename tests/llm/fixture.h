// A client of a mock endpoint with waits short enough for a test.
#pragma once

#include <fstream>

#include "llm/client.h"
#include "support/mock_endpoint.h"
#include "support/temporary_folder.h"

namespace tripost {

inline constexpr const char* kCanary = "sk-canary-0123456789";

// Secrets come from files and the environment alone, so tests write one.
inline Secret canary_key(const TemporaryFolder& folder) {
  const auto path = folder.path() / "key";
  std::ofstream(path) << kCanary << "\n";
  return Secret::from_file(path);
}

inline LlmConfig config_for(const std::string& url, const TemporaryFolder& folder) {
  LlmConfig config;
  config.endpoint = {.url = url, .model = "mock"};
  config.endpoint.key = canary_key(folder);
  config.timeouts = {.connect = 5, .first_byte = 5, .stall = 5, .total = 20};
  config.retry = {.first_wait = 0.001, .longest_wait = 0.01};
  config.cache = folder.path() / "cache.sqlite";
  config.run = "test";
  return config;
}

inline std::vector<Request> prompts(int count, const std::string& opening = "prompt ") {
  std::vector<Request> requests;
  for (int i = 0; i < count; ++i)
    requests.push_back({opening + std::to_string(i), static_cast<uint64_t>(i)});
  return requests;
}

inline const Sampling kGreedy{.max_new_tokens = 100};

// What must hold of every client, whatever happened to it.
inline bool adds_up(const LlmCounts& counts) {
  int64_t not_answered = 0;
  for (std::size_t i = 0; i < kNumLlmFaults; ++i) {
    if (!is_answer(static_cast<LlmFault>(i))) not_answered += counts.faults[i];
  }
  return counts.calls == counts.answered + not_answered + counts.abandoned &&
         counts.requests == counts.cache_hits + counts.shared + counts.answered + counts.failed;
}

}  // namespace tripost
