#include <ATen/core/Tensor.h>

#include <cassert>
#include <limits>

#include "base/error.h"
#include "model/gguf.h"

namespace tripost {
namespace {

constexpr uint64_t kAlignment = 32;  // the format's default, so that it need not be written
// The format's numbers of the value types that we write.
constexpr uint32_t kUint32 = 4, kInt32 = 5, kFloat32 = 6, kBool = 7, kString = 8, kArray = 9;

class Bytes {
 public:
  template <class T>
  void number(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void text(const std::string& value) {
    number<uint64_t>(value.size());
    bytes_ += value;
  }
  // The start of a list.
  void list(uint32_t type, std::size_t count) {
    number(kArray);
    number(type);
    number<uint64_t>(count);
  }
  void align() { bytes_.append((kAlignment - bytes_.size() % kAlignment) % kAlignment, '\0'); }
  const std::string& get() const { return bytes_; }

 private:
  std::string bytes_;
};

struct ValueWriter {
  Bytes& bytes;

  void operator()(bool value) const {
    bytes.number(kBool);
    bytes.number<uint8_t>(value);
  }
  void operator()(int64_t value) const {
    assert(value >= 0 && value <= std::numeric_limits<uint32_t>::max());
    bytes.number(kUint32);
    bytes.number(static_cast<uint32_t>(value));
  }
  void operator()(double value) const {
    bytes.number(kFloat32);
    bytes.number(static_cast<float>(value));
  }
  void operator()(const std::string& value) const {
    bytes.number(kString);
    bytes.text(value);
  }
  void operator()(const std::vector<int64_t>& values) const {
    bytes.list(kInt32, values.size());
    for (const int64_t value : values) bytes.number(static_cast<int32_t>(value));
  }
  void operator()(const std::vector<double>& values) const {
    bytes.list(kFloat32, values.size());
    for (const double value : values) bytes.number(static_cast<float>(value));
  }
  void operator()(const std::vector<std::string>& values) const {
    bytes.list(kString, values.size());
    for (const std::string& value : values) bytes.text(value);
  }
};

uint64_t aligned(uint64_t value) { return (value + kAlignment - 1) / kAlignment * kAlignment; }

uint64_t bytes_of(const GgufTensorToWrite& tensor) {
  const GgufBlocks& blocks = *gguf_blocks(static_cast<uint32_t>(tensor.type));
  return static_cast<uint64_t>(tensor.tensor.numel() / blocks.numbers * blocks.bytes);
}

std::string head_of(const std::vector<std::pair<std::string, GgufValue>>& metadata,
                    const std::vector<GgufTensorToWrite>& tensors) {
  Bytes bytes;
  bytes.number<uint32_t>(0x46554747);  // "GGUF"
  bytes.number<uint32_t>(3);
  bytes.number<uint64_t>(tensors.size());
  bytes.number<uint64_t>(metadata.size());
  for (const auto& [key, value] : metadata) {
    bytes.text(key);
    std::visit(ValueWriter{bytes}, value);
  }
  uint64_t offset = 0;
  for (const GgufTensorToWrite& tensor : tensors) {
    const auto shape = tensor.tensor.sizes();
    bytes.text(tensor.name);
    bytes.number(static_cast<uint32_t>(shape.size()));
    for (auto size = shape.rbegin(); size != shape.rend(); ++size) {
      bytes.number(static_cast<uint64_t>(*size));
    }
    bytes.number(static_cast<uint32_t>(tensor.type));
    bytes.number(offset);
    offset += aligned(bytes_of(tensor));
  }
  bytes.align();
  return bytes.get();
}

}  // namespace

void write_gguf(const std::filesystem::path& path,
                const std::vector<std::pair<std::string, GgufValue>>& metadata,
                const std::vector<GgufTensorToWrite>& tensors) {
  write_binary_file(path, [&](OutputFile& file) {
    file.write(head_of(metadata, tensors));
    for (const GgufTensorToWrite& tensor : tensors) {
      std::string bytes = pack_blocks(tensor.tensor.detach().to(at::kCPU, at::kFloat), tensor.type);
      bytes.resize(aligned(bytes.size()), '\0');
      file.write(bytes);
    }
  });
}

}  // namespace tripost
