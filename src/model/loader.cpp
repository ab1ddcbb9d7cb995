#include "model/loader.h"

#include <ATen/ops/equal.h>
#include <c10/core/GradMode.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "model/companions.h"
#include "model/gguf_model.h"
#include "model/model_folder.h"
#include "model/parts.h"
#include "model/safetensors.h"

namespace tripost {
namespace {

constexpr const char* kWeights = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

struct Stored {
  const SafetensorsFile* file;
  const SafetensorsFile::Entry* entry;

  std::string where() const {
    return fmt::format("{}: tensor \"{}\"", file->path().string(), entry->name);
  }
};

// Every tensor of the files of a model, by name.
struct Checkpoint {
  std::vector<std::unique_ptr<SafetensorsFile>> files;
  std::map<std::string, Stored> tensors;

  SafetensorsFile& open(const fs::path& path) {
    files.push_back(std::make_unique<SafetensorsFile>(path));
    for (const auto& entry : files.back()->entries()) {
      const auto [place, fresh] = tensors.insert({entry.name, {files.back().get(), &entry}});
      if (!fresh)
        fail("{}: tensor \"{}\" is also in {}", path.string(), entry.name,
             place->second.file->path().string());
    }
    return *files.back();
  }
};

// A name from the index may only name a file beside it.
std::string shard_name(const Json& value, const std::string& where) {
  const std::string name = value.is_string() ? value.get<std::string>() : "";
  if (!name.ends_with(".safetensors") ||
      name.find_first_of(std::string_view("/\\\0", 3)) != std::string::npos) {
    fail("{}: the shard {} should be the name of a .safetensors file in the same folder", where,
         value.dump().substr(0, 120));
  }
  return name;
}

void open_shards(Checkpoint& checkpoint, const fs::path& folder) {
  const fs::path index = folder / kIndex;
  const Json json = parse_json(read_file(index), index.string());
  const auto map = json.find("weight_map");
  if (map == json.end() || !map->is_object())
    fail("{}: the field \"weight_map\" should be an object", index.string());
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : map->items()) shards.insert(shard_name(shard, index.string()));
  for (const std::string& shard : shards) {
    if (!fs::exists(folder / shard))
      fail("{}: the shard {} is missing; copy it again", index.string(), shard);
    checkpoint.open(folder / shard);
  }
  for (const auto& [tensor, shard] : map->items()) {
    const auto found = checkpoint.tensors.find(tensor);
    if (found == checkpoint.tensors.end() ||
        found->second.file->path().filename() != shard.get<std::string>()) {
      fail("{}: tensor \"{}\" is not in {} as the index says", index.string(), tensor,
           shard.get<std::string>());
    }
  }
}

Checkpoint open_checkpoint(const fs::path& folder) {
  Checkpoint checkpoint;
  if (fs::exists(folder / kWeights)) {
    checkpoint.open(folder / kWeights);
  } else if (fs::exists(folder / kIndex)) {
    open_shards(checkpoint, folder);
  } else if (fs::exists(folder / "pytorch_model.bin") ||
             fs::exists(folder / "pytorch_model.bin.index.json")) {
    fail(
        "{} holds only pickled weights (pytorch_model.bin), which can run code; load them in "
        "transformers and "
        "save_pretrained() to get model.safetensors",
        folder.string());
  } else {
    fail("{} has neither {} nor {}; copy the model's weights there", folder.string(), kWeights,
         kIndex);
  }
  return checkpoint;
}

// What some checkpoints carry beside the weights: a table we compute, and a head that is the
// embedding again.
bool may_be_extra(const std::string& name, const ModelConfig& config) {
  return name.ends_with(".rotary_emb.inv_freq") ||
         (name == kHeadName && config.tie_word_embeddings);
}

// Before anything of the model is allocated.
void check_tensors(const Checkpoint& checkpoint, const std::vector<Part>& parts,
                   const ModelConfig& config, const fs::path& folder) {
  std::set<std::string_view> wanted;
  for (const Part& part : parts) {
    wanted.insert(part.name);
    const auto found = checkpoint.tensors.find(part.name);
    if (found == checkpoint.tensors.end()) {
      fail("{}: the tensor \"{}\" is missing{}", folder.string(), part.name,
           part.name == kHeadName ? "; config.json says tie_word_embeddings is false" : "");
    }
    const auto& entry = *found->second.entry;
    if (entry.shape != part.shape) {
      fail("{}: its shape is [{}], config.json asks for [{}]", found->second.where(),
           fmt::join(entry.shape, ", "), fmt::join(part.shape, ", "));
    }
    if (entry.dtype != at::kFloat && entry.dtype != at::kBFloat16 && entry.dtype != at::kHalf) {
      fail("{}: its dtype is {}; weights should be F32, F16 or BF16", found->second.where(),
           at::toString(entry.dtype));
    }
  }
  for (const auto& [name, stored] : checkpoint.tensors) {
    if (!wanted.contains(name) && !may_be_extra(name, config)) {
      fail("{}: a {} with this config.json has no such tensor", stored.where(),
           config.architecture);
    }
  }
}

void check_tied_head(const Checkpoint& checkpoint, const ModelConfig& config) {
  const auto head = checkpoint.tensors.find(kHeadName);
  if (head == checkpoint.tensors.end() || !config.tie_word_embeddings) return;
  const Stored& table = checkpoint.tensors.at(kEmbeddingName);
  const Stored& other = head->second;
  if (other.entry->shape != table.entry->shape || other.entry->dtype != table.entry->dtype ||
      !at::equal(other.file->read(*other.entry), table.file->read(*table.entry))) {
    fail(
        "{}: it differs from the embedding table, but config.json says tie_word_embeddings is "
        "true; set it to false "
        "if the head is meant",
        other.where());
  }
}

void write_weights(Transformer& model, const fs::path& path, at::ScalarType dtype) {
  const at::Tensor flat = model.master().defined() ? model.master() : model.values();
  std::vector<TensorToWrite> tensors;
  for (const Part& part : checkpoint_parts(model.config())) {
    tensors.push_back({part.name, rows_of(model, flat, part), dtype});
  }
  write_safetensors(path, std::move(tensors));
}

void write_folder(Transformer& model, const fs::path& folder, const fs::path& source,
                  at::ScalarType dtype) {
  Json config = to_json(model.config());
  // Both spellings: transformers since 4.56 reads the first, older ones the second.
  config["dtype"] = config["torch_dtype"] = dtype == at::kFloat  ? "float32"
                                            : dtype == at::kHalf ? "float16"
                                                                 : "bfloat16";
  write_file_atomically(folder / "config.json", config.dump(2) + "\n");
  for (const auto& [name, content] : companions_of(source)) {
    write_file_atomically(folder / name, content);
  }
  write_weights(model, folder / kWeights, dtype);
}

}  // namespace

at::ScalarType stored_dtype(const std::filesystem::path& model) {
  if (is_gguf(model)) return at::kFloat;
  const ModelConfig config = load_model_config(model);
  const Checkpoint checkpoint = open_checkpoint(model);
  std::optional<at::ScalarType> dtype;
  for (const auto& [name, stored] : checkpoint.tensors) {
    if (may_be_extra(name, config)) continue;  // a table in float32 says nothing of the weights
    if (dtype.value_or(stored.entry->dtype) != stored.entry->dtype) return at::kFloat;
    dtype = stored.entry->dtype;
  }
  return dtype.value_or(at::kFloat);
}

std::unique_ptr<Transformer> load_model(const std::filesystem::path& folder, at::Device device,
                                        at::ScalarType dtype, bool training) {
  if (is_gguf(folder)) return load_gguf_model(folder, device, dtype, training);
  const c10::NoGradGuard no_grad;
  const ModelConfig config = load_model_config(folder);
  const std::vector<Part> parts = checkpoint_parts(config);
  const Checkpoint checkpoint = open_checkpoint(folder);
  check_tensors(checkpoint, parts, config, folder);
  check_tied_head(checkpoint, config);
  auto model = std::make_unique<Transformer>(config, device, dtype);
  if (training) model->enable_training();
  for (const Part& part : parts) {
    const Stored& stored = checkpoint.tensors.at(part.name);
    set_part(*model, part, stored.file->read(*stored.entry), stored.where());
  }
  model->sync_values();
  return model;
}

void save_model(Transformer& model, const std::filesystem::path& folder,
                const std::filesystem::path& source, at::ScalarType dtype) {
  assert(dtype == at::kFloat || dtype == at::kBFloat16 || dtype == at::kHalf);
  const c10::NoGradGuard no_grad;
  replace_model_folder(folder,
                       [&](const fs::path& fresh) { write_folder(model, fresh, source, dtype); });
}

}  // namespace tripost
