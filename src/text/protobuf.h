// The fields of a protocol buffer message, one after the other.
//
// Reads inside the bytes that are there: nothing is allocated by a number of the file. A message
// that is cut short or malformed is an Error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tripost {

class ProtobufReader {
 public:
  enum class Kind { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  ProtobufReader(std::string_view message, const std::string& where)
      : rest_(message), where_(where) {}

  // Goes to the next field; false at the end.
  bool next();

  // Of the field that next() went to.
  uint64_t field() const { return field_; }
  // The value, as the file must have it; an Error when it is of another kind. `what` names it.
  uint64_t whole(const char* what) const;
  bool flag(const char* what) const { return whole(what) != 0; }
  float real(const char* what) const;
  std::string_view bytes(const char* what) const;

 private:
  uint64_t take_varint();
  uint64_t take_fixed(std::size_t count);
  void expect(Kind kind, const char* what) const;

  std::string_view rest_;
  std::string where_;
  uint64_t field_ = 0;
  Kind kind_ = Kind::kVarint;
  uint64_t number_ = 0;
  std::string_view bytes_;
};

}  // namespace tripost
