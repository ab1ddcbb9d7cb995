#include "engine/resources.h"

#include <algorithm>

#include "base/error.h"
#include "model/decoder.h"

namespace tripost {
namespace {

// More is not retained, whatever memory there is: thousands of conversations.
constexpr int64_t kMostTokens = int64_t{1} << 20;

std::shared_ptr<kernels::PagePool> pages_for(const Transformer& model, int64_t needed,
                                             int64_t limit, bool retains) {
  const int64_t wanted = retains ? std::max(needed, std::min(limit, kMostTokens)) : needed;
  try {
    return Decoder::make_page_pool(model, wanted, retains);
  } catch (const Error&) {
    // A system that sets memory aside when it is asked for may have enough for the work alone.
    if (wanted == needed) throw;
    return Decoder::make_page_pool(model, needed, retains);
  }
}

}  // namespace

Resources::Resources(Transformer& model, int64_t needed, int64_t limit, bool retains)
    : fingerprint(weights_fingerprint(model)),
      weights(std::make_shared<const DecoderWeights>(model)),
      pages(pages_for(model, needed, limit, retains)) {}

bool Resources::serve(Transformer& model, int64_t needed) const {
  return cached_tokens() >= needed && fingerprint == weights_fingerprint(model);
}

int64_t Resources::cached_tokens() const {
  return pages ? pages->num_pages() * kernels::kPageTokens : 0;
}

int64_t Resources::held_tokens() const {
  return pages ? pages->held_pages() * kernels::kPageTokens : 0;
}

void Resources::limit(int64_t tokens) const {
  if (pages) pages->limit(tokens / kernels::kPageTokens);
}

}  // namespace tripost
