#include "model/safetensors.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "base/file.h"

namespace tripost {
namespace {

constexpr uint64_t kLengthBytes = 8;
constexpr uint64_t kMaxHeader = 100'000'000;  // as in the reference implementation

using DtypeName = std::pair<const char*, at::ScalarType>;

// Those of the format that ATen computes with; the rest (F8, F4, ...) we refuse by name.
constexpr std::array<DtypeName, 10> kDtypes = {{{"F32", at::kFloat},
                                                {"BF16", at::kBFloat16},
                                                {"F16", at::kHalf},
                                                {"F64", at::kDouble},
                                                {"I64", at::kLong},
                                                {"I32", at::kInt},
                                                {"I16", at::kShort},
                                                {"I8", at::kChar},
                                                {"U8", at::kByte},
                                                {"BOOL", at::kBool}}};

at::ScalarType dtype_from(const std::string& name, const std::string& where) {
  for (const auto& [known, dtype] : kDtypes) {
    if (name == known) return dtype;
  }
  fail("{}: dtype \"{}\" is not supported; save the tensor as F32, F16 or BF16", where, name);
}

const char* dtype_name(at::ScalarType dtype) {
  for (const auto& [name, known] : kDtypes) {
    if (dtype == known) return name;
  }
  fail("cannot write dtype {} to safetensors", at::toString(dtype));
}

// The only way a number of the header becomes a size. Offsets of a file that exists fit in int64.
uint64_t natural(const Json& value, const char* what, const std::string& where) {
  if (!value.is_number_unsigned() || value.get<uint64_t>() > INT64_MAX) {
    fail("{}: {} should be a whole number from 0 to 2^63-1, found {}", where, what,
         value.dump().substr(0, 60));
  }
  return value.get<uint64_t>();
}

const Json& array_field(const Json& object, const char* key, const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) {
    fail("{}: the field \"{}\" should be an array", where, key);
  }
  return *found;
}

uint64_t bytes_of(const SafetensorsFile::Entry& entry, const std::string& where) {
  uint64_t bytes = c10::elementSize(entry.dtype);
  bool empty = false;
  bool overflow = false;
  for (const int64_t size : entry.shape) {
    if (size == 0) {
      empty = true;
    } else {
      overflow |= __builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes);
    }
  }
  if (overflow || bytes > INT64_MAX) fail("{}: the product of its shape overflows 64 bits", where);
  return empty ? 0 : bytes;
}

SafetensorsFile::Entry parse_entry(const std::string& name, const Json& json,
                                   const std::string& where) {
  SafetensorsFile::Entry entry;
  entry.name = name;
  entry.dtype = dtype_from(string_field(json, "dtype", where), where);
  for (const Json& size : array_field(json, "shape", where)) {
    entry.shape.push_back(static_cast<int64_t>(natural(size, "a size in \"shape\"", where)));
  }
  const Json& offsets = array_field(json, "data_offsets", where);
  if (offsets.size() != 2 || json.size() != 3) {
    fail("{}: expected dtype, shape and data_offsets [begin, end] and nothing else", where);
  }
  entry.begin = natural(offsets[0], "the begin in \"data_offsets\"", where);
  const uint64_t end = natural(offsets[1], "the end in \"data_offsets\"", where);
  const uint64_t bytes = bytes_of(entry, where);
  if (end < entry.begin || end - entry.begin != bytes) {
    fail("{}: \"data_offsets\" [{}, {}] do not span the {} bytes of its dtype and shape", where,
         entry.begin, end, bytes);
  }
  entry.size = bytes;
  return entry;
}

void check_metadata(const Json& metadata, const std::string& where) {
  if (!metadata.is_object()) fail("{}: \"__metadata__\" should be an object of strings", where);
  for (const auto& [key, value] : metadata.items()) {
    if (!value.is_string()) {
      fail("{}: \"__metadata__\" holds \"{}\": {}, only strings are allowed", where,
           key.substr(0, 60), value.dump().substr(0, 60));
    }
  }
}

// Sorted by offset, each tensor begins where the last ended and the last ends with the file. Makes
// offsets absolute.
void check_layout(std::vector<SafetensorsFile::Entry>& entries, uint64_t data_begin,
                  uint64_t file_size, const std::string& where) {
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::pair(a.begin, a.size) < std::pair(b.begin, b.size);
  });
  uint64_t expected = 0;
  for (auto& entry : entries) {
    if (entry.begin != expected) {
      fail("{}: tensor \"{}\" begins at byte {} of the data, the one before ends at {}: {}", where,
           entry.name, entry.begin, expected,
           entry.begin < expected ? "they overlap" : "there is a hole");
    }
    expected += entry.size;  // cannot wrap: both below 2^63, and expected <= the data's size so far
    if (expected > file_size - data_begin) {
      fail(
          "{}: tensor \"{}\" ends at byte {} of the data, the file holds {}; it is cut short, copy "
          "it again",
          where, entry.name, expected, file_size - data_begin);
    }
    entry.begin += data_begin;
  }
  if (expected != file_size - data_begin) {
    fail("{}: {} bytes follow the last tensor; the file is damaged, copy it again", where,
         file_size - data_begin - expected);
  }
}

std::vector<SafetensorsFile::Entry> read_entries(const InputFile& file) {
  const std::string where = file.path().string();
  const uint64_t file_size = file.size();
  if (file_size < kLengthBytes) {
    fail("{}: {} bytes are too few for a safetensors file; copy it again", where, file_size);
  }
  unsigned char prefix[kLengthBytes];
  file.read(prefix, kLengthBytes, 0);
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | prefix[i];
  if (length > kMaxHeader || length > file_size - kLengthBytes) {
    fail(
        "{}: the header says it is {} bytes long, the file has {} (limit {}); not a whole "
        "safetensors file",
        where, length, file_size, kMaxHeader);
  }
  std::string header(length, '\0');
  file.read(header.data(), length, kLengthBytes);
  const Json json = parse_json(header, where + ": header");
  if (!json.is_object())
    fail("{}: the header should be a JSON object, found {}", where, json.type_name());
  std::vector<SafetensorsFile::Entry> entries;
  for (const auto& [name, value] : json.items()) {
    if (name == "__metadata__") {
      check_metadata(value, where);
    } else {
      entries.push_back(
          parse_entry(name, value, where + ": tensor \"" + name.substr(0, 200) + "\""));
    }
  }
  check_layout(entries, kLengthBytes + length, file_size, where);
  return entries;
}

std::string header_of(const std::vector<TensorToWrite>& tensors) {
  Json json = {{"__metadata__", {{"format", "pt"}}}};
  uint64_t offset = 0;
  for (const auto& [name, tensor, dtype] : tensors) {
    const uint64_t end = offset + static_cast<uint64_t>(tensor.numel()) * c10::elementSize(dtype);
    json[name] = {{"dtype", dtype_name(dtype)},
                  {"shape", tensor.sizes().vec()},
                  {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = json.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  std::string header(kLengthBytes, '\0');
  for (std::size_t i = 0; i < kLengthBytes; ++i)
    header[i] = static_cast<char>(text.size() >> (8 * i));
  return header + text;
}

}  // namespace

SafetensorsFile::SafetensorsFile(std::filesystem::path path)
    : file_(std::move(path)), entries_(read_entries(file_)) {}

const SafetensorsFile::Entry* SafetensorsFile::find(const std::string& name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  return found == entries_.end() ? nullptr : &*found;
}

at::Tensor SafetensorsFile::read(const Entry& entry) const {
  at::Tensor tensor = at::empty(entry.shape, at::TensorOptions().dtype(entry.dtype));
  file_.read(tensor.mutable_data_ptr(), entry.size, entry.begin);
  return tensor;
}

void write_safetensors(const std::filesystem::path& path, std::vector<TensorToWrite> tensors) {
  std::sort(tensors.begin(), tensors.end(), [](const auto& a, const auto& b) {
    const auto alignment = [](const auto& t) { return c10::elementSize(t.dtype); };
    return alignment(a) != alignment(b) ? alignment(a) > alignment(b) : a.name < b.name;
  });
  write_binary_file(path, [&](OutputFile& file) {
    file.write(header_of(tensors));
    for (const auto& [name, tensor, dtype] : tensors) {
      const at::Tensor plain = tensor.detach().to(at::kCPU, dtype).contiguous();
      file.write(plain.const_data_ptr(), plain.nbytes());
    }
  });
}

}  // namespace tripost
