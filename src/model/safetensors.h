// One safetensors file: read, check, write (format of huggingface/safetensors).
//
// Opening checks every rule of the format against the real size of the file before anything is
// allocated: header length, JSON, dtypes, shapes, and offsets that leave no hole, overlap or
// trailing byte. Nothing is said here about which tensors a model needs (model/loader.h).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/binary_file.h"

namespace tripost {

class SafetensorsFile {
 public:
  struct Entry {
    std::string name;
    at::ScalarType dtype;
    std::vector<int64_t> shape;
    uint64_t begin = 0;  // in the file
    uint64_t size = 0;   // in bytes
  };

  explicit SafetensorsFile(std::filesystem::path path);

  const std::filesystem::path& path() const { return file_.path(); }
  // In the order of the data.
  const std::vector<Entry>& entries() const { return entries_; }
  // nullptr when there is none of that name.
  const Entry* find(const std::string& name) const;
  // A tensor of its own on the CPU, in the entry's dtype.
  at::Tensor read(const Entry& entry) const;

 private:
  InputFile file_;
  std::vector<Entry> entries_;
};

struct TensorToWrite {
  std::string name;
  at::Tensor tensor;  // any device and dtype
  at::ScalarType
      dtype;  // what is written; converted one tensor at a time, so that memory stays low
};

// The same tensors give the same bytes: sorted by element size then name, header padded so that
// data are aligned, metadata {"format": "pt"}. Written beside `path`, synced and renamed.
void write_safetensors(const std::filesystem::path& path, std::vector<TensorToWrite> tensors);

}  // namespace tripost
