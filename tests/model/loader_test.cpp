#include "model/loader.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <gmock/gmock.h>

#include <limits>
#include <set>

#include "model/fixture.h"
#include "model/model_folder.h"
#include "model/safetensors.h"

namespace tripost {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::vector<TensorToWrite> tensors_of(const fs::path& path) {
  const SafetensorsFile file(path);
  std::vector<TensorToWrite> tensors;
  for (const auto& entry : file.entries())
    tensors.push_back({entry.name, file.read(entry), entry.dtype});
  return tensors;
}

TensorToWrite& named(std::vector<TensorToWrite>& tensors, const std::string& name) {
  for (auto& tensor : tensors) {
    if (tensor.name == name) return tensor;
  }
  throw std::out_of_range(name);
}

void load_from(const fs::path& folder) { load_model(folder, at::kCPU, at::kFloat); }

// A copy of a fixture that a test may damage.
class Loader : public ::testing::Test {
 protected:
  fs::path copy_of(const std::string& name) {
    const fs::path folder = scratch_.path() / name;
    fs::copy(fixture(name), folder);
    fs::remove(folder / "expected.safetensors");
    return folder;
  }
  // The error of loading tiny-llama after `change` to its tensors.
  template <class Change>
  std::string error_after(Change change) {
    const fs::path folder = copy_of("tiny-llama");
    auto tensors = tensors_of(folder / "model.safetensors");
    change(tensors);
    write_safetensors(folder / "model.safetensors", std::move(tensors));
    return error_of([&] { load_from(folder); });
  }
  // The same with its config.json or another JSON file.
  std::string error_after_json(const std::string& fixture_name, const std::string& file,
                               const std::function<void(Json&)>& change) {
    const fs::path folder = copy_of(fixture_name);
    Json json = parse_json(read_file(folder / file), file);
    change(json);
    write_file_atomically(folder / file, json.dump());
    return error_of([&] { load_from(folder); });
  }

  Scratch scratch_;
};

constexpr const char* kIndex = "model.safetensors.index.json";

TEST_F(Loader, AMissingTensorIsNamed) {
  EXPECT_THAT(error_after([](auto& all) {
                std::erase_if(all, [](auto& t) { return t.name == "model.norm.weight"; });
              }),
              AllOf(HasSubstr("model.norm.weight"), HasSubstr("missing")));
}

TEST_F(Loader, AMissingHeadPointsAtTheTieInTheConfig) {
  EXPECT_THAT(error_after_json("tiny-llama", "config.json",
                               [](Json& c) { c["tie_word_embeddings"] = false; }),
              AllOf(HasSubstr("lm_head.weight"), HasSubstr("tie_word_embeddings")));
}

TEST_F(Loader, AnExtraTensorIsNamed) {
  EXPECT_THAT(error_after([](auto& all) {
                all.push_back({"model.extra.bias", at::ones({2}), at::kFloat});
              }),
              HasSubstr("model.extra.bias"));
}

TEST_F(Loader, AWrongShapeIsToldWithBothShapes) {
  EXPECT_THAT(
      error_after([](auto& all) { named(all, "model.norm.weight").tensor = at::ones({63}); }),
      AllOf(HasSubstr("model.norm.weight"), HasSubstr("[63]"), HasSubstr("[64]")));
  fs::remove_all(scratch_.path() / "tiny-llama");
  EXPECT_THAT(error_after_json("tiny-llama", "config.json", [](Json& c) { c["vocab_size"] = 129; }),
              AllOf(HasSubstr("embed_tokens"), HasSubstr("[128, 64]"), HasSubstr("[129, 64]")));
}

TEST_F(Loader, AWrongDtypeIsNamed) {
  EXPECT_THAT(error_after([](auto& all) { named(all, "model.norm.weight").dtype = at::kLong; }),
              AllOf(HasSubstr("model.norm.weight"), HasSubstr("Long")));
}

TEST_F(Loader, NotANumberIsRefusedAndItsTensorNamed) {
  using Limits = std::numeric_limits<float>;
  for (const float bad : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()}) {
    EXPECT_THAT(
        error_after([&](auto& all) { named(all, "model.norm.weight").tensor[3] = bad; }),
        AllOf(HasSubstr("model.safetensors"), HasSubstr("model.norm.weight"), HasSubstr("NaN")));
    fs::remove_all(scratch_.path() / "tiny-llama");
  }
  // A sum that overflows is no infinite number.
  const fs::path folder = copy_of("tiny-llama");
  auto tensors = tensors_of(folder / "model.safetensors");
  named(tensors, "model.norm.weight").tensor.fill_(3e38f);
  write_safetensors(folder / "model.safetensors", std::move(tensors));
  EXPECT_NO_THROW(load_from(folder));
}

TEST_F(Loader, ATruncatedFileIsAnError) {
  const fs::path folder = copy_of("tiny-llama");
  fs::resize_file(folder / "model.safetensors", 100'000);
  EXPECT_THAT(error_of([&] { load_from(folder); }),
              AllOf(HasSubstr("model.safetensors"), HasSubstr("cut short")));
}

TEST_F(Loader, AHeadThatRepeatsTheTiedTableIsAcceptedAndAnotherIsNot) {
  const fs::path folder = copy_of("tiny-llama");
  auto tensors = tensors_of(folder / "model.safetensors");
  const at::Tensor table = named(tensors, "model.embed_tokens.weight").tensor;
  tensors.push_back({"lm_head.weight", table, at::kBFloat16});
  write_safetensors(folder / "model.safetensors", tensors);
  EXPECT_NO_THROW(load_from(folder));
  tensors.back().tensor = at::zeros(table.sizes());
  write_safetensors(folder / "model.safetensors", tensors);
  EXPECT_THAT(error_of([&] { load_from(folder); }),
              AllOf(HasSubstr("lm_head"), HasSubstr("tie_word_embeddings")));
}

TEST_F(Loader, ATableBesideTheWeightsDoesNotDecideTheirStoredDtype) {
  const fs::path folder = copy_of("tiny-llama");
  EXPECT_EQ(stored_dtype(folder), at::kBFloat16);
  auto tensors = tensors_of(folder / "model.safetensors");
  tensors.push_back({"model.layers.0.self_attn.rotary_emb.inv_freq", at::ones({8}), at::kFloat});
  write_safetensors(folder / "model.safetensors", tensors);
  EXPECT_NO_THROW(load_from(folder));
  EXPECT_EQ(stored_dtype(folder), at::kBFloat16);
  named(tensors, "model.norm.weight").dtype = at::kFloat;
  write_safetensors(folder / "model.safetensors", tensors);
  EXPECT_EQ(stored_dtype(folder), at::kFloat);
}

TEST_F(Loader, AShardMayOnlyBeAFileBesideTheIndex) {
  const std::vector<Json> names = {"../x.safetensors",
                                   "/etc/passwd",
                                   "a/b.safetensors",
                                   "a\\b.safetensors",
                                   "x.bin",
                                   std::string("a\0.safetensors", 14),
                                   7,
                                   nullptr,
                                   "absent.safetensors"};
  for (const Json& name : names) {
    EXPECT_THAT(error_after_json("tiny-llama-untied", kIndex,
                                 [&](Json& i) { i["weight_map"]["model.norm.weight"] = name; }),
                HasSubstr("shard"))
        << name;
    fs::remove_all(scratch_.path() / "tiny-llama-untied");
  }
}

TEST_F(Loader, TheIndexMustAgreeWithTheShards) {
  EXPECT_THAT(error_after_json("tiny-llama-untied", kIndex,
                               [](Json& i) {
                                 i["weight_map"]["model.norm.weight"] =
                                     i["weight_map"]["model.embed_tokens.weight"];
                               }),
              AllOf(HasSubstr("model.norm.weight"), HasSubstr("not in")));
  const fs::path folder = scratch_.path() / "tiny-llama-untied";
  fs::copy_file(fixture("tiny-llama-untied") / kIndex, folder / kIndex,
                fs::copy_options::overwrite_existing);
  const fs::path second = folder / "model-00002-of-00002.safetensors";
  auto tensors = tensors_of(second);
  tensors.push_back({"model.embed_tokens.weight", at::zeros({128, 32}), at::kFloat});
  write_safetensors(second, std::move(tensors));
  EXPECT_THAT(error_of([&] { load_from(folder); }),
              AllOf(HasSubstr("model.embed_tokens.weight"), HasSubstr("also in")));
}

TEST_F(Loader, PickledWeightsAreRefusedWithAWayOut) {
  const fs::path folder = copy_of("tiny-llama");
  fs::rename(folder / "model.safetensors", folder / "pytorch_model.bin");
  EXPECT_THAT(error_of([&] { load_from(folder); }), HasSubstr("save_pretrained"));
  fs::remove(folder / "pytorch_model.bin");
  EXPECT_THAT(error_of([&] { load_from(folder); }), HasSubstr("neither"));
}

TEST_F(Loader, AHugeConfigIsRefusedBeforeAnythingIsAllocated) {
  EXPECT_THAT(error_after_json("tiny-llama", "config.json",
                               [](Json& c) {
                                 c["num_hidden_layers"] = 4096;
                                 c["intermediate_size"] = 262144;
                                 c["hidden_size"] = 262144;
                               }),
              HasSubstr("tiny-llama"));
}

TEST_F(Loader, AModelThatWillTrainKeepsTheStoredWeightsAsMasterWeights) {
  const auto stored = load_model(fixture("tiny-llama"), at::kCPU, at::kFloat);
  const auto model = load_model(fixture("tiny-llama"), at::kCPU, at::kBFloat16, /*training=*/true);
  ASSERT_TRUE(model->training_enabled());
  EXPECT_TRUE(at::equal(model->master(), stored->values()));
  EXPECT_TRUE(at::equal(model->values(), stored->values().to(at::kBFloat16)));
}

TEST_F(Loader, WhatIsSavedIsLoadedBackBitForBit) {
  for (const std::string name : {"tiny-llama", "tiny-llama-untied"}) {
    for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
      const fs::path folder = scratch_.path() / "saved";
      const auto model = load_model(fixture(name), at::kCPU, dtype);
      save_model(*model, folder, fixture(name), dtype);
      EXPECT_TRUE(at::equal(load_model(folder, at::kCPU, dtype)->values(), model->values()))
          << name;
      EXPECT_EQ(read_file(folder / "generation_config.json"),
                read_file(fixture(name) / "generation_config.json"));
      EXPECT_TRUE(fs::is_empty(scratch_.path()) ||
                  std::distance(fs::directory_iterator(scratch_.path()), {}) == 1);
    }
  }
}

TEST_F(Loader, SavedTensorsAreThoseThatTransformersSaved) {
  const fs::path folder = scratch_.path() / "saved";
  save_model(*load_model(fixture("tiny-llama"), at::kCPU, at::kFloat), folder);
  const SafetensorsFile ours(folder / "model.safetensors"),
      theirs(fixture("tiny-llama/model.safetensors"));
  ASSERT_EQ(ours.entries().size(), theirs.entries().size());
  for (const auto& entry : theirs.entries()) {
    ASSERT_NE(ours.find(entry.name), nullptr) << entry.name;
    EXPECT_TRUE(at::equal(ours.read(*ours.find(entry.name)), theirs.read(entry))) << entry.name;
  }
}

TEST_F(Loader, WhileTrainingTheMasterWeightsAreSaved) {
  const auto model = load_model(fixture("tiny-llama"), at::kCPU, at::kBFloat16);
  model->enable_training();
  model->master().add_(1e-6);  // lost in bfloat16
  save_model(*model, scratch_.path() / "saved", {}, at::kFloat);
  const auto loaded = load_model(scratch_.path() / "saved", at::kCPU, at::kFloat);
  EXPECT_TRUE(
      at::equal(loaded->embedding().value, model->flat_view(model->master(), model->embedding())));
}

TEST_F(Loader, SavingNeverReplacesAFolderThatHoldsSomethingElse) {
  const auto model = load_model(fixture("tiny-llama"), at::kCPU, at::kFloat);
  const fs::path folder = scratch_.path() / "work";
  write_file_atomically(folder / "thesis.tex", "years of it");
  EXPECT_THAT(error_of([&] { save_model(*model, folder); }), HasSubstr("thesis.tex"));
  EXPECT_EQ(read_file(folder / "thesis.tex"), "years of it");
  EXPECT_THAT(error_of([&] { save_model(*model, folder / "thesis.tex"); }), HasSubstr("exists"));
}

TEST_F(Loader, AModelMaySaveOverTheFolderItCameFrom) {
  const fs::path folder = copy_of("tiny-llama-untied");
  const auto model = load_model(folder, at::kCPU, at::kFloat);
  save_model(*model, folder, folder, at::kFloat);
  EXPECT_FALSE(fs::exists(folder / kIndex));
  EXPECT_TRUE(fs::exists(folder / "generation_config.json"));
  EXPECT_TRUE(at::equal(load_model(folder, at::kCPU, at::kFloat)->values(), model->values()));
}

// No process has this number: the kernel's largest is 4194304.
TEST(ReplaceModelFolder, WhatAKilledSaveLeftGoesWithTheNextOne) {
  const Scratch folder;
  const fs::path model = folder.path() / "model";
  const auto write = [](const fs::path& to) { write_file_atomically(to / "config.json", "{}"); };
  fs::create_directories(model.string() + ".tmp-999999999");
  fs::create_directories(model.string() + ".old-999999999");
  fs::create_directories(model.string() + ".tmp-notes");
  replace_model_folder(model, write);
  fs::create_directories(model.string() + ".old-999999999");
  replace_model_folder(model, write);
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path()))
    names.insert(entry.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"model", "model.tmp-notes"}));
}

}  // namespace
}  // namespace tripost
