#include "model/adapter.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/roll.h>
#include <c10/core/GradMode.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <set>

#include "base/json.h"
#include "kernels/operations.h"
#include "model/adapter_file.h"
#include "model/convert.h"
#include "model/fixture.h"
#include "model/loader.h"
#include "model/safetensors.h"

namespace tripost {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kPrefix = "base_model.model.";

// Made by scripts/make_adapter_fixtures.py with PEFT.
struct Fixture {
  const char* adapter;
  const char* base;

  fs::path folder() const { return fs::path(TRIPOST_SOURCE_DIR) / "tests/data/adapter" / adapter; }
  SafetensorsFile expected() const { return SafetensorsFile(folder() / "expected.safetensors"); }
  std::unique_ptr<Transformer> load(at::ScalarType dtype = at::kFloat,
                                    bool training = false) const {
    auto model = load_model(fixture(base), at::kCPU, dtype);
    load_adapter(*model, folder(), training);
    return model;
  }
};

class EachAdapter : public ::testing::TestWithParam<Fixture> {
 protected:
  at::Tensor get(const std::string& name) { return file_.read(*file_.find(name)); }

  PackedTokens tokens() {
    PackedTokens tokens{get("ids"), {}, get("starts")};
    std::vector<at::Tensor> positions;
    for (int64_t s = 0; s + 1 < tokens.starts.numel(); ++s) {
      positions.push_back(
          at::arange((tokens.starts[s + 1] - tokens.starts[s]).item<int64_t>(), at::kLong));
    }
    tokens.positions = at::cat(positions);
    return tokens;
  }

  at::Tensor logits(Transformer& model) {
    const c10::NoGradGuard no_grad;
    return at::linear(model.hidden(tokens()), model.head().value).to(at::kFloat);
  }

  double run_backward(Transformer& model, bool recompute) {
    const at::Tensor loss =
        kernels::linear_cross_entropy(model.hidden(tokens(), recompute), model.head(),
                                      at::roll(get("ids"), -1), get("weights"),
                                      get("denominator").item<double>())
            .loss;
    loss.backward();
    return loss.item<double>();
  }

  SafetensorsFile file_ = GetParam().expected();
};

INSTANTIATE_TEST_SUITE_P(Adapter, EachAdapter,
                         ::testing::Values(Fixture{"tiny-llama-all", "tiny-llama"},
                                           Fixture{"tiny-qwen3-some", "tiny-qwen3"}),
                         [](const auto& info) {
                           std::string name = info.param.adapter;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

double cosine(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a.reshape({-1}).to(at::kDouble), y = b.reshape({-1}).to(at::kDouble);
  return (x.dot(y) / (x.norm() * y.norm())).item<double>();
}

TEST_P(EachAdapter, LogitsAreThoseOfPeft) {
  const auto model = GetParam().load();
  EXPECT_LT(largest_difference(logits(*model), get("logits")), 1e-4);
  const auto base = load_model(fixture(GetParam().base), at::kCPU, at::kFloat);
  EXPECT_GT(largest_difference(logits(*base), get("logits")), 0.1);
}

TEST_P(EachAdapter, LossAndGradientsAreThoseOfPeft) {
  const auto model = GetParam().load(at::kFloat, /*training=*/true);
  EXPECT_NEAR(run_backward(*model, false), get("loss").item<double>(), 1e-5);
  std::size_t compared = 0;
  for (const AdaptedModule& module : adapted_modules(model->config(), model->adapter_config())) {
    const at::Tensor& gradients = model->trained().gradients;
    for (const auto& [matrix, ours] :
         {std::pair(".lora_A.weight", a_of(*model, gradients, module)),
          std::pair(".lora_B.weight", b_of(*model, gradients, module))}) {
      const at::Tensor theirs = get("gradient." + (kPrefix + module.name) + matrix);
      EXPECT_GT(cosine(ours, theirs), 0.99999) << module.name << matrix;
      EXPECT_LT(largest_difference(ours, theirs), 1e-4) << module.name << matrix;
      ++compared;
    }
  }
  const auto is_gradient = [](const auto& entry) { return entry.name.starts_with("gradient."); };
  EXPECT_EQ(compared, std::count_if(file_.entries().begin(), file_.entries().end(), is_gradient));
}

TEST_P(EachAdapter, RecomputingGivesTheSameBits) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    const auto plain = GetParam().load(dtype, true), recomputed = GetParam().load(dtype, true);
    run_backward(*plain, false);
    run_backward(*recomputed, true);
    EXPECT_TRUE(at::equal(plain->trained().gradients, recomputed->trained().gradients));
    EXPECT_GT(plain->trained().gradients.abs().max().item<float>(), 1e-3f);
  }
}

TEST_P(EachAdapter, MergedIsUnmerged) {
  const auto model = GetParam().load();
  const at::Tensor before = logits(*model), weights = model->values().clone();
  merge_adapter(*model);
  EXPECT_FALSE(at::equal(model->values(), weights));
  EXPECT_LT(largest_difference(logits(*model), before), 1e-5);
}

TEST_P(EachAdapter, ConvertingWritesTheMergedModelInTheBasesType) {
  const Scratch scratch;
  const std::string both = fixture(GetParam().base).string() + "+" + GetParam().folder().string();
  EXPECT_EQ(convert_model(both, scratch.path() / "narrow", ""), "bfloat16");
  EXPECT_EQ(convert_model(both, scratch.path() / "wide", "float32"), "float32");
  const auto wide = load_model(scratch.path() / "wide", at::kCPU, at::kFloat);
  EXPECT_LT(largest_difference(logits(*wide), get("logits")), 1e-4);
  const auto narrow = load_model(scratch.path() / "narrow", at::kCPU, at::kFloat);
  EXPECT_TRUE(at::equal(narrow->values(), wide->values().to(at::kBFloat16).to(at::kFloat)));
}

TEST_P(EachAdapter, SavedAgainHasPeftsTensorsAndSettings) {
  const Scratch scratch;
  for (const bool training : {false, true}) {
    const fs::path saved = scratch.path() / (training ? "trained" : "loaded");
    const auto model = GetParam().load(training ? at::kBFloat16 : at::kFloat, training);
    save_adapter(*model, saved, fixture(GetParam().base));
    const SafetensorsFile ours(saved / "adapter_model.safetensors"),
        theirs(GetParam().folder() / "adapter_model.safetensors");
    ASSERT_EQ(ours.entries().size(), theirs.entries().size());
    for (const auto& entry : theirs.entries()) {
      ASSERT_NE(ours.find(entry.name), nullptr) << entry.name;
      EXPECT_TRUE(at::equal(ours.read(*ours.find(entry.name)), theirs.read(entry))) << entry.name;
    }
    const auto config = [](const fs::path& folder) {
      const fs::path path = folder / "adapter_config.json";
      Json json = parse_json(read_file(path), path.string());
      std::sort(json["target_modules"].begin(), json["target_modules"].end());
      return json;
    };
    for (const char* key : {"peft_type", "r", "lora_alpha", "use_rslora", "target_modules", "bias",
                            "task_type", "lora_dropout"}) {
      EXPECT_EQ(config(saved)[key], config(GetParam().folder())[key]) << key;
    }
    EXPECT_EQ(resolve_model(saved).base, fixture(GetParam().base));
  }
}

TEST(Adapter, ANewOneChangesNothingYetAndDoesNotDependOnTheOrderOfItsTargets) {
  const auto plain = load_model(fixture("tiny-llama"), at::kCPU, at::kFloat);
  const auto one = load_model(fixture("tiny-llama"), at::kCPU, at::kFloat);
  const auto other = load_model(fixture("tiny-llama"), at::kCPU, at::kFloat);
  one->attach_adapter({.rank = 4, .targets = {"q_proj", "down_proj"}});
  other->attach_adapter({.rank = 4, .targets = {"down_proj", "q_proj"}});
  EXPECT_TRUE(at::equal(one->trained().values, other->trained().values));
  EXPECT_GT(one->trained().values.abs().max().item<float>(), 0.05f);
  EXPECT_LT(one->trained().values.abs().max().item<float>(), 0.126f);  // 1 / sqrt(64)
  const PackedTokens tokens{at::arange(1, 6, at::kLong), at::arange(5, at::kLong),
                            at::arange(0, 10, 5, at::kInt)};
  const c10::NoGradGuard no_grad;
  EXPECT_TRUE(at::equal(one->hidden(tokens), plain->hidden(tokens)));
}

TEST(Adapter, EachModuleHasNumbersOfItsOwnAndEachProjectionDropoutOfItsOwn) {
  const auto model = load_model(fixture("tiny-llama"), at::kCPU, at::kFloat);
  model->attach_adapter({.rank = 2, .dropout = 0.1});
  std::set<float> numbers;
  std::set<uint32_t> seeds;
  for (const AdaptedModule& module : adapted_modules(model->config(), model->adapter_config())) {
    numbers.insert(a_of(*model, model->trained().values, module)[0][0].item<float>());
    seeds.insert((model->layers()[module.layer].*module.adapter).dropout_seed);
  }
  EXPECT_EQ(numbers.size(), 14u);
  EXPECT_EQ(seeds.size(), 8u);  // queries, keys and values lie in one projection, gate and up too
}

TEST(Adapter, ItsNameIsAFolderOrTheBaseAndTheFolder) {
  const Scratch scratch;
  const fs::path base = fixture("tiny-llama"), adapter = scratch.path() / "a+b";
  auto model = load_model(base, at::kCPU, at::kFloat);
  model->attach_adapter({.rank = 2});
  save_adapter(*model, adapter, base);
  const auto resolved = [](const fs::path& name) {
    const ModelName found = resolve_model(name);
    return std::pair(found.base, found.adapter);
  };
  EXPECT_EQ(resolved(base), std::pair(base, fs::path()));
  EXPECT_EQ(resolved(adapter), std::pair(base, adapter));
  EXPECT_EQ(resolved(base.string() + "+" + adapter.string()), std::pair(base, adapter));
  EXPECT_EQ(resolved("no/such+thing"), std::pair(fs::path("no/such+thing"), fs::path()));
}

// A copy of an adapter that a test may spoil.
class BadAdapter : public ::testing::Test {
 protected:
  void SetUp() override { restore(); }

  void restore() {
    for (const char* name : {"adapter_config.json", "adapter_model.safetensors"}) {
      fs::copy_file(Fixture{"tiny-llama-all", ""}.folder() / name, folder_ / name,
                    fs::copy_options::overwrite_existing);
    }
  }

  void set(const char* key, const Json& value) {
    const fs::path path = folder_ / "adapter_config.json";
    Json json = parse_json(read_file(path), path.string());
    json[key] = value;
    write_file_atomically(path, json.dump());
  }

  void rewrite(const std::function<void(std::vector<TensorToWrite>&)>& change) {
    const fs::path path = folder_ / "adapter_model.safetensors";
    std::vector<TensorToWrite> tensors;
    {
      const SafetensorsFile file(path);
      for (const auto& entry : file.entries())
        tensors.push_back({entry.name, file.read(entry), entry.dtype});
    }
    change(tensors);
    write_safetensors(path, tensors);
  }

  std::string error(const char* base = "tiny-llama") {
    auto model = load_model(fixture(base), at::kCPU, at::kFloat);
    return error_of([&] { load_adapter(*model, folder_); });
  }

  Scratch scratch_;
  fs::path folder_ = scratch_.path();
};

TEST_F(BadAdapter, AnotherKindOfAdapterIsRefusedByName) {
  set("peft_type", "IA3");
  EXPECT_THAT(error(), AllOf(HasSubstr("adapter_config.json"),
                             HasSubstr("\"peft_type\" is \"IA3\""), HasSubstr("merge")));
}

TEST_F(BadAdapter, WhatWouldChangeNumbersIsRefusedByName) {
  for (const auto& [key, value] :
       std::vector<std::pair<const char*, Json>>{{"use_dora", true},
                                                 {"modules_to_save", {"lm_head"}},
                                                 {"rank_pattern", {{"q_proj", 8}}},
                                                 {"layers_to_transform", {0}},
                                                 {"fan_in_fan_out", true},
                                                 {"init_lora_weights", "pissa"},
                                                 {"bias", "all"},
                                                 {"something_of_next_year", 3}}) {
    restore();
    set(key, value);
    EXPECT_THAT(error(), AllOf(HasSubstr(std::string("\"") + key + "\" is "),
                               HasSubstr(value.is_object() ? "q_proj" : value.dump())))
        << key;
  }
}

TEST_F(BadAdapter, DropoutIsKeptAndMustBeAShare) {
  set("lora_dropout", 0.25);
  auto model = load_model(fixture("tiny-llama"), at::kCPU, at::kFloat);
  load_adapter(*model, folder_, /*training=*/true);
  EXPECT_EQ(model->adapter_config().dropout, 0.25);
  EXPECT_EQ(model->layers()[1].down_adapter.dropout, 0.25);
  save_adapter(*model, scratch_.path() / "again", fixture("tiny-llama"));
  EXPECT_EQ(load_adapter_config(scratch_.path() / "again").dropout, 0.25);
  for (const Json& value : {Json(1), Json(-0.1), Json("0.1"), Json(true)}) {
    set("lora_dropout", value);
    EXPECT_THAT(error(), AllOf(HasSubstr("\"lora_dropout\""), HasSubstr(value.dump()))) << value;
  }
}

TEST_F(BadAdapter, TargetsThatTheModelDoesNotHaveAreRefusedWithThoseItHas) {
  set("target_modules", {"q_proj", "c_attn"});
  EXPECT_THAT(error(), AllOf(HasSubstr("\"c_attn\""), HasSubstr("gate_proj")));
  set("target_modules", ".*proj");
  EXPECT_THAT(error(), AllOf(HasSubstr(".*proj"), HasSubstr("list")));
  set("target_modules", {"model.layers.0.self_attn.q_proj"});
  EXPECT_THAT(error(), HasSubstr("layers.0"));
}

TEST_F(BadAdapter, ARankThatTheTensorsDoNotHaveIsRefusedWithBothShapes) {
  set("r", 8);
  EXPECT_THAT(error(),
              AllOf(HasSubstr("lora_A.weight"), HasSubstr("[4, 64]"), HasSubstr("[8, 64]")));
  for (const Json& rank : {Json(0), Json(-1), Json(1e12), Json("4")}) {
    set("r", rank);
    EXPECT_THAT(error(), HasSubstr("\"r\"")) << rank;
  }
}

TEST_F(BadAdapter, ABaseOfAnotherShapeIsRefused) {
  EXPECT_THAT(error("tiny-qwen3"),
              AllOf(HasSubstr("[4, 64]"), HasSubstr("[4, 32]"), HasSubstr("base")));
}

TEST_F(BadAdapter, AMissingTensorAndOneTooManyAreNamed) {
  const std::string key = "base_model.model.model.layers.1.mlp.up_proj.lora_B.weight";
  rewrite([&](auto& tensors) {
    for (auto& tensor : tensors) {
      if (tensor.name == key) tensor.name = "lm_head.lora_B.weight";
    }
  });
  EXPECT_THAT(error(), AllOf(HasSubstr(key), HasSubstr("missing")));
  rewrite([&](auto& tensors) {
    tensors.push_back({key, tensors.back().tensor, at::kFloat});
    for (auto& tensor : tensors) {
      if (tensor.name == "lm_head.lora_B.weight") tensors.back().tensor = tensor.tensor;
    }
  });
  EXPECT_THAT(error(), AllOf(HasSubstr("lm_head.lora_B.weight"), HasSubstr("no layer")));
}

TEST_F(BadAdapter, NotANumberIsRefusedAndItsTensorNamed) {
  const std::string key = "base_model.model.model.layers.1.mlp.up_proj.lora_B.weight";
  rewrite([&](auto& tensors) {
    for (auto& tensor : tensors) {
      if (tensor.name == key) tensor.tensor[3][1] = std::numeric_limits<float>::quiet_NaN();
    }
  });
  EXPECT_THAT(error(), AllOf(HasSubstr(key), HasSubstr("NaN")));
}

TEST_F(BadAdapter, AFolderWithoutItsFilesOrItsBaseIsExplained) {
  set("base_model_name_or_path", "/no/such/base");
  EXPECT_THAT(error_of([&] { resolve_model(folder_); }),
              AllOf(HasSubstr("/no/such/base"), HasSubstr("BASE+")));
  fs::remove(folder_ / "adapter_model.safetensors");
  EXPECT_THAT(error(), HasSubstr("adapter_model.safetensors"));
  write_file_atomically(folder_ / "adapter_model.bin", "x");
  EXPECT_THAT(error(), HasSubstr("pickled"));
  write_file_atomically(folder_ / "adapter_config.json", "{\"peft_type\": ");
  EXPECT_THAT(error(), HasSubstr("adapter_config.json"));
}

}  // namespace
}  // namespace tripost
