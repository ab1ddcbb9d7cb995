#include "serve/answer.h"

#include <algorithm>
#include <utility>

#include "text/utf8.h"

namespace tripost {
namespace {

// The end of `text` up to `end` without a character whose last bytes are still to come.
std::size_t whole_characters(const std::string& text, std::size_t end) {
  constexpr std::size_t kLongest = 4;
  for (std::size_t back = 1; back < kLongest && back <= end; ++back) {
    const auto byte = static_cast<unsigned char>(text[end - back]);
    if (byte < 0x80) return end;
    if (byte < 0xC0) continue;  // not the first of its character
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    return length > back ? end - back : end;
  }
  return end;
}

}  // namespace

class Answer::Listener : public LiveListener {
 public:
  Listener(std::shared_ptr<Answer> answer, std::size_t first)
      : answer_(std::move(answer)), first_(first) {}

  bool on_token(std::size_t completion, const Draw& draw) override {
    return answer_->on_token(first_ + completion, draw);
  }
  void on_done(std::size_t completion, FinishReason reason, int num_tokens, double log_probability,
               const std::string& error) override {
    answer_->on_done(first_ + completion, reason, num_tokens, log_probability, error);
  }
  bool is_wanted() const override { return answer_->is_wanted(); }

 private:
  std::shared_ptr<Answer> answer_;
  std::size_t first_;
};

Answer::Answer(const Tokenizer& tokenizer, AnswerOptions options, std::size_t completions)
    : tokenizer_(tokenizer),
      options_(std::move(options)),
      completions_(completions, Completion(options_.stops)),
      running_(completions) {}

std::shared_ptr<LiveListener> Answer::listener(const std::shared_ptr<Answer>& answer,
                                               std::size_t first) {
  return std::make_shared<Listener>(answer, first);
}

bool Answer::on_token(std::size_t completion, const Draw& draw) {
  const std::lock_guard lock(mutex_);
  Completion& target = completions_[completion];
  ++target.num_tokens;
  target.log_probability += static_cast<double>(draw.log_probability);
  if (!first_token_) first_token_ = std::chrono::steady_clock::now();
  const bool is_end = draw.id == tokenizer_.eos() || draw.id == options_.end_token;
  if (is_end && !options_.ignore_eos) return false;
  const std::string& bytes = tokenizer_.bytes_of(draw.id);
  if (options_.keep_tokens)
    target.tokens.push_back(
        {bytes, target.text.text().size(), draw.log_probability, draw.likeliest});
  const bool stopped = target.text.append(bytes);
  if (is_awaited_) changed_.notify_all();
  return !stopped;
}

void Answer::on_done(std::size_t completion, FinishReason reason, int num_tokens,
                     double log_probability, const std::string& error) {
  const std::lock_guard lock(mutex_);
  Completion& target = completions_[completion];
  if (target.is_done) return;  // failed by the server
  target.is_done = true;
  target.num_tokens = num_tokens;
  target.log_probability = log_probability;
  target.finish_reason = reason;
  target.error = error;
  --running_;
  changed_.notify_all();
}

void Answer::abandon() { wanted_ = false; }

void Answer::fail(const std::string& error) {
  wanted_ = false;
  const std::lock_guard lock(mutex_);
  for (Completion& completion : completions_) {
    if (completion.is_done) continue;
    completion.is_done = true;
    completion.finish_reason = FinishReason::kError;
    completion.error = error;
    --running_;
  }
  changed_.notify_all();
}

void Answer::finish(const std::string& text) {
  const std::lock_guard lock(mutex_);
  Completion& completion = completions_.front();
  if (completion.is_done) return;
  completion.is_done = true;
  completion.text.append(text);
  --running_;
  changed_.notify_all();
}

bool Answer::wait_until_done(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return running_ == 0; });
}

// How much of the text may be told now.
std::size_t Answer::tellable(Completion& completion) const {
  const std::string& text = completion.text.text();
  const std::size_t end =
      completion.is_done ? text.size() : whole_characters(text, completion.text.settled());
  if (options_.skip_newlines && completion.is_opening) {
    while (completion.told < end && text[completion.told] == '\n') ++completion.told;
    completion.is_opening = completion.told == end;
  }
  return std::max(end, completion.told);
}

bool Answer::has_news() {
  return std::any_of(completions_.begin(), completions_.end(), [&](Completion& completion) {
    return (completion.is_done && !completion.is_ended) || tellable(completion) > completion.told;
  });
}

AnswerPart Answer::take(std::size_t index) {
  Completion& completion = completions_[index];
  const std::size_t end = tellable(completion);
  AnswerPart part{.completion = index,
                  .text = completion.text.text().substr(completion.told, end - completion.told),
                  .is_first = !completion.is_begun,
                  .is_last = completion.is_done,
                  .finish_reason = completion.finish_reason,
                  .error = completion.error,
                  .num_tokens = completion.num_tokens,
                  .log_probability = completion.log_probability};
  completion.told = end;
  const std::vector<AnswerToken>& tokens = completion.tokens;
  std::size_t& next = completion.tokens_told;
  // A token that a stop string cut is not part of the answer.
  for (; next < tokens.size(); ++next) {
    if (tokens[next].start + tokens[next].bytes.size() > end) break;
    part.tokens.push_back(tokens[next]);
  }
  completion.is_begun = true;
  completion.is_ended = completion.is_done;
  return part;
}

std::vector<AnswerPart> Answer::take_parts(std::chrono::milliseconds pause,
                                           std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, last_taken_ + pause, [&] { return running_ == 0; });
  is_awaited_ = true;
  changed_.wait_for(lock, patience, [&] { return has_news(); });
  is_awaited_ = false;
  std::vector<AnswerPart> parts;
  for (std::size_t i = 0; i < completions_.size(); ++i) {
    Completion& completion = completions_[i];
    const bool is_new = tellable(completion) > completion.told;
    if (is_new || (completion.is_done && !completion.is_ended)) parts.push_back(take(i));
  }
  last_taken_ = std::chrono::steady_clock::now();
  return parts;
}

bool Answer::is_told() const {
  const std::lock_guard lock(mutex_);
  return std::all_of(completions_.begin(), completions_.end(),
                     [](const Completion& completion) { return completion.is_ended; });
}

int Answer::num_tokens() const {
  const std::lock_guard lock(mutex_);
  int count = 0;
  for (const Completion& completion : completions_) count += completion.num_tokens;
  return count;
}

std::optional<std::chrono::steady_clock::time_point> Answer::first_token_time() const {
  const std::lock_guard lock(mutex_);
  return first_token_;
}

}  // namespace tripost
