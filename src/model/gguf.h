// One GGUF file (llama.cpp's format, versions 2 and 3): its metadata and its tensors.
//
// Opening checks every rule against the real size of the file before anything is allocated by its
// numbers: magic, version, counts, lengths, types, shapes, alignment, and tensors that leave no
// overlap or hole. What the metadata mean for a model is model/gguf_model.h.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/binary_file.h"
#include "model/gguf_blocks.h"

namespace tripost {

// Integers of every width are int64_t, floats double; lists hold one of the three.
using GgufValue = std::variant<bool, int64_t, double, std::string, std::vector<int64_t>,
                               std::vector<double>, std::vector<std::string>>;

// True when `path` names a GGUF file: by its ending, as everybody does.
bool is_gguf(const std::filesystem::path& path);

class GgufFile {
 public:
  struct Entry {
    std::string name;
    const GgufBlocks* blocks;
    std::vector<int64_t> shape;  // rows first, as in PyTorch; the file has them the other way round
    uint64_t begin = 0;          // in the file
    uint64_t size = 0;           // in bytes
  };

  explicit GgufFile(std::filesystem::path path);

  const std::filesystem::path& path() const { return file_.path(); }
  const std::map<std::string, GgufValue>& metadata() const { return metadata_; }
  // In the order of the data.
  const std::vector<Entry>& entries() const { return entries_; }
  // nullptr when there is none of that name.
  const Entry* find(const std::string& name) const;
  // float32 on the CPU, whatever the file stores.
  at::Tensor read(const Entry& entry) const;

  // The metadata of that key; nothing when it is not there, an Error when it is of another type.
  template <class T>
  std::optional<T> value(const std::string& key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return std::nullopt;
    if (const T* value = std::get_if<T>(&found->second)) return *value;
    fail_type(key);
  }
  // The same for one that must be there.
  template <class T>
  T need(const std::string& key) const {
    if (auto found = value<T>(key)) return *std::move(found);
    fail_missing(key);
  }

 private:
  [[noreturn]] void fail_type(const std::string& key) const;
  [[noreturn]] void fail_missing(const std::string& key) const;

  InputFile file_;
  std::map<std::string, GgufValue> metadata_;
  std::vector<Entry> entries_;
};

struct GgufTensorToWrite {
  std::string name;
  at::Tensor tensor;  // any device and dtype
  GgufType type;      // F32, F16, BF16 or Q8_0
};

// A version 3 file that llama.cpp and the `gguf` package open: integers as UINT32, floats as
// FLOAT32, lists of integers as INT32. Metadata and tensors in the order given, converted one
// tensor at a time.
void write_gguf(const std::filesystem::path& path,
                const std::vector<std::pair<std::string, GgufValue>>& metadata,
                const std::vector<GgufTensorToWrite>& tensors);

}  // namespace tripost
