#include "model/model_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <charconv>

#include "base/error.h"
#include "base/file.h"
#include "model/companions.h"

namespace tripost {
namespace {

// Behind a folder's name and before a process's number.
constexpr const char* kTemporary = ".tmp-";
constexpr const char* kReplaced = ".old-";

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

// Whether `pid` is a number and no process has it.
bool is_of_the_dead(const std::string& pid) {
  int number = 0;
  const auto [end, error] = std::from_chars(pid.data(), pid.data() + pid.size(), number);
  if (error != std::errc() || end != pid.data() + pid.size() || number <= 0) return false;
  return ::kill(number, 0) != 0 && errno == ESRCH;
}

// A save that was killed leaves a model under its temporary name, or the one that it replaced.
void remove_leftovers(const fs::path& folder) {
  const std::string name = folder.filename();
  if (!fs::is_directory(folder.parent_path())) return;
  for (const auto& entry : fs::directory_iterator(folder.parent_path())) {
    const std::string other = entry.path().filename();
    for (const std::string kind : {kTemporary, kReplaced}) {
      if (!other.starts_with(name + kind)) continue;
      if (!is_of_the_dead(other.substr(name.size() + kind.size()))) continue;
      if (kind == kReplaced && !fs::exists(folder)) {
        fs::rename(entry.path(), folder);  // killed before the new one took its place
      } else {
        fs::remove_all(entry.path());
      }
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
    const fs::path aside = folder.string() + fmt::format("{}{}", kReplaced, ::getpid());
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
  remove_leftovers(target);
  refuse_to_replace_strangers(target);
  const fs::path temporary = target.string() + fmt::format("{}{}", kTemporary, ::getpid());
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
