#include "improve/local_model.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "base/parallel.h"
#include "engine/engine.h"
#include "engine/generator.h"
#include "engine/live_engine.h"
#include "improve/model_files.h"
#include "kernels/operations.h"
#include "kernels/product.h"
#include "model/adapter_file.h"
#include "model/companions.h"
#include "model/gguf.h"
#include "model/loader.h"
#include "train/trainer.h"

namespace tripost {
namespace {

at::Device device_of(const MachineConfig& machine) {
  const at::Device device =
      machine.device == "cuda" ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
  if (device.is_cuda() && !at::hasCUDA()) {
    fail(
        "--device cuda: this build's LibTorch has no CUDA or no GPU is there; `tripost doctor` "
        "tells which, or use "
        "--device cpu");
  }
  return device;
}

at::ScalarType dtype_of(const MachineConfig& machine) {
  const bool narrow = machine.dtype == "auto" ? kernels::multiplies_bfloat16(device_of(machine))
                                              : machine.dtype == "bfloat16";
  return narrow ? at::kBFloat16 : at::kFloat;
}

void set_threads(const MachineConfig& machine) {
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  at::set_num_threads(machine.threads > 0 ? machine.threads : cores);
}

// An adapter goes on training as it is.
void check_same(const LoraConfig& asked, const LoraConfig& found,
                const std::filesystem::path& adapter) {
  const auto text = [](const LoraConfig& config) {
    return fmt::format("rank {}, alpha {}{}, dropout {}, targets {}", config.rank,
                       config.resolved_alpha(), config.rank_stabilised ? " (rslora)" : "",
                       config.dropout, fmt::join(config.targets, " "));
  };
  if (text(asked) == text(found)) return;
  fail(
      "{}: the adapter has {}; --lora-... asks for {}: leave them out to train it on, or merge it "
      "first with `tripost convert`",
      adapter.string(), text(found), text(asked));
}

// Of a resolved name.
Tokenizer tokenizer_of(const std::filesystem::path& base) {
  if (!is_gguf(base)) return Tokenizer::load(base);
  const Companions companions = companions_of(base);
  return Tokenizer::parse(companions.at("tokenizer.json"), companions.at("tokenizer_config.json"),
                          base.string());
}

}  // namespace

struct LocalModel::Impl {
  std::unique_ptr<Transformer> transformer;
  Tokenizer tokenizer;
  std::filesystem::path source;  // the base: where tokenizer files are copied from when saving
  MachineConfig machine;
  std::unique_ptr<Engine> engine;

  Impl(std::unique_ptr<Transformer> transformer_, Tokenizer tokenizer_,
       std::filesystem::path source_, MachineConfig machine_)
      : transformer(std::move(transformer_)),
        tokenizer(std::move(tokenizer_)),
        source(std::move(source_)),
        machine(std::move(machine_)) {
    if (tokenizer.vocab_size() > transformer->config().vocab_size) {
      fail(
          "{}: the tokenizer has ids up to {}, the model's vocabulary ends at {}; they do not "
          "belong together",
          source.string(), tokenizer.vocab_size() - 1, transformer->config().vocab_size - 1);
    }
  }
};

LocalModel::LocalModel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LocalModel::LocalModel(LocalModel&&) noexcept = default;
LocalModel::~LocalModel() = default;

LocalModel LocalModel::load(const std::filesystem::path& model, const MachineConfig& machine,
                            bool training, const LoraConfig& lora) {
  const auto [folder, adapter] = resolve_model(model);
  check_model_exists(folder);
  set_threads(machine);
  const bool adapted = !adapter.empty() || lora.rank > 0;
  auto transformer =
      load_model(folder, device_of(machine), dtype_of(machine), training && !adapted);
  if (!adapter.empty()) {
    if (lora.rank > 0) check_same(lora, load_adapter_config(adapter), adapter);
    load_adapter(*transformer, adapter, training);
  } else if (adapted) {
    transformer->attach_adapter(lora);
    if (training) transformer->enable_training();
  }
  return LocalModel(
      std::make_unique<Impl>(std::move(transformer), tokenizer_of(folder), folder, machine));
}

LocalModel LocalModel::from_scratch(const std::filesystem::path& config,
                                    const std::filesystem::path& tokenizer_folder, uint64_t seed,
                                    const MachineConfig& machine) {
  set_threads(machine);
  Tokenizer tokenizer = load_tokenizer(tokenizer_folder);
  ModelConfig shape =
      model_config_from_json(parse_json(read_file(config), config.string()), config.string());
  if (tokenizer.eos()) shape.eos_token_ids = {*tokenizer.eos()};
  auto transformer = std::make_unique<Transformer>(shape, device_of(machine), dtype_of(machine));
  transformer->initialize(seed);
  return LocalModel(std::make_unique<Impl>(std::move(transformer), std::move(tokenizer),
                                           tokenizer_folder, machine));
}

Tokenizer load_tokenizer(const std::filesystem::path& name) {
  return tokenizer_of(resolve_model(name).base);
}

const Tokenizer& LocalModel::tokenizer() const { return impl_->tokenizer; }

int64_t LocalModel::num_parameters() const { return impl_->transformer->config().num_parameters(); }

int64_t LocalModel::num_trained_parameters() {
  int64_t count = 0;
  for (const Parameter* parameter : impl_->transformer->trained_parameters())
    count += parameter->value.numel();
  return count;
}

int64_t LocalModel::max_length() const {
  return impl_->transformer->config().max_position_embeddings;
}

Generate LocalModel::generator(Progress progress) {
  if (!impl_->engine) {
    impl_->engine = std::make_unique<Engine>(*impl_->transformer,
                                             EngineOptions{.max_batch = impl_->machine.max_batch});
  }
  return make_generator(*impl_->engine, impl_->tokenizer, std::move(progress));
}

std::unique_ptr<LiveModel> LocalModel::live(int64_t max_length) {
  return make_live_engine(*impl_->transformer, {.max_batch = impl_->machine.max_batch}, max_length);
}

std::vector<std::vector<float>> LocalModel::log_probabilities(
    const std::vector<std::vector<TokenId>>& texts) {
  std::vector<TokenId> ids;
  std::vector<int64_t> positions;
  std::vector<int32_t> starts = {0};
  for (const auto& text : texts) {
    ids.insert(ids.end(), text.begin(), text.end());
    for (std::size_t i = 0; i < text.size(); ++i) positions.push_back(static_cast<int64_t>(i));
    starts.push_back(static_cast<int32_t>(ids.size()));
  }
  std::vector<std::vector<float>> result(texts.size());
  if (ids.size() < 2) return result;
  const at::NoGradGuard no_gradient;
  Transformer& model = *impl_->transformer;
  const at::Tensor all = at::tensor(ids, at::kLong).to(model.device());
  const PackedTokens tokens{.ids = all,
                            .positions = at::tensor(positions, at::kLong).to(model.device()),
                            .starts = at::tensor(starts, at::kInt)};
  const auto predicted = static_cast<int64_t>(ids.size()) -
                         1;  // across borders of texts too; those are left out below
  const at::Tensor hidden = model.hidden(tokens).slice(0, 0, predicted);
  const at::Tensor weights = at::zeros({predicted}, hidden.options().dtype(at::kFloat));
  const at::Tensor values =
      kernels::linear_cross_entropy(hidden, model.head(), all.slice(0, 1), weights, 1.0)
          .log_probabilities.to(at::kCPU)
          .contiguous();
  const float* const first = values.const_data_ptr<float>();
  for (std::size_t t = 0; t < texts.size(); ++t) {
    if (starts[t + 1] - starts[t] > 1)
      result[t].assign(first + starts[t], first + starts[t + 1] - 1);
  }
  return result;
}

TrainResult LocalModel::train(const std::vector<Record>& records, const TrainConfig& config,
                              const std::filesystem::path& checkpoints,
                              const std::function<void(const TrainMetrics&)>& on_step) {
  // The engine sees by itself that the weights have changed; training wants its memory.
  if (impl_->engine) impl_->engine->release_memory();
  TrainConfig limited = config;
  limited.max_length = std::min(config.max_length, max_length());
  std::vector<Example> examples(records.size());
  for_each_index(records.size(),
                 [&](std::size_t i) { examples[i] = make_example(records[i], impl_->tokenizer); });
  return tripost::train(*impl_->transformer, examples, limited, checkpoints, on_step);
}

void LocalModel::save(const std::filesystem::path& folder, bool float32) {
  if (impl_->transformer->has_adapter()) {
    save_adapter(*impl_->transformer, folder, impl_->source);
  } else {
    save_model(*impl_->transformer, folder, impl_->source, float32 ? at::kFloat : at::kBFloat16);
  }
}

}  // namespace tripost
