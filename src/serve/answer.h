// The completions of one request while they are made: the model's threads write, the connection's
// thread reads.
//
// Text is told in whole characters, and only what no stop string can take back.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "text/live.h"
#include "text/stop_text.h"
#include "text/tokenizer.h"

namespace tripost {

// How a request's completions are read from its tokens.
struct AnswerOptions {
  std::vector<std::string> stops;
  std::optional<TokenId> end_token;  // ends a completion, beside the tokenizer's EOS
  bool ignore_eos = false;
  bool skip_newlines = false;  // those that a completion opens with
  bool keep_tokens = false;    // for log-probabilities
};

struct AnswerToken {
  std::string bytes;
  std::size_t start = 0;  // in the text
  float log_probability = 0;
  std::vector<LikelyToken> likeliest;
};

// What is new of one completion since the last time.
struct AnswerPart {
  std::size_t completion = 0;
  std::string text;
  std::vector<AnswerToken> tokens;  // those that end in it
  bool is_first = false, is_last = false;
  FinishReason finish_reason = FinishReason::kStop;  // of the last part
  std::string error;                                 // when that is kError
  int num_tokens = 0;                                // so far, EOS included
  double log_probability = 0;                        // their sum
};

class Answer {
 public:
  Answer(const Tokenizer& tokenizer, AnswerOptions options, std::size_t completions);

  // Who listens for `count` of the completions, from `first` on.
  static std::shared_ptr<LiveListener> listener(const std::shared_ptr<Answer>& answer,
                                                std::size_t first);

  // Nobody reads it any more: what runs ends before its next step.
  void abandon();
  bool is_wanted() const { return wanted_; }

  // The same from the server's side: readers see every unfinished completion end with `error`.
  void fail(const std::string& error);

  // Ends the first completion, unless it has ended, with a text that came by other ways than a
  // listener's.
  void finish(const std::string& text);

  // Waits up to `patience` for every completion to end.
  bool wait_until_done(std::chrono::milliseconds patience);

  // Waits up to `patience` for news and takes them. Calls less than `pause` apart wait for more to
  // come together, so that fast models do not cost a message for each token.
  std::vector<AnswerPart> take_parts(std::chrono::milliseconds pause,
                                     std::chrono::milliseconds patience);

  bool is_told() const;  // every last part was taken
  int num_tokens() const;
  // Of its first token and of its end; empty before.
  std::optional<std::chrono::steady_clock::time_point> first_token_time() const;

 private:
  class Listener;
  struct Completion {
    StopText text;
    std::size_t told = 0, tokens_told = 0;
    std::vector<AnswerToken> tokens;
    bool is_done = false, is_begun = false, is_ended = false;  // the last two: told
    bool is_opening = true;                                    // still skipping newlines
    int num_tokens = 0;
    double log_probability = 0;
    FinishReason finish_reason = FinishReason::kStop;
    std::string error;

    explicit Completion(const std::vector<std::string>& stops) : text(stops) {}
  };

  bool on_token(std::size_t completion, const Draw& draw);
  void on_done(std::size_t completion, FinishReason reason, int num_tokens, double log_probability,
               const std::string& error);
  std::size_t tellable(Completion& completion) const;
  bool has_news();
  AnswerPart take(std::size_t index);

  const Tokenizer& tokenizer_;
  const AnswerOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Completion> completions_;
  std::size_t running_;
  bool is_awaited_ = false;  // the reader wants to be woken by any token
  std::atomic<bool> wanted_{true};
  std::chrono::steady_clock::time_point last_taken_{};
  std::optional<std::chrono::steady_clock::time_point> first_token_;
};

}  // namespace tripost
