#include "serve/request.h"

#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "base/error.h"

namespace tripost {
namespace {

constexpr int kMostCompletions = 16;
constexpr int kMostPrompts = 64;
constexpr std::size_t kMostMessages = 1024;
constexpr std::size_t kMostStops = 16;
constexpr std::size_t kLongestStop = 256;  // bytes
constexpr int kMostLikeliest = 20;

[[noreturn]] void refuse(const std::string& field, const std::string& expected) {
  throw ApiError{400, fmt::format("'{}': {}", field, expected), field, "invalid_value"};
}

bool read_bool(const Json& value, const std::string& field) {
  if (!value.is_boolean()) refuse(field, "must be true or false");
  return value.get<bool>();
}

double read_number(const Json& value, const std::string& field, double low, double high) {
  const double number =
      value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
  if (!(number >= low && number <= high))
    refuse(field, fmt::format("must be a number from {} to {}", low, high));
  return number;
}

int read_integer(const Json& value, const std::string& field, int low, int high) {
  const double number =
      value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
  if (!(number >= low && number <= high) || number != std::floor(number))
    refuse(field, fmt::format("must be a whole number from {} to {}", low, high));
  return static_cast<int>(number);
}

std::string read_text(const Json& value, const std::string& field) {
  if (!value.is_string()) refuse(field, "must be a string");
  return value.get<std::string>();
}

// A string, or the parts of type "text" that the chat API allows instead.
std::string read_content(const Json& value, const std::string& field) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) refuse(field, "must be a string or a list of text parts");
  std::string text;
  for (const Json& part : value) {
    if (!part.is_object() || part.value("type", Json()) != Json("text") || !part.contains("text"))
      refuse(field, "this model reads text only: every part must be {\"type\": \"text\"}");
    text += read_text(part["text"], field);
  }
  return text;
}

ChatMessage read_message(const Json& value, const std::string& where) {
  if (!value.is_object()) refuse(where, "must be an object with role and content");
  ChatMessage message;
  for (const auto& [key, field] : value.items()) {
    const std::string name = where + "." + key;
    if (key == "role") {
      message.role = read_text(field, name);
    } else if (key == "content") {
      message.content = read_content(field, name);
    } else if (!field.is_null()) {
      refuse(name, "is not supported in a message");
    }
  }
  if (!value.contains("content")) refuse(where, "has no content");
  if (message.role == "developer") message.role = "system";  // its newer name
  return message;
}

void read_messages(ApiRequest& request, const Json& value) {
  if (!value.is_array() || value.empty() || value.size() > kMostMessages)
    refuse("messages", fmt::format("must be a list of 1 to {} messages", kMostMessages));
  for (std::size_t i = 0; i < value.size(); ++i)
    request.messages.push_back(read_message(value[i], fmt::format("messages[{}]", i)));
}

std::vector<TokenId> read_ids(const Json& value) {
  std::vector<TokenId> ids;
  for (const Json& id : value)
    ids.push_back(read_integer(id, "prompt", 0, std::numeric_limits<TokenId>::max()));
  return ids;
}

// A text, token ids, or a list of either.
void read_prompt(ApiRequest& request, const Json& value) {
  if (value.is_string()) {
    request.prompts.emplace_back(value.get<std::string>());
    return;
  }
  if (!value.is_array() || value.empty())
    refuse("prompt", "must be a string, a list of token ids, or a list of either");
  if (value[0].is_number()) {
    request.prompts.emplace_back(read_ids(value));
    return;
  }
  if (value.size() > kMostPrompts)
    refuse("prompt", fmt::format("must hold at most {} prompts", kMostPrompts));
  for (const Json& prompt : value) {
    if (prompt.is_array()) {
      request.prompts.emplace_back(read_ids(prompt));
    } else {
      request.prompts.emplace_back(read_text(prompt, "prompt"));
    }
  }
}

void read_stop(ApiRequest& request, const Json& value) {
  const Json list = value.is_array() ? value : Json::array({value});
  if (list.size() > kMostStops)
    refuse("stop", fmt::format("must hold at most {} strings", kMostStops));
  for (const Json& stop : list) {
    const std::string text = read_text(stop, "stop");
    if (text.empty() || text.size() > kLongestStop)
      refuse("stop", fmt::format("each must have 1 to {} bytes", kLongestStop));
    request.sampling.stop.push_back(text);
  }
}

void read_log_probabilities(ApiRequest& request, const Json& value) {
  if (request.is_chat) {
    request.log_probabilities = read_bool(value, "logprobs");
  } else {
    request.num_likeliest = read_integer(value, "logprobs", 0, kMostLikeliest);
    request.log_probabilities = true;
  }
}

void read_seed(ApiRequest& request, const Json& value) {
  if (!value.is_number_integer()) refuse("seed", "must be a whole number of 64 bits");
  request.seed = value.is_number_unsigned() ? value.get<uint64_t>()
                                            : static_cast<uint64_t>(value.get<int64_t>());
}

void read_max_tokens(ApiRequest& request, const Json& value, const std::string& field) {
  const int limit = read_integer(value, field, 1, std::numeric_limits<int>::max());
  if (request.max_tokens && *request.max_tokens != limit)
    refuse(field, "max_tokens and max_completion_tokens differ: give one of them");
  request.max_tokens = limit;
}

void read_stream_options(ApiRequest& request, const Json& value) {
  if (!value.is_object()) refuse("stream_options", "must be an object");
  for (const auto& [key, field] : value.items()) {
    const std::string name = "stream_options." + key;
    if (key == "include_usage") {
      request.stream_usage = read_bool(field, name);
    } else if (key != "include_obfuscation") {
      refuse(name, "is not supported");
    }
  }
}

using Read = std::function<void(ApiRequest&, const Json&, const std::string& field)>;

Read number(double Sampling::*target, double low, double high) {
  return [=](ApiRequest& request, const Json& value, const std::string& field) {
    request.sampling.*target = read_number(value, field, low, high);
  };
}

Read flag(bool ApiRequest::*target) {
  return [=](ApiRequest& request, const Json& value, const std::string& field) {
    request.*target = read_bool(value, field);
  };
}

// A field of OpenAI's that this server does not have: allowed only where it asks for nothing.
Read only(Json nothing) {
  return [=](ApiRequest&, const Json& value, const std::string& field) {
    if (value != nothing)
      throw ApiError{400, fmt::format("'{}' is not supported by this server", field), field,
                     "unsupported_parameter"};
  };
}

const Read kIgnored = [](ApiRequest&, const Json&, const std::string&) {};

std::map<std::string, Read> fields_of_both() {
  return {
      {"model",
       [](auto& request, auto& value, auto& field) { request.model = read_text(value, field); }},
      {"temperature", number(&Sampling::temperature, 0, 100)},
      {"top_p", number(&Sampling::top_p, 0, 1)},
      {"min_p", number(&Sampling::min_p, 0, 1)},
      {"repetition_penalty", number(&Sampling::repetition_penalty, 0.01, 100)},
      {"top_k",
       [](auto& request, auto& value, auto& field) {
         // -1 is how other servers turn it off.
         request.sampling.top_k = std::max(0, read_integer(value, field, -1, 1'000'000'000));
       }},
      {"ignore_eos", [](auto& request, auto& value,
                        auto& field) { request.sampling.ignore_eos = read_bool(value, field); }},
      {"max_tokens", read_max_tokens},
      {"max_completion_tokens", read_max_tokens},
      {"n", [](auto& request, auto& value,
               auto& field) { request.n = read_integer(value, field, 1, kMostCompletions); }},
      {"stop", [](auto& request, auto& value, auto&) { read_stop(request, value); }},
      {"seed", [](auto& request, auto& value, auto&) { read_seed(request, value); }},
      {"stream", flag(&ApiRequest::stream)},
      {"stream_options",
       [](auto& request, auto& value, auto&) { read_stream_options(request, value); }},
      {"logprobs",
       [](auto& request, auto& value, auto&) { read_log_probabilities(request, value); }},
      {"frequency_penalty", only(0)},
      {"presence_penalty", only(0)},
      {"logit_bias", only(Json::object())},
      // They name the caller or how the call is kept, not what is answered.
      {"user", kIgnored},
      {"metadata", kIgnored},
      {"store", kIgnored},
      {"service_tier", kIgnored},
      {"safety_identifier", kIgnored},
      {"prompt_cache_key", kIgnored},
  };
}

std::map<std::string, Read> fields_of(bool is_chat) {
  std::map<std::string, Read> fields = fields_of_both();
  if (!is_chat) {
    fields["prompt"] = [](auto& request, auto& value, auto&) { read_prompt(request, value); };
    fields["echo"] = only(false);
    fields["suffix"] = only("");
    fields["best_of"] = [](auto& request, auto& value, auto& field) {
      // Only that which asks for no choice among more than are returned.
      if (value != Json(1) && value != Json(request.n)) only(1)(request, value, field);
    };
    return fields;
  }
  fields["messages"] = [](auto& request, auto& value, auto&) { read_messages(request, value); };
  fields["top_logprobs"] = [](auto& request, auto& value, auto& field) {
    request.num_likeliest = read_integer(value, field, 0, kMostLikeliest);
  };
  fields["tools"] = only(Json::array());
  fields["tool_choice"] = only("none");
  fields["parallel_tool_calls"] = kIgnored;  // there are none
  fields["response_format"] = only(Json::object({{"type", "text"}}));
  fields["modalities"] = only(Json::array({"text"}));
  fields["tripost_self_improve"] = flag(&ApiRequest::self_improve);
  fields["tripost_trajectory"] = flag(&ApiRequest::trajectory);
  return fields;
}

void check_together(const ApiRequest& request) {
  if (request.is_chat && request.messages.empty()) refuse("messages", "is missing");
  if (!request.is_chat && request.prompts.empty()) refuse("prompt", "is missing");
  if (request.is_chat && request.num_likeliest > 0 && !request.log_probabilities)
    refuse("top_logprobs", "needs \"logprobs\": true");
  if (request.stream_usage && !request.stream) refuse("stream_options", "needs \"stream\": true");
  if (request.trajectory && !request.self_improve)
    refuse("tripost_trajectory", "needs \"tripost_self_improve\": true");
  if (request.self_improve && (request.stream || request.log_probabilities))
    refuse("tripost_self_improve", "goes with neither stream nor logprobs");
  if (request.self_improve && !request.sampling.stop.empty())
    refuse("stop", "goes not with tripost_self_improve, which ends attempts itself");
}

}  // namespace

ApiRequest read_request(const std::string& body, bool is_chat) {
  static const std::map<std::string, Read> kFields[] = {fields_of(false), fields_of(true)};
  const auto& fields = kFields[is_chat];
  Json object;
  try {
    object = parse_json(body, "the request's body");
  } catch (const Error& error) {
    throw ApiError{400, error.what(), "", "invalid_json"};
  }
  if (!object.is_object())
    throw ApiError{400, "the request's body must be a JSON object", "", "invalid_json"};
  ApiRequest request{.is_chat = is_chat};
  // best_of is compared with n, wherever it stands.
  if (const auto n = object.find("n"); n != object.end() && !n->is_null())
    fields.at("n")(request, *n, "n");
  for (const auto& [key, value] : object.items()) {
    const auto field = fields.find(key);
    if (field == fields.end()) {
      std::vector<std::string> names;
      for (const auto& [name, read] : fields) names.push_back(name);
      // Of its opening: a name may be as long as a body, and each letter is compared with all.
      const std::string nearest = nearest_name(key.substr(0, 64), names);
      throw ApiError{
          400,
          fmt::format("'{}' is not a field of this server{}", key,
                      nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)),
          key, "unknown_parameter"};
    }
    if (!value.is_null()) field->second(request, value, key);
  }
  check_together(request);
  return request;
}

}  // namespace tripost
