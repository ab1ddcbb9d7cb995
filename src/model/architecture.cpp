#include "model/architecture.h"

#include <array>
#include <cassert>

#include "base/error.h"
#include "model/json_fields.h"

namespace tripost {
namespace {

using Window = Architecture::Window;

constexpr std::array<Architecture, 4> kArchitectures = {{
    {"LlamaForCausalLM", "llama", 2048, 0, 0, false, true, true, false, Window::kNone},
    {"MistralForCausalLM", "mistral", 131072, 0, 8, false, false, false, false,
     Window::kEveryLayer},
    {"Qwen2ForCausalLM", "qwen2", 32768, 0, 32, true, false, false, false, Window::kByLayer},
    {"Qwen3ForCausalLM", "qwen3", 32768, 128, 32, false, true, false, true, Window::kByLayer},
}};

std::string supported() {
  std::string names;
  for (const Architecture& architecture : kArchitectures) {
    names += std::string(names.empty() ? "" : ", ") + "\"" + architecture.name + "\"";
  }
  return names;
}

}  // namespace

std::span<const Architecture> architectures() { return kArchitectures; }

const Architecture& architecture_of(const Json& config, const std::string& where) {
  const Json* list = present(config, "architectures");
  const Json* type = present(config, "model_type");
  const Json* name = list && list->is_array() && list->size() == 1 ? &list->front() : list;
  for (const Architecture& architecture : kArchitectures) {
    if (name ? *name != architecture.name : !type || *type != architecture.model_type) continue;
    if (type && *type != architecture.model_type) {
      fail("{}: \"model_type\" is {}, for {} it should be \"{}\"", where,
           type->dump().substr(0, 80), architecture.name, architecture.model_type);
    }
    return architecture;
  }
  const Json* found = name ? name : type;
  fail("{}: the architecture {} is not supported; supported: {}", where,
       found ? found->dump().substr(0, 80) : "null", supported());
}

const Architecture& architecture_named(const std::string& name) {
  for (const Architecture& architecture : kArchitectures) {
    if (name == architecture.name) return architecture;
  }
  assert(false && "no such architecture");
  return kArchitectures.front();
}

}  // namespace tripost
