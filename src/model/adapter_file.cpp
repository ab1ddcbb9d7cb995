#include "model/adapter_file.h"

#include <c10/core/GradMode.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "model/adapter.h"
#include "model/gguf.h"
#include "model/json_fields.h"
#include "model/model_folder.h"
#include "model/parts.h"
#include "model/safetensors.h"

namespace tripost {
namespace {

constexpr const char* kConfig = "adapter_config.json";
constexpr const char* kWeights = "adapter_model.safetensors";
constexpr const char* kPrefix = "base_model.model.";

// Fields that we use, or that change no numbers of an adapter that is there already.
constexpr std::array<std::string_view, 21> kKnownFields = {
    "peft_type",          "r",
    "lora_alpha",         "target_modules",
    "use_rslora",         "base_model_name_or_path",
    "lora_dropout",       "bias",
    "task_type",          "init_lora_weights",
    "inference_mode",     "peft_version",
    "revision",           "auto_mapping",
    "layers_pattern",     "megatron_config",
    "megatron_core",      "qalora_group_size",
    "exclude_modules",    "runtime_config",
    "ensure_weight_tying"};

bool is_off(const Json& value) {
  return value.is_null() || value == false ||
         ((value.is_object() || value.is_array()) && value.empty());
}

std::string shown(const Json& value) { return value.dump().substr(0, 80); }

void check_kind(const Json& json, const std::string& where) {
  const std::string type = string_field(json, "peft_type", where);
  if (type != "LORA") {
    fail("{}: \"peft_type\" is \"{}\"; only LORA is supported, so merge the adapter in PEFT first",
         where, type.substr(0, 40));
  }
  if (const Json* bias = present(json, "bias"); bias && *bias != "none") {
    fail("{}: \"bias\" is {}; only \"none\" is supported, so merge the adapter in PEFT first",
         where, shown(*bias));
  }
  // The others, as "pissa", change the base's weights too.
  if (const Json* init = present(json, "init_lora_weights");
      init && !init->is_boolean() && *init != "gaussian") {
    fail(
        "{}: \"init_lora_weights\" is {}; only true, false and \"gaussian\" leave the base as it "
        "is, "
        "so convert the adapter to plain LoRA in PEFT first",
        where, shown(*init));
  }
  for (const auto& [key, value] : json.items()) {
    if (is_off(value) ||
        std::find(kKnownFields.begin(), kKnownFields.end(), key) != kKnownFields.end())
      continue;
    fail("{}: \"{}\" is {}; that is not supported, so merge the adapter in PEFT first", where,
         key.substr(0, 60), shown(value));
  }
}

// "self_attn.q_proj" names q_proj too: of each name there is one in a layer.
std::string module_name(const Json& value, const std::string& where) {
  const std::string name = value.is_string() ? value.get<std::string>() : "";
  const std::string last = name.substr(name.find_last_of('.') + 1);
  const bool whole = name == last || name == "self_attn." + last || name == "mlp." + last;
  if (!whole || std::find(kAdaptableModules.begin(), kAdaptableModules.end(), last) ==
                    kAdaptableModules.end()) {
    fail(
        "{}: \"target_modules\" names {}, which the model does not have as a linear layer; it may "
        "name {}",
        where, shown(value), fmt::join(kAdaptableModules, ", "));
  }
  return last;
}

// In the order of kAdaptableModules, so that equal sets are equal.
std::vector<std::string> targets_from(const Json& json, const std::string& where) {
  const Json* const modules = present(json, "target_modules");
  if (!modules || !modules->is_array() || modules->empty()) {
    fail("{}: \"target_modules\" should be a list of names of linear layers ({}), found {}", where,
         fmt::join(kAdaptableModules, ", "), modules ? shown(*modules) : "nothing");
  }
  std::set<std::string> named;
  for (const Json& value : *modules) named.insert(module_name(value, where));
  std::vector<std::string> targets;
  std::copy_if(kAdaptableModules.begin(), kAdaptableModules.end(), std::back_inserter(targets),
               [&](const std::string& name) { return named.contains(name); });
  return targets;
}

Json read_config(const fs::path& folder) {
  const fs::path path = folder / kConfig;
  if (!fs::exists(path))
    fail("{}: there is no {} in it, so it is not an adapter; name the folder that PEFT saved",
         folder.string(), kConfig);
  Json json = parse_json(read_file(path), path.string());
  if (!json.is_object())
    fail("{}: it should hold a JSON object, found {}", path.string(), json.type_name());
  return json;
}

std::string key_of(const AdaptedModule& module, const char* matrix) {
  return fmt::format("{}{}.lora_{}.weight", kPrefix, module.name, matrix);
}

struct Wanted {
  std::string key;
  std::vector<int64_t> shape;
};

std::vector<Wanted> wanted_tensors(const std::vector<AdaptedModule>& modules, int64_t rank) {
  std::vector<Wanted> wanted;
  for (const AdaptedModule& module : modules) {
    wanted.push_back({key_of(module, "A"), {rank, module.inputs}});
    wanted.push_back({key_of(module, "B"), {module.outputs.rows, rank}});
  }
  return wanted;
}

// Before anything of the adapter is allocated.
void check_tensors(const SafetensorsFile& file, const std::vector<Wanted>& wanted) {
  std::set<std::string_view> keys;
  for (const auto& [key, shape] : wanted) {
    keys.insert(key);
    const SafetensorsFile::Entry* const entry = file.find(key);
    if (!entry) {
      fail(
          "{}: the tensor \"{}\" is missing, which {} and the base's layers ask for; copy the "
          "adapter again, or use the base it was trained on",
          file.path().string(), key, kConfig);
    }
    if (entry->shape != shape) {
      fail(
          "{}: tensor \"{}\": its shape is [{}], \"r\" in {} and the base ask for [{}]; use the "
          "base that the adapter was trained on",
          file.path().string(), key, fmt::join(entry->shape, ", "), kConfig,
          fmt::join(shape, ", "));
    }
    if (entry->dtype != at::kFloat && entry->dtype != at::kBFloat16 && entry->dtype != at::kHalf) {
      fail("{}: tensor \"{}\": its dtype is {}; weights should be F32, F16 or BF16",
           file.path().string(), key, at::toString(entry->dtype));
    }
  }
  for (const auto& entry : file.entries()) {
    if (keys.contains(entry.name)) continue;
    fail(
        "{}: tensor \"{}\" is of no layer that {} and the base have; use the base that the adapter "
        "was trained on",
        file.path().string(), entry.name.substr(0, 200), kConfig);
  }
}

SafetensorsFile open_weights(const fs::path& folder) {
  if (!fs::exists(folder / kWeights) && fs::exists(folder / "adapter_model.bin")) {
    fail(
        "{} holds only pickled weights (adapter_model.bin), which can run code; load them in PEFT "
        "and save_pretrained() to get {}",
        folder.string(), kWeights);
  }
  if (!fs::exists(folder / kWeights))
    fail("{}: there is no {} in it; copy the adapter again", folder.string(), kWeights);
  return SafetensorsFile(folder / kWeights);
}

void fill(Transformer& model, const SafetensorsFile& file,
          const std::vector<AdaptedModule>& modules) {
  const at::Tensor& flat =
      model.training_enabled() ? model.trained().master : model.trained().values;
  const auto read = [&](const std::string& key) {
    at::Tensor tensor = file.read(*file.find(key));
    check_finite(tensor, fmt::format("{}: tensor \"{}\"", file.path().string(), key));
    return tensor;
  };
  for (const AdaptedModule& module : modules) {
    a_of(model, flat, module).copy_(read(key_of(module, "A")));
    b_of(model, flat, module).copy_(read(key_of(module, "B")));
  }
}

// A whole number as PEFT has it, where it is one.
Json number(double value) {
  if (value == std::floor(value)) return static_cast<int64_t>(value);
  return value;
}

Json config_json(const LoraConfig& config, const fs::path& base) {
  return {{"alpha_pattern", Json::object()},
          {"auto_mapping", nullptr},
          {"base_model_name_or_path", fs::absolute(base).lexically_normal().string()},
          {"bias", "none"},
          {"fan_in_fan_out", false},
          {"inference_mode", true},
          {"init_lora_weights", true},
          {"lora_alpha", number(config.resolved_alpha())},
          {"lora_dropout", config.dropout},
          {"modules_to_save", nullptr},
          {"peft_type", "LORA"},
          {"r", config.rank},
          {"rank_pattern", Json::object()},
          {"revision", nullptr},
          {"target_modules", config.targets},
          {"task_type", "CAUSAL_LM"},
          {"use_dora", false},
          {"use_rslora", config.rank_stabilised}};
}

// From 0 to below 1.
double dropout_from(const Json& json, const std::string& where) {
  const Json* const dropout = present(json, "lora_dropout");
  if (!dropout) return 0;
  if (!dropout->is_number() || !(*dropout >= 0 && *dropout < 1)) {
    fail("{}: \"lora_dropout\" should be a number from 0 to below 1, found {}", where,
         shown(*dropout));
  }
  return dropout->get<double>();
}

fs::path base_of(const fs::path& adapter) {
  const std::string where = (adapter / kConfig).string();
  const std::string base = string_field(read_config(adapter), "base_model_name_or_path", where);
  if (base.empty() || !fs::exists(base)) {
    fail("{}: \"base_model_name_or_path\" is \"{}\", which is not here; name both as BASE+{}",
         where, base.substr(0, 200), adapter.string());
  }
  return base;
}

bool is_adapter(const fs::path& folder) { return fs::exists(folder / kConfig); }

}  // namespace

ModelName resolve_model(const fs::path& name) {
  if (is_adapter(name)) return {base_of(name), name};
  if (fs::exists(name)) return {name, {}};
  const std::string text = name.string();
  for (std::size_t plus = text.find('+'); plus != std::string::npos;
       plus = text.find('+', plus + 1)) {
    if (fs::exists(text.substr(0, plus)) && is_adapter(text.substr(plus + 1)))
      return {text.substr(0, plus), text.substr(plus + 1)};
  }
  return {name, {}};
}

LoraConfig load_adapter_config(const fs::path& folder) {
  const Json json = read_config(folder);
  const std::string where = (folder / kConfig).string();
  check_kind(json, where);
  LoraConfig config;
  config.rank = size_field(json, "r", 65536, where);
  config.alpha = positive_field(json, "lora_alpha", where);
  config.targets = targets_from(json, where);
  config.rank_stabilised = boolean_field_or(json, "use_rslora", false, where);
  config.dropout = dropout_from(json, where);
  return config;
}

void load_adapter(Transformer& model, const fs::path& folder, bool training) {
  const c10::NoGradGuard no_grad;
  const LoraConfig config = load_adapter_config(folder);
  const std::vector<AdaptedModule> modules = adapted_modules(model.config(), config);
  const SafetensorsFile file = open_weights(folder);
  check_tensors(file, wanted_tensors(modules, config.rank));
  model.attach_adapter(config);
  if (training) model.enable_training();
  fill(model, file, modules);
  model.sync_values();
}

void save_adapter(Transformer& model, const fs::path& folder, const fs::path& base) {
  const c10::NoGradGuard no_grad;
  const at::Tensor& flat =
      model.training_enabled() ? model.trained().master : model.trained().values;
  std::vector<TensorToWrite> tensors;
  for (const AdaptedModule& module : adapted_modules(model.config(), model.adapter_config())) {
    tensors.push_back({key_of(module, "A"), a_of(model, flat, module), at::kFloat});
    tensors.push_back({key_of(module, "B"), b_of(model, flat, module), at::kFloat});
  }
  replace_model_folder(folder, [&](const fs::path& fresh) {
    write_file_atomically(fresh / kConfig,
                          config_json(model.adapter_config(), base).dump(2) + "\n");
    write_safetensors(fresh / kWeights, tensors);
  });
}

}  // namespace tripost
