#include "text/utf8.h"

#include <cassert>
#include <cstdint>

namespace tripost {
namespace {

uint8_t byte_at(std::string_view text, std::size_t position) {
  return static_cast<uint8_t>(text[position]);
}

// How many bytes the first one announces, and the range of the second (RFC 3629, section 4).
struct Lead {
  std::size_t length;
  uint8_t second_low;
  uint8_t second_high;
};

Lead lead_of(uint8_t first) {
  if (first < 0x80) return {1, 0, 0};
  if (first < 0xC2) return {0, 0, 0};
  if (first < 0xE0) return {2, 0x80, 0xBF};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3, 0x80, 0xBF};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first < 0xF4) return {4, 0x80, 0xBF};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

std::size_t utf8_length_at(std::string_view text, std::size_t position) {
  const Lead lead = lead_of(byte_at(text, position));
  if (lead.length <= 1) return lead.length;
  if (position + lead.length > text.size()) return 0;
  const uint8_t second = byte_at(text, position + 1);
  if (second < lead.second_low || second > lead.second_high) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    if ((byte_at(text, position + i) & 0xC0) != 0x80) return 0;
  }
  return lead.length;
}

char32_t utf8_character_at(std::string_view text, std::size_t position) {
  const std::size_t length = lead_of(byte_at(text, position)).length;
  assert(length > 0);
  if (length == 1) return byte_at(text, position);
  char32_t character = byte_at(text, position) & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) {
    character = (character << 6) | (byte_at(text, position + i) & 0x3F);
  }
  return character;
}

std::size_t utf8_previous(std::string_view text, std::size_t end) {
  assert(end > 0);
  --end;
  while (end > 0 && (byte_at(text, end) & 0xC0) == 0x80) --end;
  return end;
}

void append_utf8(char32_t character, std::string& text) {
  const auto tail = [&](int shift) {
    text += static_cast<char>(0x80 | ((character >> shift) & 0x3F));
  };
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xC0 | (character >> 6));
    tail(0);
  } else if (character < 0x10000) {
    text += static_cast<char>(0xE0 | (character >> 12));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0 | (character >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace tripost
