#include "llm/client.h"

#include <utility>

#include "llm/batch.h"

namespace tripost {

struct LlmClient::Impl {
  Impl(LlmConfig config, Progress progress) : state(std::move(config), std::move(progress)) {}
  LlmState state;
};

LlmClient::LlmClient(LlmConfig config, Progress progress) {
  check_endpoint(config.endpoint);
  impl_ = std::make_unique<Impl>(std::move(config), std::move(progress));
}

LlmClient::~LlmClient() = default;

std::vector<Completion> LlmClient::complete(const std::vector<Request>& requests,
                                            const Sampling& sampling, const Json& more) {
  return LlmBatch(impl_->state, sampling, more).run(requests);
}

Generate LlmClient::generator(Json more) {
  return [this, more = std::move(more)](const std::vector<Request>& requests,
                                        const Sampling& sampling) {
    return complete(requests, sampling, more);
  };
}

const LlmCounts& LlmClient::counts() const { return impl_->state.counts; }
const LlmSpent& LlmClient::spent() const { return impl_->state.spent; }

}  // namespace tripost
