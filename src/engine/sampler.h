// One row of logits to one token, by the rules of text/generate.h's Sampling.
//
// The draw inverts the cumulative distribution at a number made from (request seed, position), so
// it does not depend on the batch. The penalty on repetition comes first, then temperature, top-k
// (ties: lowest ids), top-p on what top-k left, min-p. Log-probabilities are the model's own: not
// penalised, untempered and untruncated.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/sampling.h"
#include "text/live.h"

namespace tripost {

// Holds scratch space for one row: one per thread.
class Sampler {
 public:
  explicit Sampler(int64_t vocab_size);

  // seen: the tokens that stand before this one, each once; only a penalty on repetition looks at
  // it.
  Draw sample(const float* logits, const Sampling& sampling, uint64_t seed, int64_t position,
              const std::vector<int32_t>& seen = {});
  Draw sample_bfloat16(const uint16_t* logits, const Sampling& sampling, uint64_t seed,
                       int64_t position, const std::vector<int32_t>& seen = {});

  // The `count` likeliest tokens of the row drawn from last; ties: lowest ids first.
  std::vector<LikelyToken> likeliest(int count) const;

 private:
  Draw sample_row(const Sampling& sampling, uint64_t seed, int64_t position,
                  const std::vector<int32_t>& seen);
  void penalise(const std::vector<int32_t>& seen, double penalty);
  void undo_penalty(const std::vector<int32_t>& seen);
  void truncate(const Sampling& sampling, double& total);
  void gather(float at_least);
  float kth_bound(int64_t k);

  struct Candidate {
    float weight;
    int32_t id;
  };

  int64_t vocab_size_, padded_;
  const kernels::SamplingKernels& kernels_;
  std::vector<float> row_, weights_, block_largest_, sorted_blocks_, unpenalised_;
  std::vector<Candidate> candidates_;
  double log_normaliser_ = 0;  // of row_: log-probability = logit - this
};

}  // namespace tripost
