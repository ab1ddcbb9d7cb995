// What tells one training run from another: a checkpoint may be taken up only by the run that made
// it.
#pragma once

#include <vector>

#include "base/json.h"
#include "model/transformer.h"
#include "train/example.h"
#include "train/trainer.h"

namespace tripost {

// A flat object: every setting that decides the result, and checksums of the examples and of the
// weights as they are now (before training): those that train, and with an adapter those of its
// base too. Left out are settings that change only how the work is done: micro-batches,
// recomputation, how often to save, threads, device.
Json run_fingerprint(const TrainConfig& config, const std::vector<Example>& examples,
                     Transformer& model);

}  // namespace tripost
