#include "base/local_host.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string>

namespace tripost {
namespace {

// What stands behind a host: nothing, or a colon and digits.
bool is_port(std::string_view text) {
  return text.empty() ||
         (text.front() == ':' && text.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

bool is_loopback_number(std::string_view host) {
  in_addr address{};
  return host.find('\0') == std::string_view::npos &&
         ::inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 &&
         ntohl(address.s_addr) >> 24 == 127;
}

}  // namespace

bool is_local_host(std::string_view authority) {
  const std::size_t end = authority.starts_with('[') ? authority.find(']') : authority.find(':');
  const std::size_t length =
      end == std::string_view::npos ? authority.size() : end + authority.starts_with('[');
  const std::string_view host = authority.substr(0, length);
  if (!is_port(authority.substr(length))) return false;
  return host == "localhost" || host == "[::1]" || is_loopback_number(host);
}

}  // namespace tripost
