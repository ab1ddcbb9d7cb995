#include "model/convert.h"

#include <array>
#include <cassert>

#include "base/error.h"
#include "base/file.h"
#include "model/adapter.h"
#include "model/adapter_file.h"
#include "model/companions.h"
#include "model/gguf_model.h"
#include "model/loader.h"

namespace tripost {
namespace {

struct NumberType {
  const char* name;
  at::ScalarType dtype;
  GgufType gguf;
};

// Q8_0 is packed from float32.
constexpr std::array<NumberType, 4> kTypes = {{{"float32", at::kFloat, GgufType::kF32},
                                               {"float16", at::kHalf, GgufType::kF16},
                                               {"bfloat16", at::kBFloat16, GgufType::kBF16},
                                               {"q8_0", at::kFloat, GgufType::kQ8_0}}};

const NumberType& type_named(const std::string& name) {
  for (const NumberType& type : kTypes) {
    if (name == type.name) return type;
  }
  assert(false && "no such type");
  return kTypes.front();
}

const NumberType& type_of(at::ScalarType dtype) {
  for (const NumberType& type : kTypes) {
    if (dtype == type.dtype) return type;
  }
  return kTypes.front();
}

}  // namespace

std::string convert_model(const std::filesystem::path& source, const std::filesystem::path& target,
                          const std::string& number_type) {
  const auto [base, adapter] = resolve_model(source);
  if (!fs::exists(base)) fail("{}: there is no such model", source.string());
  const at::ScalarType stored = stored_dtype(base);
  const NumberType& type = number_type.empty() ? type_of(stored) : type_named(number_type);
  if (type.gguf == GgufType::kQ8_0 && !is_gguf(target)) {
    fail("{}: a Hugging Face folder cannot hold q8_0; choose float32, float16 or bfloat16",
         target.string());
  }
  // bfloat16 in memory halves it and loses nothing that is bfloat16 already; but a merged weight is
  // not.
  const bool narrow = stored == at::kBFloat16 && adapter.empty();
  const auto model = load_model(base, at::kCPU, narrow ? at::kBFloat16 : at::kFloat);
  if (!adapter.empty()) {
    load_adapter(*model, adapter);
    merge_adapter(*model);
  }
  if (is_gguf(target)) {
    save_gguf_model(*model, target, companions_of(base), type.gguf);
  } else {
    save_model(*model, target, base, type.dtype);
  }
  return type.name;
}

}  // namespace tripost
