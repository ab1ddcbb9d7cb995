#include "serve/session.h"

#include <utility>

namespace tripost {
namespace {

double seconds_between(std::chrono::steady_clock::time_point start,
                       std::chrono::steady_clock::time_point end) {
  return std::chrono::duration<double>(end - start).count();
}

}  // namespace

Session::Session(Sessions& sessions, std::shared_ptr<Answer> answer, int sequences,
                 int64_t prompt_tokens)
    : sessions_(sessions),
      answer_(std::move(answer)),
      sequences_(sequences),
      prompt_tokens_(prompt_tokens) {}

Session::~Session() { sessions_.close(*this); }

std::shared_ptr<Session> Sessions::open(std::shared_ptr<Answer> answer, int sequences,
                                        int64_t prompt_tokens) {
  const std::lock_guard lock(mutex_);
  if (sequences_ + sequences > max_sequences_) return nullptr;
  auto session = std::make_shared<Session>(*this, std::move(answer), sequences, prompt_tokens);
  sequences_ += sequences;
  open_.insert(session.get());
  return session;
}

void Sessions::close(Session& session) {
  const bool is_told = session.answer_->is_told();
  if (!is_told) {
    session.answer_->abandon();
    model_.drop_unwanted();
  }
  const auto first = session.answer_->first_token_time();
  metrics_.count_request(
      {.prompt_tokens = session.prompt_tokens_,
       .completion_tokens = session.completion_tokens(),
       .seconds = seconds_between(session.start_, std::chrono::steady_clock::now()),
       .first_token_seconds = first ? seconds_between(session.start_, *first) : 0.0,
       .is_aborted = !is_told});
  const std::lock_guard lock(mutex_);
  sequences_ -= session.sequences_;
  open_.erase(&session);
  changed_.notify_all();
}

int Sessions::sequences() const {
  const std::lock_guard lock(mutex_);
  return sequences_;
}

void Sessions::end_all(std::chrono::milliseconds grace, const std::string& error) {
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, grace, [&] { return open_.empty(); })) return;
  for (Session* session : open_) session->answer_->fail(error);
  // A client that does not read holds its session until its connection is closed.
  changed_.wait_for(lock, std::chrono::seconds(1), [&] { return open_.empty(); });
}

}  // namespace tripost
