#include "model/gguf_pre_tokenizer.h"

#include <array>

namespace tripost {
namespace {

using nlohmann::json;

constexpr const char* kGpt2 =
    R"({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true})";

constexpr const char* kSmollm = R"json({"type": "Sequence", "pretokenizers": [
    {"type": "Digits", "individual_digits": true},
    {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]})json";

constexpr const char* kLlama3 = R"json({"type": "Sequence", "pretokenizers": [
    {"type": "Split", "pattern": {"Regex": "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},
     "behavior": "Isolated", "invert": false},
    {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]})json";

constexpr const char* kQwen2 = R"json({"type": "Sequence", "pretokenizers": [
    {"type": "Split", "pattern": {"Regex": "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},
     "behavior": "Isolated", "invert": false},
    {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]})json";

// What llama.cpp does where no pre-tokenizer is named.
constexpr const char* kDefault = R"json({"type": "Sequence", "pretokenizers": [
    {"type": "Split", "pattern": {"Regex": "[\\p{P}\\$\\+<=>\\^~\\|]+"}, "behavior": "Isolated", "invert": false},
    {"type": "Split", "pattern": {"Regex": "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)"}, "behavior": "Isolated", "invert": false},
    {"type": "Split", "pattern": {"Regex": "\\p{N}+"}, "behavior": "Isolated", "invert": false},
    {"type": "Split", "pattern": {"Regex": "[0-9][0-9][0-9]"}, "behavior": "Isolated", "invert": false},
    {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]})json";

constexpr std::array<GgufPreTokenizer, 5> kPreTokenizers = {{
    {"smollm", kSmollm, false, false, false},
    {"llama-bpe", kLlama3, false, true, true},
    {"qwen2", kQwen2, true, false, false},
    {"gpt-2", kGpt2, false, false, false},
    {"default", kDefault, false, false, false},
}};

// trim_offsets tells where tokens lie in the text, not which they are.
json without_offsets(json component) {
  if (component.is_object()) {
    component.erase("trim_offsets");
    if (component.contains("pretokenizers")) {
      for (json& part : component["pretokenizers"]) part = without_offsets(part);
    }
  }
  return component;
}

bool composes(const json& tokenizer) {
  const json normalizer = tokenizer.value("normalizer", json());
  return normalizer.is_object() && normalizer.value("type", "") == "NFC";
}

}  // namespace

std::span<const GgufPreTokenizer> gguf_pre_tokenizers() { return kPreTokenizers; }

std::string gguf_pre_tokenizer_names() {
  std::string names;
  for (const GgufPreTokenizer& known : kPreTokenizers) {
    names += std::string(names.empty() ? "" : ", ") + known.name;
  }
  return names;
}

const GgufPreTokenizer* find_gguf_pre_tokenizer(const json& tokenizer) {
  const json splits = without_offsets(tokenizer.value("pre_tokenizer", json()));
  const json normalizer = tokenizer.value("normalizer", json());
  for (const GgufPreTokenizer& known : kPreTokenizers) {
    if (splits != without_offsets(json::parse(known.json))) continue;
    if (known.composes ? !composes(tokenizer) : !normalizer.is_null()) continue;
    if (known.ignores_merges != tokenizer.at("model").value("ignore_merges", false)) continue;
    return &known;
  }
  return nullptr;
}

}  // namespace tripost
