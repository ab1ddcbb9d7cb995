#include "text/byte_level.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

#include "text/utf8.h"

namespace tripost {
namespace {

constexpr char32_t kAlphabetEnd = 0x100 + 68;  // 68 bytes are not printable Latin-1

bool is_printable(int byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

struct Alphabet {
  std::array<char32_t, 256> character_of;
  std::array<int, kAlphabetEnd> byte_of;

  Alphabet() {
    byte_of.fill(-1);
    char32_t next = 0x100;
    for (int byte = 0; byte < 256; ++byte) {
      const char32_t character = is_printable(byte) ? static_cast<char32_t>(byte) : next++;
      character_of[static_cast<std::size_t>(byte)] = character;
      byte_of[character] = byte;
    }
  }
};

const Alphabet& alphabet() {
  static const Alphabet instance;
  return instance;
}

}  // namespace

std::string to_byte_level(std::string_view bytes) {
  std::string characters;
  characters.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    append_utf8(alphabet().character_of[static_cast<uint8_t>(byte)], characters);
  }
  return characters;
}

std::optional<std::string> from_byte_level(std::string_view characters) {
  std::string bytes;
  bytes.reserve(characters.size());
  for (std::size_t i = 0; i < characters.size();) {
    const std::size_t length = utf8_length_at(characters, i);
    if (length == 0) return std::nullopt;
    const char32_t character = utf8_character_at(characters, i);
    if (character >= kAlphabetEnd || alphabet().byte_of[character] < 0) return std::nullopt;
    bytes += static_cast<char>(alphabet().byte_of[character]);
    i += length;
  }
  return bytes;
}

std::string byte_token(uint8_t byte) { return fmt::format("<0x{:02X}>", byte); }

std::optional<uint8_t> from_byte_token(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || !token.ends_with('>')) return std::nullopt;
  uint8_t byte = 0;
  const auto [end, problem] = std::from_chars(&token[3], &token[5], byte, 16);
  if (problem != std::errc() || end != &token[5]) return std::nullopt;
  return byte;
}

std::array<uint8_t, 256> bytes_in_alphabet_order() {
  std::array<uint8_t, 256> bytes;
  std::iota(bytes.begin(), bytes.end(), uint8_t{0});
  std::sort(bytes.begin(), bytes.end(), [](uint8_t a, uint8_t b) {
    return alphabet().character_of[a] < alphabet().character_of[b];
  });
  return bytes;
}

}  // namespace tripost
