#include "text/protobuf.h"

#include <bit>

#include "base/error.h"

namespace tripost {

bool ProtobufReader::next() {
  if (rest_.empty()) return false;
  const uint64_t tag = take_varint();
  field_ = tag >> 3;
  kind_ = static_cast<Kind>(tag & 7);
  if (field_ == 0 || field_ >= 1ull << 29) fail("{}: a field numbered {}", where_, field_);
  if (kind_ == Kind::kVarint) {
    number_ = take_varint();
  } else if (kind_ == Kind::kFixed64) {
    number_ = take_fixed(8);
  } else if (kind_ == Kind::kFixed32) {
    number_ = take_fixed(4);
  } else if (kind_ == Kind::kBytes) {
    const uint64_t length = take_varint();
    if (length > rest_.size()) {
      fail("{}: a field says it is {} bytes long, {} are left; it is cut short, copy it again",
           where_, length, rest_.size());
    }
    bytes_ = rest_.substr(0, length);
    rest_.remove_prefix(length);
  } else {
    fail("{}: a field of kind {}; it is damaged or no such file", where_, tag & 7);
  }
  return true;
}

uint64_t ProtobufReader::take_varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 70 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    if (shift == 63 && byte > 1) break;
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  fail("{}: a number has no end; it is damaged or no such file", where_);
}

uint64_t ProtobufReader::take_fixed(std::size_t count) {
  if (count > rest_.size()) fail("{}: it is cut short, copy it again", where_);
  uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<uint8_t>(rest_[i]);
  rest_.remove_prefix(count);
  return value;
}

void ProtobufReader::expect(Kind kind, const char* what) const {
  if (kind_ != kind)
    fail("{}: {} is of the wrong kind ({})", where_, what, static_cast<int>(kind_));
}

uint64_t ProtobufReader::whole(const char* what) const {
  expect(Kind::kVarint, what);
  return number_;
}

float ProtobufReader::real(const char* what) const {
  expect(Kind::kFixed32, what);
  return std::bit_cast<float>(static_cast<uint32_t>(number_));
}

std::string_view ProtobufReader::bytes(const char* what) const {
  expect(Kind::kBytes, what);
  return bytes_;
}

}  // namespace tripost
