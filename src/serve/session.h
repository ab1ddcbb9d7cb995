// The requests that a server works on: how many sequences they are, and their end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>

#include "serve/answer.h"
#include "serve/metrics.h"
#include "text/live.h"

namespace tripost {

class Sessions;

// One request's answer for as long as somebody tells it. Its end frees its sequences, ends what the
// model still writes for it and counts it.
class Session {
 public:
  Session(Sessions& sessions, std::shared_ptr<Answer> answer, int sequences, int64_t prompt_tokens);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Answer& answer() { return *answer_; }
  int64_t prompt_tokens() const { return prompt_tokens_; }
  int64_t completion_tokens() const { return turn_tokens_ + answer_->num_tokens(); }

  // Counts a turn of the model on the way to the answer. For the thread that holds the session.
  void add_turn(int64_t prompt_tokens, int64_t completion_tokens) {
    prompt_tokens_ += prompt_tokens;
    turn_tokens_ += completion_tokens;
  }

 private:
  friend class Sessions;
  Sessions& sessions_;
  std::shared_ptr<Answer> answer_;
  int sequences_;
  int64_t prompt_tokens_;
  int64_t turn_tokens_ = 0;  // written in turns, beside answer_
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class Sessions {
 public:
  Sessions(LiveModel& model, Metrics& metrics, int max_sequences)
      : model_(model), metrics_(metrics), max_sequences_(max_sequences) {}

  // nullptr when so many sequences more are too many.
  std::shared_ptr<Session> open(std::shared_ptr<Answer> answer, int sequences,
                                int64_t prompt_tokens);

  int sequences() const;

  // Waits up to `grace` for all to end, then ends them with `error` and waits for that.
  void end_all(std::chrono::milliseconds grace, const std::string& error);

 private:
  friend class Session;
  void close(Session& session);

  LiveModel& model_;
  Metrics& metrics_;
  const int max_sequences_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Session*> open_;
  int sequences_ = 0;
};

}  // namespace tripost
