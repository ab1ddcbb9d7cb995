#include "train/checkpoint.h"

#include <ATen/ops/empty.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <fstream>
#include <stdexcept>
#include <string_view>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"

namespace tripost {
namespace {

constexpr int64_t kFormat = 1;
constexpr std::size_t kKept = 2;
constexpr const char* kPrefix = "step-";
constexpr const char* kManifest = "manifest.json";
constexpr const char* kTemporaryPrefix = ".tmp-";

// Thrown and caught in this file: this checkpoint cannot be used, an older one may.
class Damaged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <class... Args>
[[noreturn]] void damaged(fmt::format_string<Args...> format, Args&&... args) {
  throw Damaged(fmt::format(format, std::forward<Args>(args)...));
}

fs::path step_path(const fs::path& directory, int64_t step) {
  return directory / fmt::format("{}{}", kPrefix, step);
}

// The steps that have a directory, newest first. By number: file times lie after a copy.
std::vector<int64_t> steps_in(const fs::path& directory) {
  std::vector<int64_t> steps;
  if (!fs::is_directory(directory)) return steps;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    int64_t step = 0;
    const char* begin = name.data() + std::string_view(kPrefix).size();
    const auto [end, error] = std::from_chars(begin, name.data() + name.size(), step);
    if (error == std::errc() && end == name.data() + name.size()) steps.push_back(step);
  }
  std::sort(steps.rbegin(), steps.rend());
  return steps;
}

std::size_t num_bytes(const at::Tensor& tensor) {
  return static_cast<std::size_t>(tensor.numel()) * sizeof(float);
}

std::string_view bytes_of(const at::Tensor& tensor) {
  return {static_cast<const char*>(tensor.const_data_ptr()), num_bytes(tensor)};
}

void remove_leftovers(const fs::path& directory) {
  if (!fs::is_directory(directory)) return;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().filename().string().starts_with(kTemporaryPrefix))
      fs::remove_all(entry.path());
  }
}

// Renamed first, so that a removal cut short leaves a name that nobody takes for a checkpoint.
void remove_checkpoint(const fs::path& directory, int64_t step) {
  const fs::path doomed = directory / fmt::format("{}old-{}{}", kTemporaryPrefix, kPrefix, step);
  fs::rename(step_path(directory, step), doomed);
  fs::remove_all(doomed);
}

Json to_json(const Counters& counters) {
  return {{"step", counters.step},
          {"updates", counters.updates},
          {"tokens", counters.tokens},
          {"late_loss", counters.late_loss},
          {"late_steps", counters.late_steps}};
}

Counters counters_from_json(const Json& json, const std::string& where) {
  Counters counters;
  counters.step = integer_field(json, "step", where);
  counters.updates = integer_field(json, "updates", where);
  counters.tokens = integer_field(json, "tokens", where);
  counters.late_loss = number_field(json, "late_loss", where);
  counters.late_steps = integer_field(json, "late_steps", where);
  return counters;
}

// The manifest ends the checkpoint: its own checksum is the last field, over the text of everything
// before.
Json signed_manifest(Json manifest) {
  const std::string text = manifest.dump();
  manifest["checksum"] = checksum(text.data(), text.size());
  return manifest;
}

Json read_manifest(const fs::path& path) {
  Json manifest;
  try {
    manifest = parse_json(read_file(path), path.string());
  } catch (const Error& error) {
    damaged("{}", error.what());
  }
  Json unsigned_manifest = manifest;
  if (!manifest.is_object() || unsigned_manifest.erase("checksum") != 1 ||
      signed_manifest(unsigned_manifest) != manifest) {
    damaged("{} does not have the checksum that it states", path.string());
  }
  return manifest;
}

void require_same_run(const Json& manifest, const Json& fingerprint, const fs::path& path) {
  const Json& saved = manifest.at("run");
  if (saved == fingerprint) return;
  for (const auto& [key, value] : fingerprint.items()) {
    const Json found = saved.contains(key) ? saved.at(key) : Json();
    if (found == value) continue;
    fail(
        "{} is of another run: its {} is {}, here it is {}; go on with the same settings and data, "
        "or name another "
        "directory, or delete this one to start again",
        path.string(), key, found.dump(), value.dump());
  }
  fail("{} is of another run: its manifest states more than this run has; name another directory",
       path.string());
}

at::Tensor read_tensor(const fs::path& path, const Json& entry, const at::Tensor& like) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) damaged("{}: {}", path.string(), error.message());
  if (size != entry.at("bytes").get<std::uintmax_t>() || size != num_bytes(like)) {
    damaged("{} has {} bytes, expected {}", path.string(), size, num_bytes(like));
  }
  at::Tensor tensor = at::empty(like.sizes(), at::kFloat);
  std::ifstream in(path, std::ios::binary);
  in.read(static_cast<char*>(tensor.mutable_data_ptr()), static_cast<std::streamsize>(size));
  if (!in) damaged("{} cannot be read to its end", path.string());
  if (checksum(tensor) != entry.at("xxh3").get<std::string>()) {
    damaged("{} does not have the checksum that its manifest states", path.string());
  }
  return tensor;
}

// Reads and checks everything before it touches `tensors`.
Counters load_step(const fs::path& path, const Json& fingerprint, const NamedTensors& tensors) {
  const Json manifest = read_manifest(path / kManifest);
  if (manifest.at("format") != kFormat) {
    fail("{} has checkpoint format {}, this program reads {}; use the version that wrote it",
         path.string(), manifest.at("format").dump(), kFormat);
  }
  require_same_run(manifest, fingerprint, path);
  std::vector<at::Tensor> loaded;
  for (const auto& [name, tensor] : tensors) {
    loaded.push_back(read_tensor(path / name, manifest.at("files").at(name), tensor));
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].second.copy_(loaded[i]);
  return counters_from_json(manifest.at("counters"), path.string());
}

}  // namespace

std::string checksum(const void* bytes, std::size_t size) {
  return fmt::format("{:016x}", XXH3_64bits(bytes, size));
}

std::string checksum(const at::Tensor& tensor) {
  assert(tensor.is_contiguous() && tensor.scalar_type() == at::kFloat);
  const at::Tensor on_cpu = tensor.cpu();
  return checksum(on_cpu.const_data_ptr(), num_bytes(on_cpu));
}

CheckpointStore::CheckpointStore(fs::path directory, Json fingerprint)
    : directory_(std::move(directory)), fingerprint_(std::move(fingerprint)) {}

void CheckpointStore::write(const fs::path& path, const Counters& counters,
                            const NamedTensors& tensors) const {
  Json files = Json::object();
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor on_cpu = tensor.cpu();
    write_file_atomically(path / name, bytes_of(on_cpu));
    files[name] = {{"bytes", num_bytes(on_cpu)}, {"xxh3", checksum(on_cpu)}};
  }
  const Json manifest = signed_manifest({{"format", kFormat},
                                         {"run", fingerprint_},
                                         {"counters", to_json(counters)},
                                         {"files", std::move(files)}});
  write_file_atomically(path / kManifest, manifest.dump(2) + "\n");
}

void CheckpointStore::save(const Counters& counters, const NamedTensors& tensors) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error)
    fail("cannot make the checkpoint directory {}: {}", directory_.string(), error.message());
  remove_leftovers(directory_);
  const fs::path temporary =
      directory_ / fmt::format("{}{}{}-{}", kTemporaryPrefix, kPrefix, counters.step, ::getpid());
  try {
    write(temporary, counters, tensors);
  } catch (...) {  // a full disk, say: give its space back, older checkpoints stay as they are
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    throw;
  }

  const fs::path final_path = step_path(directory_, counters.step);
  if (fs::exists(final_path)) remove_checkpoint(directory_, counters.step);
  fs::rename(temporary, final_path);
  sync_path(directory_);
  const auto steps = steps_in(directory_);
  for (std::size_t i = kKept; i < steps.size(); ++i) remove_checkpoint(directory_, steps[i]);
}

void remove_checkpoints(const fs::path& directory) {
  const fs::path doomed = directory.string() + ".removed";
  fs::remove_all(doomed);
  if (fs::exists(directory)) fs::rename(directory, doomed);
  fs::remove_all(doomed);
}

std::optional<Counters> CheckpointStore::load_newest(const NamedTensors& tensors) {
  remove_leftovers(directory_);
  const auto steps = steps_in(directory_);
  for (const int64_t step : steps) {
    const fs::path path = step_path(directory_, step);
    try {
      return load_step(path, fingerprint_, tensors);
    } catch (const Damaged& error) {
      log_warning("the checkpoint {} is damaged and passed over: {}", path.string(), error.what());
      const fs::path aside = directory_ / fmt::format("damaged-{}{}", kPrefix, step);
      fs::remove_all(aside);
      fs::rename(path, aside);
    }
  }
  if (!steps.empty()) {
    fail(
        "every checkpoint in {} is damaged (they are kept there as damaged-step-N); run again to "
        "start from the first step",
        directory_.string());
  }
  return std::nullopt;
}

}  // namespace tripost
