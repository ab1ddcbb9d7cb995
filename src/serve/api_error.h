// What is wrong with a request, as the API tells its client: thrown by the folder's parsing, caught
// by its server, never seen outside.
#pragma once

#include <string>

#include "base/json.h"

namespace tripost {

struct ApiError {
  int status = 400;
  std::string message;
  std::string param;  // the field at fault; empty: none
  std::string code;   // for programs; empty: none
};

// OpenAI's shape: all four of message, type, param and code.
inline Json to_json(const ApiError& error) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  const char* type = error.status >= 500   ? "server_error"
                     : error.status == 401 ? "authentication_error"
                     : error.status == 429 ? "rate_limit_error"
                                           : "invalid_request_error";
  return {{"error",
           {{"message", error.message},
            {"type", type},
            {"param", or_null(error.param)},
            {"code", or_null(error.code)}}}};
}

}  // namespace tripost
