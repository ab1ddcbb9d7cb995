#include "model/config.h"

#include <gmock/gmock.h>

#include "model/fixture.h"

namespace tripost {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Json small() {
  return Json::parse(
      R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 100,
    "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4})");
}

std::string error_with(const std::string& key, const Json& value) {
  Json json = small();
  json[key] = value;
  return error_of([&] { model_config_from_json(json, "config.json"); });
}

TEST(ModelConfig, AbsentFieldsMeanWhatTheyMeanToTransformers) {
  const ModelConfig config = model_config_from_json(small(), "config.json");
  EXPECT_EQ(config.num_kv_heads, 4);
  EXPECT_EQ(config.head_dim, 8);
  EXPECT_EQ(config.max_position_embeddings, 2048);
  EXPECT_EQ(config.rms_norm_eps, 1e-6);
  EXPECT_EQ(config.rope.theta, 10000.0);
  EXPECT_FALSE(config.tie_word_embeddings);
  // LlamaConfig says 2, but generate() stops at none.
  EXPECT_TRUE(config.eos_token_ids.empty());
}

TEST(ModelConfig, ReadsTheRotaryBaseOfOldAndNewTransformers) {
  Json old = small();
  old["rope_theta"] = 5000;
  old["rope_scaling"] = nullptr;
  EXPECT_EQ(model_config_from_json(old, "").rope.theta, 5000.0);
  Json fresh = small();
  fresh["rope_parameters"] = {{"rope_theta", 7000.0}, {"rope_type", "default"}};
  EXPECT_EQ(model_config_from_json(fresh, "").rope.theta, 7000.0);
  fresh["rope_theta"] = 8000.0;
  EXPECT_THAT(error_of([&] { model_config_from_json(fresh, "c"); }), HasSubstr("keep one"));
  fresh.erase("rope_theta");
  fresh["rope_scaling"] = {{"rope_theta", 8000.0}, {"rope_type", "default"}};
  EXPECT_THAT(error_of([&] { model_config_from_json(fresh, "c"); }), HasSubstr("keep one"));
  fresh["rope_scaling"]["rope_theta"] = 7000.0;
  EXPECT_EQ(model_config_from_json(fresh, "").rope.theta, 7000.0);
  fresh["rope_parameters"].erase("rope_theta");
  EXPECT_EQ(model_config_from_json(fresh, "").rope.theta, 7000.0);
}

TEST(ModelConfig, ReadsOneOrSeveralEndTokens) {
  Json json = small();
  json["eos_token_id"] = 7;
  EXPECT_THAT(model_config_from_json(json, "").eos_token_ids, ElementsAre(7));
  json["eos_token_id"] = {7, 99};
  EXPECT_THAT(model_config_from_json(json, "").eos_token_ids, ElementsAre(7, 99));
  EXPECT_THAT(error_with("eos_token_id", 100), HasSubstr("eos_token_id"));
  EXPECT_THAT(error_with("eos_token_id", Json::array({7, -1})), HasSubstr("-1"));
  EXPECT_THAT(error_with("eos_token_id", "2"), HasSubstr("eos_token_id"));
}

TEST(ModelConfig, RefusesWhatChangesNumbersAndIsNotSupported) {
  EXPECT_THAT(error_with("architectures", {"GPT2LMHeadModel"}),
              AllOf(HasSubstr("config.json"), HasSubstr("GPT2LMHeadModel"),
                    HasSubstr("LlamaForCausalLM"), HasSubstr("MistralForCausalLM"),
                    HasSubstr("Qwen2ForCausalLM"), HasSubstr("Qwen3ForCausalLM")));
  EXPECT_THAT(error_with("model_type", "mistral"), HasSubstr("mistral"));
  EXPECT_THAT(error_with("hidden_act", "gelu"), AllOf(HasSubstr("hidden_act"), HasSubstr("gelu")));
  EXPECT_THAT(error_with("quantization_config", {{"bits", 4}}), HasSubstr("quantization_config"));
  EXPECT_THAT(error_with("rope_scaling", {{"rope_type", "llama3"}, {"factor", 8.0}}),
              HasSubstr("low_freq_factor"));
  EXPECT_THAT(error_with("rope_scaling", {{"type", "dynamic"}, {"factor", 8.0}}),
              AllOf(HasSubstr("dynamic"), HasSubstr("llama3"), HasSubstr("linear")));
  EXPECT_THAT(error_with("rope_scaling", {{"type", "linear"}, {"factor", 2.0}, {"beta", 1}}),
              HasSubstr("beta"));
  EXPECT_THAT(error_with("rope_parameters", {{"rope_type", "yarn"}}), HasSubstr("yarn"));
  EXPECT_THAT(error_with("rope_parameters", {{"rope_type", "default"}, {"factor", 2.0}}),
              HasSubstr("factor"));
}

Json of(const char* architecture, const char* type) {
  Json json = small();
  json["architectures"] = {architecture};
  json["model_type"] = type;
  return json;
}

TEST(ModelConfig, ReadsRotaryScalingOfOldAndNewTransformers) {
  const Json scaling = {{"factor", 32.0},
                        {"low_freq_factor", 1.0},
                        {"high_freq_factor", 4.0},
                        {"original_max_position_embeddings", 8192}};
  Json old = small(), fresh = small();
  old["rope_scaling"] = scaling;
  old["rope_scaling"]["type"] = "llama3";
  fresh["rope_parameters"] = scaling;
  fresh["rope_parameters"]["rope_type"] = "llama3";
  const RopeScaling expected{RopeScaling::Kind::kLlama3, 32.0, 1.0, 4.0, 8192};
  EXPECT_EQ(model_config_from_json(old, "").rope.scaling, expected);
  EXPECT_EQ(model_config_from_json(fresh, "").rope.scaling, expected);
  fresh["rope_scaling"] = old["rope_scaling"];
  EXPECT_EQ(model_config_from_json(fresh, "").rope.scaling, expected);
  fresh["rope_scaling"]["factor"] = 8.0;
  EXPECT_THAT(error_of([&] { model_config_from_json(fresh, "c"); }), HasSubstr("keep one"));
  const Json written = to_json(model_config_from_json(old, ""));
  EXPECT_EQ(model_config_from_json(written, "").rope.scaling, expected);
}

TEST(ModelConfig, KnowsWhichLayersOfWhichArchitectureHaveWindows) {
  Json mistral = of("MistralForCausalLM", "mistral");
  mistral["num_key_value_heads"] = 2;
  EXPECT_THAT(model_config_from_json(mistral, "").windows, ElementsAre(4096, 4096));
  mistral["sliding_window"] = nullptr;
  EXPECT_TRUE(model_config_from_json(mistral, "").windows.empty());
  Json qwen = of("Qwen2ForCausalLM", "qwen2");
  qwen["num_key_value_heads"] = 2;
  qwen["sliding_window"] = 9;
  qwen["max_window_layers"] = 1;
  EXPECT_TRUE(model_config_from_json(qwen, "").windows.empty());
  qwen["use_sliding_window"] = true;
  EXPECT_THAT(model_config_from_json(qwen, "").windows, ElementsAre(0, 9));
  qwen["layer_types"] = {"sliding_attention", "full_attention"};
  EXPECT_THAT(model_config_from_json(qwen, "").windows, ElementsAre(9, 0));
  const Json written = to_json(model_config_from_json(qwen, ""));
  EXPECT_THAT(model_config_from_json(written, "").windows, ElementsAre(9, 0));
  qwen["layer_types"] = {"chunked_attention", "full_attention"};
  EXPECT_THAT(error_of([&] { model_config_from_json(qwen, "c"); }), HasSubstr("chunked_attention"));
}

TEST(ModelConfig, KnowsWhichArchitectureHasBiasesAndNorms) {
  Json llama = small();
  llama["attention_bias"] = llama["mlp_bias"] = true;
  const ModelConfig biased = model_config_from_json(llama, "");
  EXPECT_TRUE(biased.qkv_bias && biased.output_bias && biased.mlp_bias && !biased.query_key_norm);
  Json qwen = of("Qwen2ForCausalLM", "qwen2");
  qwen["num_key_value_heads"] = 2;
  const ModelConfig second = model_config_from_json(qwen, "");
  EXPECT_TRUE(second.qkv_bias && !second.output_bias && !second.mlp_bias);
  qwen = of("Qwen3ForCausalLM", "qwen3");
  qwen["num_key_value_heads"] = 2;
  const ModelConfig third = model_config_from_json(qwen, "");
  EXPECT_TRUE(third.query_key_norm && !third.qkv_bias);
  EXPECT_EQ(third.head_dim, 128);
}

TEST(ModelConfig, BoundsEverySize) {
  for (const char* key :
       {"vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
        "num_attention_heads", "num_key_value_heads", "head_dim", "max_position_embeddings"}) {
    EXPECT_THAT(error_with(key, 0), HasSubstr(key));
    EXPECT_THAT(error_with(key, -8), HasSubstr(key));
    EXPECT_THAT(error_with(key, 1'000'000'000), HasSubstr(key));
    EXPECT_THAT(error_with(key, UINT64_MAX), HasSubstr(key));
    EXPECT_THAT(error_with(key, 8.5), HasSubstr(key));
    EXPECT_THAT(error_with(key, "8"), HasSubstr(key));
  }
  EXPECT_THAT(error_with("num_attention_heads", 5), HasSubstr("multiple"));
  EXPECT_THAT(error_with("num_key_value_heads", 3), HasSubstr("multiple"));
  EXPECT_THAT(error_with("head_dim", 7), HasSubstr("even"));
  for (const auto& [heads, width] : {std::pair(64, 32), std::pair(1, 262144)}) {
    Json json = of("MistralForCausalLM", "mistral");
    json["num_key_value_heads"] = 1;
    json["num_attention_heads"] = heads;
    json["hidden_size"] = width;
    EXPECT_THAT(error_of([&] { model_config_from_json(json, "c"); }), HasSubstr("head size"));
  }
  EXPECT_THAT(error_with("rms_norm_eps", -1e-5), HasSubstr("rms_norm_eps"));
  EXPECT_THAT(error_with("tie_word_embeddings", 1), HasSubstr("tie_word_embeddings"));
}

TEST(ModelConfig, AMissingFieldIsNamed) {
  Json json = small();
  json.erase("intermediate_size");
  EXPECT_THAT(error_of([&] { model_config_from_json(json, "config.json"); }),
              HasSubstr("intermediate_size"));
}

TEST(ModelConfig, WritesWhatItReadsAndKeepsWhatItDoesNotUse) {
  Json json = small();
  json["bos_token_id"] = 1;
  json["rope_theta"] = 5000;
  json["eos_token_id"] = {2, 3};
  const ModelConfig config = model_config_from_json(json, "");
  const Json written = to_json(config);
  EXPECT_EQ(written["bos_token_id"], 1);
  EXPECT_EQ(written["architectures"], Json::array({"LlamaForCausalLM"}));
  const ModelConfig again = model_config_from_json(written, "");
  EXPECT_EQ(again.rope.theta, 5000.0);
  EXPECT_EQ(again.head_dim, 8);
  EXPECT_EQ(again.eos_token_ids, config.eos_token_ids);
  EXPECT_EQ(to_json(again), written);
}

TEST(ModelConfig, GenerationConfigDecidesTheEndTokens) {
  const Scratch scratch;
  Json json = small();
  json["eos_token_id"] = 2;
  write_file_atomically(scratch.path() / "config.json", json.dump());
  EXPECT_THAT(load_model_config(scratch.path()).eos_token_ids, ElementsAre(2));
  write_file_atomically(scratch.path() / "generation_config.json", R"({"eos_token_id": [2, 5]})");
  EXPECT_THAT(load_model_config(scratch.path()).eos_token_ids, ElementsAre(2, 5));
}

TEST(ModelConfig, AFolderWithoutConfigIsNamed) {
  const Scratch scratch;
  EXPECT_THAT(error_of([&] { load_model_config(scratch.path()); }),
              HasSubstr(scratch.path().string()));
}

// The counts that PyTorch gives for the fixtures: sum(p.numel() for p in model.parameters()).
TEST(ModelConfig, CountsParametersAsPyTorchDoes) {
  EXPECT_EQ(load_model_config(fixture("tiny-llama-untied")).num_parameters(), 27808);
  EXPECT_EQ(load_model_config(fixture("tiny-llama")).num_parameters(), 69952);
}

}  // namespace
}  // namespace tripost
