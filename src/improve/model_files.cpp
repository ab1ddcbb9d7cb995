#include "improve/model_files.h"

#include "base/error.h"
#include "base/file.h"
#include "model/adapter_file.h"
#include "model/companions.h"
#include "model/gguf.h"

namespace tripost {
namespace {

bool is_read(const std::string& name) {
  return name == "config.json" || name == "adapter_config.json" || name.ends_with(".safetensors") ||
         is_companion(name);
}

// An adapter's folder may hold a tokenizer too, but the base's is read.
bool is_read_of_adapter(const std::string& name) { return is_read(name) && !is_companion(name); }

void add_files(std::map<std::string, fs::path>& files, const std::string& option,
               const fs::path& folder, bool (*wanted)(const std::string&)) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && wanted(name)) files[option + " " + name] = entry.path();
  }
}

}  // namespace

void check_model_exists(const fs::path& model) {
  if (is_gguf(model) ? fs::exists(model) : fs::is_directory(model)) return;
  fail(
      "{}: there is no such folder; a model is a Hugging Face folder with config.json, "
      "model.safetensors and tokenizer.json, a .gguf file, an adapter's folder, or BASE+ADAPTER",
      model.string());
}

std::map<std::string, fs::path> files_of_model(const fs::path& name, const std::string& option) {
  const auto [base, adapter] = resolve_model(name);
  check_model_exists(base);
  std::map<std::string, fs::path> files;
  if (fs::is_directory(base)) {
    add_files(files, option, base, is_read);
  } else {
    files[option + " " + base.filename().string()] = base;
  }
  if (!adapter.empty()) add_files(files, option, adapter, is_read_of_adapter);
  return files;
}

}  // namespace tripost
