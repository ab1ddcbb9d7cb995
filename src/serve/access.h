// Who may ask what of the server: the key, and the names by which a browser reached it.
#pragma once

#include <optional>
#include <string>

#include "serve/api_error.h"
#include "serve/http.h"

namespace tripost {

// Takes time that depends on the lengths only.
bool equal_in_constant_time(const std::string& given, const std::string& key);

// Why the request is refused, or nothing. `key`: empty when none is asked for. A server on loopback
// refuses other hosts' names and pages of other origins: the user's browser could be made to ask on
// a stranger's behalf.
std::optional<ApiError> refusal(const HttpRequest& request, const std::string& key,
                                bool is_loopback);

}  // namespace tripost
