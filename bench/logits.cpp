// The logits of token sequences, for scripts/check_logits.py to compare with transformers'.
//
//   logits MODEL < SEQUENCES > LOGITS
//
// SEQUENCES: JSONL of {"ids"}. LOGITS: float32 [tokens, vocabulary] of each, one after the other,
// by the path that training and `tripost logprobs` take, in float32 throughout.
#include <ATen/ops/arange.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "base/json.h"
#include "model/loader.h"

namespace {

void write_logits(tripost::Transformer& model, const std::vector<int64_t>& ids) {
  const auto count = static_cast<int64_t>(ids.size());
  const tripost::PackedTokens tokens{at::tensor(ids, at::kLong), at::arange(count, at::kLong),
                                     at::tensor({0, static_cast<int32_t>(count)}, at::kInt)};
  const at::Tensor logits = at::linear(model.hidden(tokens), model.head().value).contiguous();
  std::fwrite(logits.const_data_ptr(), 1, logits.nbytes(), stdout);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: logits MODEL < SEQUENCES > LOGITS\n", stderr);
    return 2;
  }
  try {
    const c10::NoGradGuard no_grad;
    const auto model = tripost::load_model(arguments[1], at::kCPU, at::kFloat);
    for (std::string line; std::getline(std::cin, line);)
      write_logits(*model, tripost::parse_json(line, "standard input").at("ids"));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "logits: error: %s\n", error.what());
    return 1;
  }
  return 0;
}
