#include "task/split.h"

#include "base/random.h"

namespace tripost {

Split split_of(std::string_view identity) {
  const uint64_t percent = hash_text(identity) % 100;
  return percent < 80 ? Split::kTrain : percent < 90 ? Split::kValidation : Split::kTest;
}

}  // namespace tripost
