// A model of our own, for rollouts and for training: one set of weights behind an interface without
// tensors.
//
// Generation sees every training step at once: the weights are shared in memory. Not thread-safe:
// one call at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/progress.h"
#include "model/lora_config.h"
#include "text/generate.h"
#include "text/live.h"
#include "text/tokenizer.h"
#include "train/config.h"
#include "trajectory/record.h"

namespace tripost {

struct MachineConfig {
  std::string device = "cpu";  // or "cuda"
  // "auto", "bfloat16" or "float32"; auto: bfloat16 where the device computes in it, else float32
  std::string dtype = "auto";
  int threads = 0;      // 0: as many as there are cores
  int max_batch = 256;  // sequences decoded together
};

// The tokenizer of a Hugging Face folder or of a .gguf file.
Tokenizer load_tokenizer(const std::filesystem::path& model);

class LocalModel {
 public:
  // A Hugging Face folder, a .gguf file, or a LoRA adapter's folder (model/adapter_file.h). One
  // that will train keeps the stored weights as its float32 master weights, so that a run goes on
  // from exactly what it saved. With an adapter, its own or a new one that `lora` asks for, only
  // that trains; asking for another than its own is an Error.
  static LocalModel load(const std::filesystem::path& name, const MachineConfig& machine,
                         bool training = false, const LoraConfig& lora = {});
  // A new model of the shape that `config` (a config.json) says, with the tokenizer of
  // `tokenizer_folder`.
  static LocalModel from_scratch(const std::filesystem::path& config,
                                 const std::filesystem::path& tokenizer_folder, uint64_t seed,
                                 const MachineConfig& machine);
  LocalModel(LocalModel&&) noexcept;
  ~LocalModel();

  const Tokenizer& tokenizer() const;
  int64_t num_parameters() const;    // without an adapter's
  int64_t num_trained_parameters();  // of the adapter when there is one, else all
  int64_t max_length() const;        // positions that the model knows

  Generate generator(Progress progress = {});

  // Answers while it is asked, up to `max_length` tokens of prompt and completion (0: as many as
  // the model knows). The model must outlive it; nothing else may run the model meanwhile.
  std::unique_ptr<LiveModel> live(int64_t max_length = 0);

  // Log-probability of each token given those before it, text by text: result[t][i] is that of
  // texts[t][i + 1]. All texts run in one pass, so memory grows with their total length.
  std::vector<std::vector<float>> log_probabilities(const std::vector<std::vector<TokenId>>& texts);

  // train/trainer.h on these records. Longer records than the model's positions are counted and
  // left out.
  TrainResult train(const std::vector<Record>& records, const TrainConfig& config,
                    const std::filesystem::path& checkpoints,
                    const std::function<void(const TrainMetrics&)>& on_step);

  // A Hugging Face folder, or with an adapter the folder of that alone. float32 keeps the master
  // weights, so that a resumed run goes on from exactly these; an adapter always does.
  void save(const std::filesystem::path& folder, bool float32 = false);

 private:
  struct Impl;
  explicit LocalModel(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tripost
