#include "model/gguf.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>

#include "base/error.h"
#include "base/file.h"

namespace tripost {
namespace {

static_assert(std::endian::native == std::endian::little, "GGUF files are little-endian");

constexpr uint32_t kMagic = 0x46554747;  // "GGUF"
constexpr uint64_t kDefaultAlignment = 32;
constexpr uint64_t kMaxAlignment = 1 << 20;
constexpr uint64_t kMaxKey = 65535;     // of the format
constexpr uint64_t kMaxDimensions = 4;  // of ggml

// The format's numbers of value types.
enum ValueType : uint32_t {
  kUint8,
  kInt8,
  kUint16,
  kInt16,
  kUint32,
  kInt32,
  kFloat32,
  kBool,
  kString,
  kArray,
  kUint64,
  kInt64,
  kFloat64
};

// Reads the head of a file front to back through a buffer; never past the end, and never more into
// memory than the file has.
class Cursor {
 public:
  explicit Cursor(const InputFile& file) : file_(file), where_(file.path().string()) {}

  uint64_t position() const { return position_; }
  uint64_t left() const { return file_.size() - position_; }

  void take(void* target, uint64_t size, const char* what) {
    if (size > left()) {
      fail(
          "{}: {} at byte {} goes past the end of the file; it is cut short or damaged, copy it "
          "again",
          where_, what, position_);
    }
    char* to = static_cast<char*>(target);
    while (size > 0) {
      if (position_ < buffer_begin_ || position_ >= buffer_begin_ + buffer_.size()) fill();
      const uint64_t inside = position_ - buffer_begin_;
      const uint64_t part = std::min<uint64_t>(size, buffer_.size() - inside);
      std::memcpy(to, buffer_.data() + inside, part);
      to += part;
      position_ += part;
      size -= part;
    }
  }

  template <class T>
  T number(const char* what) {
    T value;
    take(&value, sizeof(value), what);
    return value;
  }

  std::string text(const char* what) {
    const auto length = number<uint64_t>(what);
    if (length > left()) {
      fail("{}: {} at byte {} says it is {} bytes long, the file has {} left", where_, what,
           position_, length, left());
    }
    std::string value(length, '\0');
    take(value.data(), length, what);
    return value;
  }

  // A count of things that take at least `least` bytes each.
  uint64_t count(const char* what, uint64_t least) {
    const auto value = number<uint64_t>(what);
    if (value > left() / least) {
      fail("{}: {} is {}, more than the file can hold; it is damaged, copy it again", where_, what,
           value);
    }
    return value;
  }

  const std::string& where() const { return where_; }

 private:
  void fill() {
    constexpr uint64_t kBuffer = 1 << 18;
    buffer_.resize(std::min(kBuffer, file_.size() - position_));
    file_.read(buffer_.data(), buffer_.size(), position_);
    buffer_begin_ = position_;
  }

  const InputFile& file_;
  std::string where_;
  std::vector<char> buffer_;
  uint64_t buffer_begin_ = 0, position_ = 0;
};

int64_t read_integer(Cursor& cursor, uint32_t type, const std::string& key) {
  const char* what = "a value";
  switch (type) {
    case kUint8:
      return cursor.number<uint8_t>(what);
    case kInt8:
      return cursor.number<int8_t>(what);
    case kUint16:
      return cursor.number<uint16_t>(what);
    case kInt16:
      return cursor.number<int16_t>(what);
    case kUint32:
      return cursor.number<uint32_t>(what);
    case kInt32:
      return cursor.number<int32_t>(what);
    case kInt64:
      return cursor.number<int64_t>(what);
    default:
      break;
  }
  const auto value = cursor.number<uint64_t>(what);
  if (value > INT64_MAX) fail("{}: \"{}\" is {}, more than 2^63-1", cursor.where(), key, value);
  return static_cast<int64_t>(value);
}

double read_real(Cursor& cursor, uint32_t type) {
  return type == kFloat32 ? cursor.number<float>("a value") : cursor.number<double>("a value");
}

bool is_real(uint32_t type) { return type == kFloat32 || type == kFloat64; }
bool is_integer(uint32_t type) { return type <= kInt32 || type == kUint64 || type == kInt64; }

uint64_t least_bytes(uint32_t type) {
  switch (type) {
    case kUint8:
    case kInt8:
    case kBool:
      return 1;
    case kUint16:
    case kInt16:
      return 2;
    case kUint32:
    case kInt32:
    case kFloat32:
      return 4;
    default:
      return 8;
  }
}

GgufValue read_list(Cursor& cursor, const std::string& key) {
  const auto type = cursor.number<uint32_t>("the type of a list");
  const uint64_t count = cursor.count("the length of a list", least_bytes(type));
  // The vectors grow as values come, so that a lie about their number costs nothing.
  if (type == kString) {
    std::vector<std::string> values;
    for (uint64_t i = 0; i < count; ++i) values.push_back(cursor.text("a text"));
    return values;
  }
  if (is_real(type)) {
    std::vector<double> values;
    for (uint64_t i = 0; i < count; ++i) values.push_back(read_real(cursor, type));
    return values;
  }
  if (!is_integer(type) && type != kBool) {
    fail("{}: \"{}\" is a list of values of type {}, which is not supported", cursor.where(), key,
         type);
  }
  std::vector<int64_t> values;
  for (uint64_t i = 0; i < count; ++i) {
    values.push_back(read_integer(cursor, type == kBool ? +kUint8 : type, key));
  }
  return values;
}

GgufValue read_value(Cursor& cursor, const std::string& key) {
  const auto type = cursor.number<uint32_t>("the type of a value");
  if (type == kString) return cursor.text("a text");
  if (type == kArray) return read_list(cursor, key);
  if (type == kBool) return cursor.number<uint8_t>("a value") != 0;
  if (is_real(type)) return read_real(cursor, type);
  if (is_integer(type)) return read_integer(cursor, type, key);
  fail("{}: \"{}\" has a value of type {}, the format has types 0 to 12", cursor.where(), key,
       type);
}

// Names come from the file: what an error shows of them is short and on one line.
std::string shown(const std::string& name) {
  std::string text = name.substr(0, 120);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 32 || c == 127; }, '?');
  return text;
}

std::map<std::string, GgufValue> read_metadata(Cursor& cursor, uint64_t count) {
  std::map<std::string, GgufValue> metadata;
  for (uint64_t i = 0; i < count; ++i) {
    std::string key = cursor.text("a metadata key");
    if (key.empty() || key.size() > kMaxKey) {
      fail("{}: a metadata key of {} bytes; 1 to {} are allowed", cursor.where(), key.size(),
           kMaxKey);
    }
    GgufValue value = read_value(cursor, shown(key));
    const auto [place, fresh] = metadata.emplace(std::move(key), std::move(value));
    if (!fresh)
      fail("{}: the metadata key \"{}\" stands twice", cursor.where(), shown(place->first));
  }
  return metadata;
}

// Dimensions and bytes of a tensor, from its numbers in the file.
void read_shape(Cursor& cursor, GgufFile::Entry& entry, const std::string& where) {
  const auto dimensions = cursor.number<uint32_t>("a number of dimensions");
  if (dimensions == 0 || dimensions > kMaxDimensions) {
    fail("{}: it has {} dimensions; 1 to {} are allowed", where, dimensions, kMaxDimensions);
  }
  uint64_t numbers = 1;
  bool overflow = false;
  for (uint32_t i = 0; i < dimensions; ++i) {
    const auto size = cursor.number<uint64_t>("a dimension");
    if (size == 0) fail("{}: one of its dimensions is 0", where);
    overflow = overflow || __builtin_mul_overflow(numbers, size, &numbers) || numbers > INT64_MAX;
    if (overflow) fail("{}: the product of its dimensions overflows 64 bits", where);
    entry.shape.push_back(static_cast<int64_t>(size));
  }
  const auto type = cursor.number<uint32_t>("a tensor type");
  entry.blocks = gguf_blocks(type);
  if (!entry.blocks) {
    fail("{}: it is stored as {}, which is not supported; supported: {}", where,
         gguf_type_name(type), gguf_type_names());
  }
  if (entry.shape.front() % entry.blocks->numbers != 0) {
    fail("{}: its rows of {} numbers are not whole blocks of {} as {} needs", where,
         entry.shape.front(), entry.blocks->numbers, entry.blocks->name);
  }
  std::reverse(entry.shape.begin(), entry.shape.end());
  const uint64_t blocks = numbers / static_cast<uint64_t>(entry.blocks->numbers);
  if (__builtin_mul_overflow(blocks, static_cast<uint64_t>(entry.blocks->bytes), &entry.size)) {
    fail("{}: its size overflows 64 bits", where);
  }
}

std::vector<GgufFile::Entry> read_infos(Cursor& cursor, uint64_t count) {
  std::vector<GgufFile::Entry> entries;
  std::set<std::string> names;
  for (uint64_t i = 0; i < count; ++i) {
    GgufFile::Entry entry;
    entry.name = cursor.text("a tensor's name");
    const std::string where = cursor.where() + ": tensor \"" + shown(entry.name) + "\"";
    if (!names.insert(entry.name).second) fail("{}: the name stands twice", where);
    read_shape(cursor, entry, where);
    entry.begin = cursor.number<uint64_t>("a tensor's offset");
    entries.push_back(std::move(entry));
  }
  return entries;
}

uint64_t aligned(uint64_t value, uint64_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

// Sorted by offset, each tensor begins at the first aligned byte after the one before. Makes
// offsets absolute.
void check_layout(std::vector<GgufFile::Entry>& entries, uint64_t data_begin, uint64_t alignment,
                  uint64_t file_size, const std::string& where) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return a.begin < b.begin; });
  const uint64_t available = file_size > data_begin ? file_size - data_begin : 0;
  uint64_t end = 0;
  for (GgufFile::Entry& entry : entries) {
    const uint64_t expected = aligned(end, alignment);  // end is at most the size of a file
    if (entry.begin != expected) {
      fail("{}: tensor \"{}\" begins at byte {} of the data, expected {} after the one before: {}",
           where, shown(entry.name), entry.begin, expected,
           entry.begin < expected ? "they overlap" : "there is a hole");
    }
    if (entry.begin > available || entry.size > available - entry.begin) {
      fail(
          "{}: tensor \"{}\" needs {} bytes from byte {} of the data, the file holds {}; it is cut "
          "short, copy it again",
          where, shown(entry.name), entry.size, entry.begin, available);
    }
    end = entry.begin + entry.size;
    entry.begin += data_begin;
  }
  if (available > aligned(end, alignment)) {
    fail("{}: {} bytes follow the last tensor; the file is damaged, copy it again", where,
         available - end);
  }
}

void check_version(Cursor& cursor) {
  if (cursor.left() < 24) {
    fail("{}: {} bytes are too few for a GGUF file; copy it again", cursor.where(), cursor.left());
  }
  if (cursor.number<uint32_t>("the magic number") != kMagic) {
    fail("{}: it does not begin with \"GGUF\"; it is not a GGUF file", cursor.where());
  }
  const auto version = cursor.number<uint32_t>("the version");
  if (version != 2 && version != 3) {
    fail("{}: it says GGUF version {}; 2 and 3 in little-endian order are supported",
         cursor.where(), version);
  }
}

}  // namespace

bool is_gguf(const std::filesystem::path& path) { return path.extension() == ".gguf"; }

GgufFile::GgufFile(std::filesystem::path path) : file_(std::move(path)) {
  Cursor cursor(file_);
  check_version(cursor);
  const uint64_t num_tensors = cursor.count("the number of tensors", 32);
  const uint64_t num_values = cursor.count("the number of metadata values", 13);
  metadata_ = read_metadata(cursor, num_values);
  entries_ = read_infos(cursor, num_tensors);
  const int64_t alignment =
      value<int64_t>("general.alignment").value_or(static_cast<int64_t>(kDefaultAlignment));
  if (alignment < 1 || !std::has_single_bit(static_cast<uint64_t>(alignment)) ||
      static_cast<uint64_t>(alignment) > kMaxAlignment) {
    fail("{}: \"general.alignment\" is {}, it should be a power of two up to {}", cursor.where(),
         alignment, kMaxAlignment);
  }
  check_layout(entries_, aligned(cursor.position(), static_cast<uint64_t>(alignment)),
               static_cast<uint64_t>(alignment), file_.size(), cursor.where());
}

const GgufFile::Entry* GgufFile::find(const std::string& name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  return found == entries_.end() ? nullptr : &*found;
}

at::Tensor GgufFile::read(const Entry& entry) const {
  std::vector<uint8_t> bytes(entry.size);
  file_.read(bytes.data(), entry.size, entry.begin);
  at::Tensor numbers = at::empty(entry.shape, at::kFloat);
  unpack_blocks(*entry.blocks, bytes.data(), numbers.numel() / entry.blocks->numbers,
                numbers.mutable_data_ptr<float>());
  return numbers;
}

void GgufFile::fail_type(const std::string& key) const {
  static constexpr const char* kNames[] = {
      "a flag",          "a whole number", "a real number", "a text", "a list of whole numbers",
      "a list of reals", "a list of texts"};
  fail("{}: the metadata \"{}\" is {}, which is not what it should be", path().string(), key,
       kNames[metadata_.at(key).index()]);
}

void GgufFile::fail_missing(const std::string& key) const {
  fail("{}: the metadata \"{}\" is missing", path().string(), key);
}

}  // namespace tripost
