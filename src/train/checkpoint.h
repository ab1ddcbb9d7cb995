// Checkpoints of a training run: directory/step-N/ with one raw file per tensor and a manifest with
// sizes and checksums.
//
// Promises: a step-N directory is complete or is not there (made beside, synced, renamed); what is
// loaded has the checksums of what was saved; the checkpoint of another run (other examples,
// settings or starting weights) is refused, not loaded. Two writers of one directory are the
// caller's to prevent (DirectoryLock).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"

namespace tripost {

// Everything besides tensors that decides how a run goes on. The order of examples follows from the
// step (packing.h).
struct Counters {
  int64_t step = 0;     // steps done, including those without weight
  int64_t updates = 0;  // steps that AdamW applied
  int64_t tokens = 0;
  double late_loss = 0;    // summed over the last tenth of the steps, for TrainResult::final_loss
  int64_t late_steps = 0;  // how many were summed
};

// Contiguous float32 tensors on any device, by file name. Tensor handles: loading writes into the
// tensors given.
using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

class CheckpointStore {
 public:
  // `fingerprint` is a flat JSON object that tells this run from others.
  CheckpointStore(std::filesystem::path directory, Json fingerprint);

  // Writes step-<counters.step>, then removes all but the two newest checkpoints.
  void save(const Counters& counters, const NamedTensors& tensors);

  // Fills `tensors` from the newest checkpoint that is whole and returns its counters; nothing when
  // there is none at all. A damaged one is logged, renamed to damaged-step-N and passed over; when
  // that leaves none, an Error says so, because starting over would silently discard a run. Also an
  // Error: a checkpoint with another fingerprint or format.
  std::optional<Counters> load_newest(const NamedTensors& tensors);

 private:
  void write(const std::filesystem::path& path, const Counters& counters,
             const NamedTensors& tensors) const;

  std::filesystem::path directory_;
  Json fingerprint_;
};

// Removes the directory with all its checkpoints. Renamed first, so that a removal cut short leaves
// nothing that a later run would take for a damaged checkpoint; what it left goes at the next call.
void remove_checkpoints(const std::filesystem::path& directory);

// XXH3 of the bytes of a contiguous tensor, 16 hexadecimal digits.
std::string checksum(const at::Tensor& tensor);
std::string checksum(const void* bytes, std::size_t size);

}  // namespace tripost
