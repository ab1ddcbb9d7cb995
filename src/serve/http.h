// An HTTP/1.1 server: one thread for each connection, limits on what a client may send, and a body
// that can be made while it is sent. Knows nothing of what is served.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tripost {

struct HttpRequest {
  std::string method, path;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  // Empty when it was not sent.
  std::string header(const std::string& name) const;
};

struct HttpReply {
  int status = 200;
  std::string body;
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  // When set, the body is what this returns until it returns nothing. It may block, for less than
  // a minute. It is destroyed when the body is sent or the client has gone.
  std::function<std::string()> next;
};

struct HttpHandler {
  // Looks at a request before its body is read; a reply refuses it.
  std::function<std::optional<HttpReply>(const HttpRequest&)> check;
  // Answers; may block for as long as it likes. `is_there` asks whether the client still is.
  std::function<HttpReply(const HttpRequest&, const std::function<bool()>& is_there)> answer;
  // The reply to a request that breaks a limit: its status and what is wrong.
  std::function<HttpReply(int status, const std::string& message)> refuse;
};

struct HttpOptions {
  std::string host = "127.0.0.1";   // a numeric address, or "localhost"
  int port = 0;                     // 0: any that is free
  std::size_t max_body = 4u << 20;  // bytes; more is 413
  int max_connections = 512;
  int body_seconds = 60;  // to send a body in
};

// Whether only this machine can reach the address. A UsageError when it is not an address.
bool is_loopback(const std::string& host);

class HttpServer {
 public:
  // Listens from here on. An Error when the address cannot be had.
  HttpServer(const HttpOptions& options, HttpHandler handler);
  // Waits until every answer that is being made has returned.
  ~HttpServer();

  int port() const;

  // Connections are refused from here on; those that are open go on.
  void stop_listening();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tripost
