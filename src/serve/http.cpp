#include "serve/http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <limits>

#include "base/error.h"

namespace tripost {
namespace {

constexpr unsigned kIdleSeconds = 60;
constexpr std::size_t kHeaderBytes = 32u << 10;
constexpr std::size_t kPieceBytes = 16u << 10;

struct Address {
  sockaddr_storage storage{};
  bool is_v6 = false, is_loopback = false;
};

Address address_of(const std::string& host, int port) {
  Address address;
  const std::string name = host == "localhost" ? "127.0.0.1" : host;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (::inet_pton(AF_INET, name.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<uint16_t>(port));
    address.is_loopback = ntohl(v4.sin_addr.s_addr) >> 24 == 127;
  } else if (::inet_pton(AF_INET6, name.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<uint16_t>(port));
    address.is_v6 = true;
    address.is_loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
  } else {
    fail_usage("{} is not an address to listen on; give a number such as 127.0.0.1 or ::1", host);
  }
  return address;
}

// One request while it comes in.
struct Incoming {
  HttpRequest request;
  std::size_t announced = 0;  // bytes of the body by its Content-Length
  bool is_too_large = false, has_length = false;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

// A body while it is sent.
struct Outgoing {
  std::function<std::string()> next;
  std::string piece;
  std::size_t sent = 0;
};

MHD_Result add_header(void* request, MHD_ValueKind, const char* key, const char* value) {
  std::string name = key;
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  auto& headers = static_cast<HttpRequest*>(request)->headers;
  // Two of the same name could be read differently by us and by a proxy before us.
  std::string& held = headers[name];
  held = held.empty() ? (value != nullptr ? value : "")
                      : held + ", " + (value != nullptr ? value : "");
  return MHD_YES;
}

ssize_t next_bytes(void* cls, uint64_t, char* buffer, size_t most) {
  auto& outgoing = *static_cast<Outgoing*>(cls);
  if (outgoing.sent == outgoing.piece.size()) {
    outgoing.piece = outgoing.next();
    outgoing.sent = 0;
    if (outgoing.piece.empty()) return MHD_CONTENT_READER_END_OF_STREAM;
  }
  const std::size_t count = std::min(most, outgoing.piece.size() - outgoing.sent);
  std::memcpy(buffer, outgoing.piece.data() + outgoing.sent, count);
  outgoing.sent += count;
  return static_cast<ssize_t>(count);
}

void free_outgoing(void* cls) { delete static_cast<Outgoing*>(cls); }

// Asked of the connection's state: a read would see the end only behind what the client sent before
// it went, the next request of a pipeline for one.
bool is_open(int descriptor) {
  pollfd connection{.fd = descriptor, .events = POLLRDHUP, .revents = 0};
  return ::poll(&connection, 1, 0) <= 0;
}

MHD_Result send_reply(MHD_Connection* connection, HttpReply reply) {
  MHD_Response* response =
      reply.next ? MHD_create_response_from_callback(
                       MHD_SIZE_UNKNOWN, kPieceBytes, next_bytes,
                       new Outgoing{std::move(reply.next), std::move(reply.body), 0}, free_outgoing)
                 : MHD_create_response_from_buffer(reply.body.size(), reply.body.data(),
                                                   MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  MHD_add_response_header(response, "Content-Type", reply.type.c_str());
  MHD_add_response_header(response, "Cache-Control", "no-store");
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : reply.headers)
    MHD_add_response_header(response, name.c_str(), value.c_str());
  const MHD_Result result =
      MHD_queue_response(connection, static_cast<unsigned>(reply.status), response);
  MHD_destroy_response(response);
  return result;
}

}  // namespace

std::string HttpRequest::header(const std::string& name) const {
  const auto place = headers.find(name);
  return place == headers.end() ? "" : place->second;
}

bool is_loopback(const std::string& host) { return address_of(host, 0).is_loopback; }

struct HttpServer::Impl {
  HttpOptions options;
  HttpHandler handler;
  MHD_Daemon* daemon = nullptr;
  int listener = -1;

  MHD_Result begin(MHD_Connection* connection, const char* path, const char* method,
                   void** state) const {
    auto incoming = std::make_unique<Incoming>();
    HttpRequest& request = incoming->request;
    request.method = method;
    request.path = path;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &request);
    Incoming& kept = *incoming;
    *state = incoming.release();  // finished() frees it
    if (const auto refusal = handler.check(request)) return send_reply(connection, *refusal);
    const std::string length = request.header("content-length");
    errno = 0;
    if (!length.empty() && std::strtoull(length.c_str(), nullptr, 10) > options.max_body)
      return send_reply(connection, too_large());
    kept.start = std::chrono::steady_clock::now();
    return MHD_YES;
  }

  HttpReply too_large() const {
    return handler.refuse(
        413, fmt::format("the request's body has more than {} bytes", options.max_body));
  }

  MHD_Result receive(Incoming& incoming, const char* data, std::size_t size) const {
    std::string& body = incoming.request.body;
    if (std::chrono::steady_clock::now() - incoming.start >
        std::chrono::seconds(options.body_seconds))
      return MHD_NO;
    if (incoming.is_too_large) {
      // A little more is read, so that a client that announces no length sees the answer.
      incoming.announced += size;
      return incoming.announced > options.max_body ? MHD_NO : MHD_YES;
    }
    incoming.is_too_large = body.size() + size > options.max_body;
    if (incoming.is_too_large) {
      body.clear();
    } else {
      body.append(data, size);
    }
    return MHD_YES;
  }

  MHD_Result answer(MHD_Connection* connection, const Incoming& incoming) const {
    if (incoming.is_too_large) return send_reply(connection, too_large());
    const int descriptor =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    // An answer may take longer than a connection may be idle; setting it again starts it anew.
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 0u);
    HttpReply reply =
        handler.answer(incoming.request, [descriptor] { return is_open(descriptor); });
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, kIdleSeconds);
    return send_reply(connection, std::move(reply));
  }

  static MHD_Result access(void* cls, MHD_Connection* connection, const char* path,
                           const char* method, const char*, const char* data, size_t* size,
                           void** state) {
    auto& self = *static_cast<Impl*>(cls);
    try {
      if (*state == nullptr) return self.begin(connection, path, method, state);
      auto& incoming = *static_cast<Incoming*>(*state);
      if (*size == 0) return self.answer(connection, incoming);
      const std::size_t count = *size;
      *size = 0;
      return self.receive(incoming, data, count);
    } catch (const std::exception&) {
      return MHD_NO;  // out of memory: the connection is closed
    }
  }

  static void finished(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
    delete static_cast<Incoming*>(*state);
    *state = nullptr;
  }
};

HttpServer::HttpServer(const HttpOptions& options, HttpHandler handler)
    : impl_(new Impl{options, std::move(handler)}) {
  Address address = address_of(options.host, options.port);
  const unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                         MHD_USE_POLL | MHD_USE_ITC | (address.is_v6 ? MHD_USE_IPv6 : MHD_NO_FLAG);
  errno = 0;
  impl_->daemon = MHD_start_daemon(
      flags, static_cast<uint16_t>(options.port), nullptr, nullptr, &Impl::access, impl_.get(),
      MHD_OPTION_SOCK_ADDR, reinterpret_cast<sockaddr*>(&address.storage),
      MHD_OPTION_NOTIFY_COMPLETED, &Impl::finished, nullptr, MHD_OPTION_CONNECTION_TIMEOUT,
      kIdleSeconds, MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned>(options.max_connections),
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kHeaderBytes, MHD_OPTION_STRICT_FOR_CLIENT, 1,
      MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u, MHD_OPTION_END);
  if (impl_->daemon == nullptr) {
    fail("cannot listen on {} port {}: {}; choose another --port or end what uses it", options.host,
         options.port, errno != 0 ? std::strerror(errno) : "libmicrohttpd does not say why");
  }
}

HttpServer::~HttpServer() {
  MHD_stop_daemon(impl_->daemon);
  if (impl_->listener >= 0) ::close(impl_->listener);
}

int HttpServer::port() const {
  return MHD_get_daemon_info(impl_->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void HttpServer::stop_listening() {
  if (impl_->listener >= 0) return;
  impl_->listener = MHD_quiesce_daemon(impl_->daemon);
  // Not closed yet: the daemon's thread may still poll it.
  if (impl_->listener >= 0) ::shutdown(impl_->listener, SHUT_RDWR);
}

}  // namespace tripost
