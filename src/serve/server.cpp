#include "serve/server.h"

#include <algorithm>
#include <atomic>
#include <random>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "serve/access.h"
#include "serve/live_generate.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/session.h"
#include "text/chat.h"

namespace tripost {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPoll(100);            // how soon a client's leaving is seen
constexpr milliseconds kPause(20);            // tokens that come closer share an event
constexpr int kPollsBetweenSigns = 150;       // of life, while a stream has nothing to tell
constexpr int kClientGone = 499;              // nobody reads it; it shows in the metrics
constexpr int kDefaultCompletionTokens = 16;  // as OpenAI's

const std::vector<std::string> kPaths = {"/health", "/metrics", "/v1/models", "/v1/completions",
                                         "/v1/chat/completions"};

HttpReply json_reply(const Json& value, int status = 200) {
  return {.status = status, .body = to_line(value) + "\n"};
}

HttpReply error_reply(const ApiError& error) {
  HttpReply reply = json_reply(to_json(error), error.status);
  if (error.status == 429 || error.status == 503) reply.headers.emplace_back("Retry-After", "1");
  if (error.status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  return reply;
}

uint64_t random_bits() {
  static thread_local std::random_device device;
  return static_cast<uint64_t>(device()) << 32 | device();
}

int64_t now_in_seconds() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch())
      .count();
}

// Why an answer failed, if any part of it did.
std::string error_of(const std::vector<AnswerPart>& parts) {
  for (const AnswerPart& part : parts) {
    if (part.is_last && part.finish_reason == FinishReason::kError) return part.error;
  }
  return {};
}

}  // namespace

struct ApiServer::Impl {
  ServerOptions options;
  LiveModel& model;
  const Tokenizer& tokenizer;
  ChatLayout layout;
  bool loopback;
  int64_t started = now_in_seconds();
  Metrics metrics;
  Sessions sessions;
  std::atomic<bool> draining{false};
  std::unique_ptr<HttpServer> http;  // last: it calls the others

  Impl(const ServerOptions& options_, LiveModel& model_, const Tokenizer& tokenizer_)
      : options(options_),
        model(model_),
        tokenizer(tokenizer_),
        layout(tokenizer_, options_.lead_in, options_.chat_template),
        loopback(is_loopback(options_.http.host)),
        sessions(model_, metrics, options_.max_sequences) {}

  using IsThere = std::function<bool()>;

  HttpHandler handler();
  HttpReply counted(const HttpRequest& request, HttpReply reply);
  HttpReply route(const HttpRequest& request, const IsThere& is_there);
  HttpReply health() const;
  Json model_card() const;
  void check_can_answer(const ApiRequest& request) const;
  std::vector<std::vector<TokenId>> prompts_of(const ApiRequest& request) const;
  Sampling sampling_of(const ApiRequest& request,
                       const std::vector<std::vector<TokenId>>& prompts) const;
  ReplyHead head_of(const ApiRequest& request) const;
  std::shared_ptr<Session> start(const ApiRequest& request);
  HttpReply complete(const ApiRequest& request, const IsThere& is_there);
  std::shared_ptr<Session> open_session(const std::shared_ptr<Answer>& answer, int sequences,
                                        int64_t prompt_tokens);
  Json whole(const ApiRequest& request, const std::shared_ptr<Session>& session,
             const IsThere& is_there) const;
  HttpReply stream(const ApiRequest& request, const std::shared_ptr<Session>& session,
                   const IsThere& is_there) const;
  void check_can_improve(const ApiRequest& request) const;
  HttpReply improve(const ApiRequest& request, const IsThere& is_there);
};

HttpHandler ApiServer::Impl::handler() {
  return {.check = [this](const HttpRequest& request) -> std::optional<HttpReply> {
            const auto why = refusal(request, options.key, loopback);
            if (!why) return std::nullopt;
            return counted(request, error_reply(*why));
          },
          .answer =
              [this](const HttpRequest& request, const IsThere& is_there) {
                try {
                  return counted(request, route(request, is_there));
                } catch (const ApiError& error) {
                  return counted(request, error_reply(error));
                } catch (const std::exception& error) {
                  return counted(request, error_reply({500, error.what(), "", "internal_error"}));
                }
              },
          .refuse =
              [this](int status, const std::string& message) {
                return counted({}, error_reply({status, message, "", "request_too_large"}));
              }};
}

// Paths that clients make up are one, so that they cannot fill the memory.
HttpReply ApiServer::Impl::counted(const HttpRequest& request, HttpReply reply) {
  const bool is_known = std::find(kPaths.begin(), kPaths.end(), request.path) != kPaths.end();
  metrics.count_reply(is_known ? request.path : "other", reply.status);
  return reply;
}

HttpReply ApiServer::Impl::route(const HttpRequest& request, const IsThere& is_there) {
  const std::string& path = request.path;
  const bool is_chat = path == "/v1/chat/completions";
  const bool is_post = is_chat || path == "/v1/completions";
  const bool is_model = path == "/v1/models/" + options.model_name;
  const bool is_known = is_model || std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end();
  if (!is_known) throw ApiError{404, "there is nothing at this path", "", "not_found"};
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  if (is_post ? request.method != "POST" : !is_read)
    throw ApiError{405, is_post ? "this path wants POST" : "this path wants GET", "",
                   "method_not_allowed"};
  if (is_post) return complete(read_request(request.body, is_chat), is_there);
  if (path == "/health") return health();
  if (is_model) return json_reply(model_card());
  if (path == "/v1/models")
    return json_reply({{"object", "list"}, {"data", Json::array({model_card()})}});
  return {.body = metrics.text(sessions.sequences()), .type = "text/plain; version=0.0.4"};
}

HttpReply ApiServer::Impl::health() const {
  const std::string failure = model.failure();
  if (!failure.empty()) return json_reply({{"status", "failed"}, {"error", failure}}, 503);
  if (draining) return json_reply({{"status", "stopping"}}, 503);
  return json_reply({{"status", "ok"}});
}

Json ApiServer::Impl::model_card() const {
  return {{"id", options.model_name},
          {"object", "model"},
          {"created", started},
          {"owned_by", "tripost"},
          {"max_model_len", model.max_length()},
          {"chat_layout", layout.name()}};
}

void ApiServer::Impl::check_can_answer(const ApiRequest& request) const {
  if (!request.model.empty() && request.model != options.model_name) {
    throw ApiError{404,
                   fmt::format("the model '{}' is not served here; '{}' is", request.model,
                               options.model_name),
                   "model", "model_not_found"};
  }
  if (draining) throw ApiError{503, "the server is stopping", "", "stopping"};
  const std::string failure = model.failure();
  if (!failure.empty())
    throw ApiError{503, "the model answers no more: " + failure, "", "model_failed"};
}

// The prompts' tokens, each checked to leave room for an answer.
std::vector<std::vector<TokenId>> ApiServer::Impl::prompts_of(const ApiRequest& request) const {
  std::vector<std::vector<TokenId>> prompts;
  if (request.is_chat) {
    try {
      const Prompt prompt = layout.prompt(request.messages);
      prompts.push_back(tokenizer.encode_pieces(prompt.text, prompt.borders));
    } catch (const Error& error) {
      throw ApiError{400, error.what(), "messages", "invalid_value"};
    }
  }
  for (const auto& prompt : request.prompts) {
    const auto* text = std::get_if<std::string>(&prompt);
    prompts.push_back(text != nullptr ? tokenizer.encode(*text, /*special=*/true)
                                      : std::get<std::vector<TokenId>>(prompt));
  }
  for (const std::vector<TokenId>& ids : prompts) {
    if (ids.empty()) throw ApiError{400, "'prompt': is empty", "prompt", "invalid_value"};
    for (const TokenId id : ids) {
      if (id >= tokenizer.vocab_size())
        throw ApiError{400, fmt::format("'prompt': {} is no token of this model", id), "prompt",
                       "invalid_value"};
    }
    const auto length = static_cast<int64_t>(ids.size());
    const int64_t wanted = request.max_tokens.value_or(1);
    if (length + wanted > model.max_length()) {
      // The first words are what clients look for.
      throw ApiError{400,
                     fmt::format("This model's maximum context length is {} tokens. However, you "
                                 "requested {} tokens ({} in the prompt, {} in the completion).",
                                 model.max_length(), length + wanted, length, wanted),
                     request.is_chat ? "messages" : "prompt", "context_length_exceeded"};
    }
  }
  return prompts;
}

Sampling ApiServer::Impl::sampling_of(const ApiRequest& request,
                                      const std::vector<std::vector<TokenId>>& prompts) const {
  Sampling sampling = request.sampling;
  std::size_t longest = 0;
  for (const auto& prompt : prompts) longest = std::max(longest, prompt.size());
  // A chat that names no limit goes to the end of the context; each prompt's own is the engine's.
  const int all = static_cast<int>(model.max_length());
  const int otherwise =
      request.is_chat ? all : std::min(all - static_cast<int>(longest), kDefaultCompletionTokens);
  sampling.max_new_tokens = request.max_tokens.value_or(otherwise);
  if (request.is_chat) {
    const auto stops = layout.stops();
    sampling.stop.insert(sampling.stop.end(), stops.begin(), stops.end());
  }
  return sampling;
}

ReplyHead ApiServer::Impl::head_of(const ApiRequest& request) const {
  return {.id = fmt::format("{}-{:016x}", request.is_chat ? "chatcmpl" : "cmpl", random_bits()),
          .created = now_in_seconds(),
          .model = options.model_name,
          .is_chat = request.is_chat,
          .log_probabilities = request.log_probabilities};
}

std::shared_ptr<Session> ApiServer::Impl::open_session(const std::shared_ptr<Answer>& answer,
                                                       int sequences, int64_t prompt_tokens) {
  auto session = sessions.open(answer, sequences, prompt_tokens);
  if (!session)
    throw ApiError{429, "the server has as much to do as it takes; try again", "", "queue_full"};
  return session;
}

std::shared_ptr<Session> ApiServer::Impl::start(const ApiRequest& request) {
  const auto prompts = prompts_of(request);
  const Sampling sampling = sampling_of(request, prompts);
  const bool is_document = request.is_chat && layout.is_document();
  const int sequences = static_cast<int>(prompts.size()) * request.n;
  const auto answer = std::make_shared<Answer>(
      tokenizer,
      AnswerOptions{.stops = sampling.stop,
                    .end_token = request.is_chat ? layout.end_token() : std::nullopt,
                    .ignore_eos = sampling.ignore_eos,
                    .skip_newlines = is_document,
                    .keep_tokens = request.log_probabilities},
      sequences);
  if (sequences > options.max_sequences) {
    throw ApiError{400,
                   fmt::format("the request asks for {} completions; this server takes at most {}",
                               sequences, options.max_sequences),
                   "n", "invalid_value"};
  }
  int64_t prompt_tokens = 0;
  for (const auto& prompt : prompts) prompt_tokens += static_cast<int64_t>(prompt.size());
  auto session = open_session(answer, sequences, prompt_tokens);
  const uint64_t seed = request.seed ? *request.seed : random_bits();
  for (std::size_t p = 0; p < prompts.size(); ++p) {
    LiveRequest live{
        .prompt = prompts[p], .sampling = sampling, .num_likeliest = request.num_likeliest};
    for (int k = 0; k < request.n; ++k)
      live.seeds.push_back(seed_from({seed, p, static_cast<uint64_t>(k)}));
    model.submit(live, Answer::listener(answer, p * request.n));
  }
  return session;
}

HttpReply ApiServer::Impl::complete(const ApiRequest& request, const IsThere& is_there) {
  check_can_answer(request);
  if (request.self_improve) return improve(request, is_there);
  const auto session = start(request);
  if (request.stream) return stream(request, session, is_there);
  return json_reply(whole(request, session, is_there));
}

Json ApiServer::Impl::whole(const ApiRequest& request, const std::shared_ptr<Session>& session,
                            const IsThere& is_there) const {
  Answer& answer = session->answer();
  while (!answer.wait_until_done(kPoll)) {
    if (!is_there()) throw ApiError{kClientGone, "the client has gone", "", "client_gone"};
  }
  const std::vector<AnswerPart> parts = answer.take_parts({}, {});
  const std::string error = error_of(parts);
  if (!error.empty()) throw ApiError{draining ? 503 : 500, error, "", "generation_failed"};
  return whole_reply(head_of(request), parts,
                     {session->prompt_tokens(), session->completion_tokens()}, tokenizer);
}

HttpReply ApiServer::Impl::stream(const ApiRequest& request,
                                  const std::shared_ptr<Session>& session,
                                  const IsThere& is_there) const {
  const auto next = [this, session, is_there, head = head_of(request), usage = request.stream_usage,
                     is_over = false]() mutable -> std::string {
    Answer& answer = session->answer();
    std::vector<AnswerPart> parts;
    for (int poll = 0; parts.empty() && !is_over; ++poll) {
      is_over = !is_there();
      if (poll == kPollsBetweenSigns) return ": waiting\n\n";
      if (!is_over) parts = answer.take_parts(kPause, kPoll);
    }
    if (is_over) return {};
    std::string events;
    for (const AnswerPart& part : parts) {
      const std::string error = error_of({part});
      events += event_of(error.empty() ? stream_chunk(head, part, usage, tokenizer)
                                       : to_json(ApiError{500, error, "", "generation_failed"}));
    }
    is_over = answer.is_told();
    if (!is_over) return events;
    if (usage)
      events += event_of(usage_chunk(head, {session->prompt_tokens(), answer.num_tokens()}));
    return events + "data: [DONE]\n\n";
  };
  return {.type = "text/event-stream; charset=utf-8", .next = next};
}

void ApiServer::Impl::check_can_improve(const ApiRequest& request) const {
  if (!options.self_improve) {
    throw ApiError{400, "'tripost_self_improve' needs a server that was started with --task",
                   "tripost_self_improve", "unsupported_parameter"};
  }
  if (!layout.is_document() || request.n != 1 || request.messages.size() != 1 ||
      request.messages[0].role != "user") {
    throw ApiError{400,
                   "'tripost_self_improve' wants one user message with the question, n = 1, and a "
                   "model of the document layout",
                   "tripost_self_improve", "invalid_value"};
  }
}

// All its turns are one session of one sequence: they come one after another.
HttpReply ApiServer::Impl::improve(const ApiRequest& request, const IsThere& is_there) {
  check_can_improve(request);
  const auto prompts = prompts_of(request);  // for its checks, and the room that it leaves
  const auto answer = std::make_shared<Answer>(tokenizer, AnswerOptions{}, 1);
  const auto session = open_session(answer, 1, 0);
  const IsThere is_wanted = [&] { return is_there() && answer->is_wanted(); };
  const Generate model_answers = make_live_generate(model, tokenizer, is_wanted);
  const Generate counting = [&](const std::vector<Request>& requests, const Sampling& sampling) {
    const auto completions = model_answers(requests, sampling);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto prompt = tokenizer.encode_pieces(requests[i].prompt, requests[i].borders);
      session->add_turn(static_cast<int64_t>(prompt.size()), completions[i].num_tokens);
    }
    return completions;
  };
  const uint64_t seed = request.seed ? *request.seed : random_bits();
  Sampling sampling = request.sampling;
  sampling.max_new_tokens =
      request.max_tokens.value_or(static_cast<int>(model.max_length() - prompts[0].size()));
  const ImprovedAnswer improved =
      options.self_improve(request.messages[0].content, counting, sampling, seed);
  if (improved.error.empty()) {
    answer->finish(improved.text);
  } else {
    answer->fail(improved.error);
  }
  if (improved.is_no_question) {
    answer->take_parts({}, {});  // it is told, though by another status
    throw ApiError{400, improved.error, "messages", "invalid_value"};
  }
  if (!is_there()) throw ApiError{kClientGone, "the client has gone", "", "client_gone"};
  Json reply = whole(request, session, is_there);
  if (request.trajectory) reply["tripost_trajectory"] = improved.trajectory;
  return json_reply(reply);
}

ApiServer::ApiServer(const ServerOptions& options, LiveModel& model, const Tokenizer& tokenizer)
    : impl_(new Impl(options, model, tokenizer)) {
  if (!impl_->loopback && options.key.empty()) {
    fail_usage(
        "--host {}: others can reach this address, so the server wants a key: set TRIPOST_API_KEY "
        "or --key-file",
        options.http.host);
  }
  impl_->http = std::make_unique<HttpServer>(options.http, impl_->handler());
}

ApiServer::~ApiServer() { drain(milliseconds(0)); }

int ApiServer::port() const { return impl_->http->port(); }

void ApiServer::drain(milliseconds grace) {
  impl_->draining = true;
  impl_->http->stop_listening();
  impl_->sessions.end_all(grace, "the server is stopping");
}

}  // namespace tripost
