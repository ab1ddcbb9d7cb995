// An HTTP server on 127.0.0.1 whose every answer a test scripts, faults included.
//
// The handler is called once for each request, on a thread of its own, and writes what it likes to
// the connection, which is closed afterwards. Listens from construction on, answers from start()
// on: a test may fork in between.
#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace tripost {

struct MockCall {
  std::size_t number = 0;                      // from 0, in order of arrival
  std::string target;                          // "/v1/chat/completions"
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  nlohmann::json json() const { return nlohmann::json::parse(body); }
  std::string prompt() const {
    const auto request = json();
    return request.contains("prompt") ? request["prompt"] : request["messages"][0]["content"];
  }
};

class MockConnection {
 public:
  explicit MockConnection(int descriptor, const std::atomic<bool>& stopping)
      : descriptor_(descriptor), stopping_(stopping) {}

  // False when the client has gone.
  bool send(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const auto count =
          ::send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return false;
      sent += static_cast<std::size_t>(count);
    }
    return true;
  }
  void status(int code, const std::string& body, const std::string& headers = "",
              const std::string& type = "application/json") {
    send(
        fmt::format("HTTP/1.1 {} Status\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: "
                    "close\r\n{}\r\n{}",
                    code, type, body.size(), headers, body));
  }
  // A reset instead of an orderly end.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  // Says nothing more until the client goes away.
  void hold() {
    char byte;
    while (!stopping_) {
      const auto count = ::recv(descriptor_, &byte, 1, MSG_DONTWAIT);
      if (count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

 private:
  int descriptor_;
  const std::atomic<bool>& stopping_;
};

// The body of a right answer, of either API.
inline std::string answer_body(const std::string& text, const std::string& finish_reason = "stop",
                               int prompt_tokens = 10, int completion_tokens = 5) {
  const nlohmann::json choice = {{"index", 0},
                                 {"message", {{"role", "assistant"}, {"content", text}}},
                                 {"text", text},
                                 {"finish_reason", finish_reason}};
  return nlohmann::json{
      {"choices", {choice}},
      {"usage", {{"prompt_tokens", prompt_tokens}, {"completion_tokens", completion_tokens}}}}
      .dump();
}

class MockEndpoint {
 public:
  using Handler = std::function<void(const MockCall&, MockConnection&)>;

  explicit MockEndpoint(Handler handler, bool start_now = true) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(listener_, 256) != 0)
      std::abort();
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    if (start_now) start();
  }
  ~MockEndpoint() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    if (acceptor_.joinable()) acceptor_.join();
    for (auto& worker : workers_) worker.join();
    ::close(listener_);
  }

  void start() {
    acceptor_ = std::thread([this] { accept_all(); });
  }
  int port() const { return port_; }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/v1", port_); }

  std::vector<MockCall> calls() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  void accept_all() {
    while (!stopping_) {
      const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (descriptor < 0) continue;
      workers_.emplace_back([this, descriptor] { serve(descriptor); });
    }
  }

  void serve(int descriptor) {
    MockCall call;
    if (read_call(descriptor, call)) {
      {
        const std::lock_guard lock(mutex_);
        call.number = calls_.size();
        calls_.push_back(call);
      }
      MockConnection connection(descriptor, stopping_);
      handler_(call, connection);
    }
    ::close(descriptor);
  }

  bool read_call(int descriptor, MockCall& call) const {
    const timeval patience{0, 100'000};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::string text;
    std::size_t head = std::string::npos, length = 0;
    char buffer[65536];
    while (head == std::string::npos || text.size() < head + length) {
      const auto count = ::recv(descriptor, buffer, sizeof buffer, 0);
      if (count == 0 || (count < 0 && (stopping_ || (errno != EAGAIN && errno != EWOULDBLOCK))))
        return false;
      if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
      if (head != std::string::npos || text.find("\r\n\r\n") == std::string::npos) continue;
      head = text.find("\r\n\r\n") + 4;
      read_headers(text.substr(0, head), call);
      length = std::stoul("0" + call.headers["content-length"]);
    }
    call.body = text.substr(head);
    return true;
  }

  static void read_headers(const std::string& head, MockCall& call) {
    const auto first_blank = head.find(' ');
    call.target = head.substr(first_blank + 1, head.find(' ', first_blank + 1) - first_blank - 1);
    for (auto begin = head.find("\r\n") + 2; begin < head.size();) {
      const auto end = head.find("\r\n", begin);
      const auto colon = head.find(": ", begin);
      if (colon < end) {
        std::string name = head.substr(begin, colon - begin);
        for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        call.headers[name] = head.substr(colon + 2, end - colon - 2);
      }
      begin = end + 2;
    }
  }

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::vector<MockCall> calls_;
  std::thread acceptor_;
  std::list<std::thread> workers_;
};

}  // namespace tripost
