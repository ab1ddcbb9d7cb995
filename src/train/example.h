// A record as training sees it: token ids and a loss weight for each.
#pragma once

#include <cstdint>
#include <vector>

#include "text/tokenizer.h"
#include "trajectory/record.h"

namespace tripost {

struct Example {
  std::vector<int32_t> ids;    // ends in EOS when the record ends
  std::vector<float> weights;  // weights[t] is the loss weight of predicting targets[t] from
                               // ids[0..t-1]; weights[0] is unused
  // As long as ids and equal to them but where a text ends inside the document, or empty when it is
  // the ids all through.
  std::vector<int32_t> targets;

  int32_t target(std::size_t t) const { return targets.empty() ? ids[t] : targets[t]; }
};

// Sections are tokenised one by one and joined, so that training sees exactly the tokens generation
// sees. The EOS carries the weight of the last section. Where a text that is trained on is followed
// by the task's words with weight 0, which the model never has to write, its last token is taught
// to be followed by EOS, as it is in a document that ends there.
Example make_example(const Record& record, const Tokenizer& tokenizer);

}  // namespace tripost
