// A record as training sees it: token ids and a loss weight for each.
#pragma once

#include <cstdint>
#include <vector>

#include "text/tokenizer.h"
#include "trajectory/record.h"

namespace tripost {

struct Example {
  std::vector<int32_t> ids;    // ends in EOS when the record ends
  std::vector<float> weights;  // weights[t] is the loss weight of predicting ids[t] from
                               // ids[0..t-1]; weights[0] is unused
};

// Sections are tokenised one by one and joined, so that training sees exactly the tokens generation
// sees. The EOS carries the weight of the last section.
Example make_example(const Record& record, const Tokenizer& tokenizer);

}  // namespace tripost
