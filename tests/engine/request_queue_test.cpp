#include "engine/request_queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

namespace tripost {
namespace {

class NoWork : public Work {
 public:
  const TokenRequest& request() const override { return request_; }
  bool on_token(const Draw&, bool) override { return false; }
  void on_done(FinishReason, const std::string&) override {}

 private:
  TokenRequest request_;
};

TEST(RequestQueue, WorkThatIsPutBackWakesWhoWaitsForIt) {
  RequestQueue queue;
  queue.push({std::make_shared<NoWork>()});
  const RequestQueue::Group group = queue.take(1);
  auto woken = std::async(std::launch::async, [&] { return queue.wait(); });
  // Time to fall asleep: who comes later finds the work without being woken.
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  queue.put_back(group);
  const bool in_time = woken.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
  queue.close();
  EXPECT_TRUE(in_time);
  EXPECT_TRUE(woken.get());
}

}  // namespace
}  // namespace tripost
