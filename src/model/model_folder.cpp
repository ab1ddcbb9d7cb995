#include "model/model_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "model/companions.h"

namespace tripost {
namespace {

void refuse_to_replace_strangers(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  if (!fs::is_directory(folder))
    fail("cannot save a model to {}: a file of that name exists", folder.string());
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    const bool ours = name == "config.json" || name == "adapter_config.json" ||
                      name.ends_with(".safetensors.index.json") || name.ends_with(".safetensors") ||
                      is_companion(name);
    if (!ours) {
      fail(
          "cannot save a model to {}: it holds \"{}\", which is not part of a model and would be "
          "lost; choose another "
          "folder",
          folder.string(), name);
    }
  }
}

// `fresh` takes the name of `folder`; at every moment that name is a whole folder where the file
// system can exchange.
void replace_folder(const fs::path& fresh, const fs::path& folder) {
  if (!fs::exists(folder)) {
    fs::rename(fresh, folder);
  } else if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(fresh);
  } else {
    const fs::path aside = folder.string() + fmt::format(".old-{}", ::getpid());
    fs::rename(folder, aside);
    fs::rename(fresh, folder);
    fs::remove_all(aside);
  }
  sync_path(folder.parent_path());
}

}  // namespace

void replace_model_folder(const fs::path& folder,
                          const std::function<void(const fs::path&)>& write) {
  fs::path target = fs::absolute(folder).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();  // "model/"
  refuse_to_replace_strangers(target);
  const fs::path temporary = target.string() + fmt::format(".tmp-{}", ::getpid());
  std::error_code ignored;
  try {
    fs::create_directories(temporary);
    write(temporary);
    replace_folder(temporary, target);
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(temporary, ignored);
    fail("cannot save the model to {}: {}", target.string(), error.code().message());
  } catch (...) {
    fs::remove_all(temporary, ignored);
    throw;
  }
}

}  // namespace tripost
