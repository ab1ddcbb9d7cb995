#include "model/chat_template.h"

#include "model/adapter_file.h"
#include "model/companions.h"
#include "text/chat.h"

namespace tripost {

std::string chat_template_of(const std::filesystem::path& model) {
  const std::filesystem::path base = resolve_model(model).base;
  const Companions companions = companions_of(base);
  const auto content = [&](const char* name, const char* fallback) {
    const auto found = companions.find(name);
    return found == companions.end() ? std::string(fallback) : found->second;
  };
  return chat_template_in(content("tokenizer_config.json", "{}"),
                          content("chat_template.jinja", ""),
                          base.string() + ": tokenizer_config.json");
}

}  // namespace tripost
