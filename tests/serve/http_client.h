// A client that sends bytes as they are, so that tests can send what no library would.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tripost::testing {

struct ClientReply {
  int status = 0;
  std::string head, body;

  nlohmann::json json() const { return nlohmann::json::parse(body); }
  std::string error(const std::string& field) const {
    const auto value = json()["error"][field];
    return value.is_null() ? "" : value.get<std::string>();
  }
};

class Client {
 public:
  explicit Client(int port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ =
        ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { hang_up(); }

  bool is_connected() const { return is_connected_; }

  void send(const std::string& bytes) const {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const auto count =
          ::send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return;
      sent += static_cast<std::size_t>(count);
    }
  }

  // What comes until the server closes the connection, or until `text` has come.
  std::string read_until(const std::string& text = "\n\nnever\n\n") const {
    std::string all;
    char buffer[4096];
    while (all.find(text) == std::string::npos) {
      const auto count = ::recv(descriptor_, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      all.append(buffer, static_cast<std::size_t>(count));
    }
    return all;
  }

  void hang_up() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_;
  bool is_connected_ = false;
};

inline std::string request_bytes(const std::string& method, const std::string& path,
                                 const std::string& body, const std::string& headers) {
  const bool has_host = headers.find("Host:") != std::string::npos;
  return method + " " + path + " HTTP/1.1\r\n" + (has_host ? "" : "Host: localhost\r\n") +
         "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers +
         "\r\n" + body;
}

inline std::string without_chunks(const std::string& body) {
  std::string text;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t size = std::strtoul(body.c_str() + at, nullptr, 16);
    at = body.find("\r\n", at) + 2;
    if (size == 0) break;
    text += body.substr(at, size);
    at += size + 2;
  }
  return text;
}

inline ClientReply reply_of(const std::string& bytes) {
  ClientReply reply;
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return reply;
  reply.head = bytes.substr(0, end + 2);
  reply.body = bytes.substr(end + 4);
  reply.status = std::atoi(reply.head.c_str() + 9);
  if (reply.head.find("chunked") != std::string::npos) reply.body = without_chunks(reply.body);
  return reply;
}

inline ClientReply ask(int port, const std::string& method, const std::string& path,
                       const std::string& body = "", const std::string& headers = "") {
  const Client client(port);
  client.send(request_bytes(method, path, body, headers));
  return reply_of(client.read_until());
}

// The JSON of each event of a stream, without the [DONE] at its end.
inline std::vector<nlohmann::json> events_of(const std::string& body) {
  std::vector<nlohmann::json> events;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = body.find("\n\n", at);
    const std::string line = body.substr(at, end - at);
    if (line.starts_with("data: {")) events.push_back(nlohmann::json::parse(line.substr(6)));
    at = end == std::string::npos ? body.size() : end + 2;
  }
  return events;
}

}  // namespace tripost::testing
