// Supervised training on weighted examples: packing, loss, AdamW, schedule, clipping, checkpoints.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "model/transformer.h"
#include "train/config.h"
#include "train/example.h"

namespace tripost {

// Trains `model` in place. With a checkpoint directory, saves there every `checkpoint_every` steps
// and on interruption, and goes on from the newest complete checkpoint found there: the result
// equals that of an uninterrupted run, byte for byte on the CPU with the same thread count. Throws
// Error when the loss or gradient is not finite: such a step is never applied nor saved.
TrainResult train(Transformer& model, const std::vector<Example>& examples,
                  const TrainConfig& config, const std::filesystem::path& checkpoint_directory,
                  const std::function<void(const TrainMetrics&)>& on_step);

}  // namespace tripost
