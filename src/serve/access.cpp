#include "serve/access.h"

#include <string_view>

#include "base/local_host.h"

namespace tripost {
namespace {

bool is_local_origin(std::string_view origin) {
  const std::size_t slashes = origin.find("://");
  return slashes != std::string_view::npos && is_local_host(origin.substr(slashes + 3));
}

}  // namespace

bool equal_in_constant_time(const std::string& given, const std::string& key) {
  unsigned difference = given.size() == key.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto right = key.empty() ? 0 : key[i % key.size()];
    difference |= static_cast<unsigned char>(given[i] ^ right);
  }
  return difference == 0;
}

std::optional<ApiError> refusal(const HttpRequest& request, const std::string& key,
                                bool is_loopback) {
  if (is_loopback) {
    const std::string host = request.header("host"), origin = request.header("origin");
    if (!host.empty() && !is_local_host(host))
      return ApiError{403, "this server answers to localhost only, not to the name in Host", "",
                      "forbidden"};
    if (!origin.empty() && !is_local_origin(origin))
      return ApiError{403, "pages of other origins may not ask this server", "", "forbidden"};
  }
  if (key.empty() || request.path == "/health") return std::nullopt;
  constexpr std::string_view kScheme = "Bearer ";
  const std::string given = request.header("authorization");
  if (!given.starts_with(kScheme))
    return ApiError{401, "this server wants its key in the header Authorization: Bearer KEY", "",
                    "missing_api_key"};
  if (!equal_in_constant_time(given.substr(kScheme.size()), key))
    return ApiError{401, "the key in the header Authorization is not this server's", "",
                    "invalid_api_key"};
  return std::nullopt;
}

}  // namespace tripost
