#include "llm/transfer.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "base/error.h"

namespace tripost {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point time) {
  return std::chrono::duration<double>(Clock::now() - time).count();
}

long milliseconds_of(double seconds) { return std::max(1L, static_cast<long>(seconds * 1000)); }

struct Transfer {
  std::size_t id = 0;
  CURL* handle = nullptr;
  curl_slist* headers = nullptr;
  std::string body;
  HttpResult result;
  std::size_t header_bytes = 0;
  bool began = false;  // a byte of the answer came
  bool too_large = false;
  Clock::time_point last_event = Clock::now();

  Transfer() = default;
  Transfer(const Transfer&) = delete;
  ~Transfer() {
    if (handle != nullptr) curl_easy_cleanup(handle);
    curl_slist_free_all(headers);
  }

  void heard() {
    began = true;
    last_event = Clock::now();
  }
};

std::size_t take_body(char* data, std::size_t, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  transfer.heard();
  transfer.too_large = transfer.result.body.size() + count > Transfers::kLargestBody;
  if (transfer.too_large) return CURL_WRITEFUNC_ERROR;
  transfer.result.body.append(data, count);
  return count;
}

std::size_t take_header(char* data, std::size_t, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  transfer.heard();
  transfer.header_bytes += count;
  transfer.too_large = transfer.header_bytes > Transfers::kLargestHeader;
  if (transfer.too_large) return CURL_WRITEFUNC_ERROR;
  const std::string line(data, count);
  const auto colon = line.find(':');
  if (colon == std::string::npos) return count;
  std::string name = line.substr(0, colon);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  const auto first = line.find_first_not_of(" \t\r\n", colon + 1);
  const auto last = line.find_last_not_of(" \t\r\n");
  transfer.result.headers[name] =
      first == std::string::npos ? "" : line.substr(first, last + 1 - first);
  return count;
}

HttpResult::End end_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return HttpResult::End::kAnswered;
    case CURLE_OPERATION_TIMEDOUT:
      return HttpResult::End::kTimeout;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_WRITE_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return HttpResult::End::kBroken;
    default:  // name, route, refusal, TLS, proxy
      return HttpResult::End::kNoConnection;
  }
}

}  // namespace

struct Transfers::Impl {
  Timeouts timeouts;
  std::string proxy;
  CURLM* multi = nullptr;
  std::vector<std::unique_ptr<Transfer>> active;

  void set_up(Transfer& transfer, const std::string& url);
  std::string overdue(const Transfer& transfer) const;
  HttpResult remove(std::vector<std::unique_ptr<Transfer>>::iterator at);
};

void Transfers::Impl::set_up(Transfer& transfer, const std::string& url) {
  CURL* const handle = transfer.handle;
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, proxy.c_str());  // "" switches the environment's off
  // The key's header is for the endpoint, not for a proxy on the way.
  curl_easy_setopt(handle, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (const char* authorities = std::getenv("SSL_CERT_FILE"))
    curl_easy_setopt(handle, CURLOPT_CAINFO, authorities);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer.headers);
  curl_easy_setopt(handle, CURLOPT_POST, 1L);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(transfer.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, transfer.body.data());
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds_of(timeouts.connect));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds_of(timeouts.total));
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &transfer);
}

// Which of our own deadlines has passed; empty when none has.
std::string Transfers::Impl::overdue(const Transfer& transfer) const {
  const double silent = seconds_since(transfer.last_event);
  if (!transfer.began && silent > timeouts.first_byte)
    return fmt::format("no answer within {} s", timeouts.first_byte);
  if (transfer.began && silent > timeouts.stall)
    return fmt::format("the answer stalled for {} s", timeouts.stall);
  return "";
}

HttpResult Transfers::Impl::remove(std::vector<std::unique_ptr<Transfer>>::iterator at) {
  curl_multi_remove_handle(multi, (*at)->handle);
  HttpResult result = std::move((*at)->result);
  active.erase(at);
  return result;
}

Transfers::Transfers(const Timeouts& timeouts, std::string proxy)
    : impl_(std::make_unique<Impl>()) {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  impl_->timeouts = timeouts;
  impl_->proxy = std::move(proxy);
  impl_->multi = curl_multi_init();
  if (global != CURLE_OK || impl_->multi == nullptr)
    fail("libcurl cannot be initialised: {}", curl_easy_strerror(global));
}

Transfers::~Transfers() {
  abandon();
  curl_multi_cleanup(impl_->multi);
}

std::size_t Transfers::in_flight() const { return impl_->active.size(); }

void Transfers::abandon() {
  while (!impl_->active.empty()) impl_->remove(std::prev(impl_->active.end()));
}

void Transfers::start(std::size_t id, const std::string& url,
                      const std::vector<std::string>& headers, std::string body) {
  auto transfer = std::make_unique<Transfer>();
  transfer->id = id;
  transfer->body = std::move(body);
  for (const std::string& header : headers)
    transfer->headers = curl_slist_append(transfer->headers, header.c_str());
  transfer->handle = curl_easy_init();
  if (transfer->handle == nullptr) throw std::bad_alloc();
  impl_->set_up(*transfer, url);
  curl_multi_add_handle(impl_->multi, transfer->handle);
  impl_->active.push_back(std::move(transfer));
}

std::vector<std::pair<std::size_t, HttpResult>> Transfers::wait(int milliseconds) {
  std::vector<std::pair<std::size_t, HttpResult>> ended;
  int running = 0;
  curl_multi_perform(impl_->multi, &running);
  if (running == static_cast<int>(impl_->active.size())) {  // nothing has ended yet
    curl_multi_poll(impl_->multi, nullptr, 0, milliseconds, nullptr);
    curl_multi_perform(impl_->multi, &running);
  }
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(impl_->multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    const auto at = std::find_if(
        impl_->active.begin(), impl_->active.end(),
        [&](const auto& transfer) { return transfer->handle == message->easy_handle; });
    Transfer& transfer = **at;
    long status = 0;
    curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &status);
    transfer.result.status = static_cast<int>(status);
    transfer.result.end = transfer.too_large ? HttpResult::End::kTooLarge : end_of(code);
    if (transfer.too_large) {
      transfer.result.body.clear();
      transfer.result.error = fmt::format("the answer is larger than {} MiB", kLargestBody >> 20);
    } else if (code != CURLE_OK) {
      transfer.result.error = curl_easy_strerror(code);
    }
    const std::size_t id = transfer.id;
    ended.emplace_back(id, impl_->remove(at));
  }
  for (std::size_t i = impl_->active.size(); i-- > 0;) {
    const std::string why = impl_->overdue(*impl_->active[i]);
    if (why.empty()) continue;
    const std::size_t id = impl_->active[i]->id;
    HttpResult result = impl_->remove(impl_->active.begin() + static_cast<std::ptrdiff_t>(i));
    result.end = HttpResult::End::kTimeout;
    result.error = why;
    ended.emplace_back(id, std::move(result));
  }
  return ended;
}

}  // namespace tripost
