// The alphabet of byte-level BPE: every byte as one printable character, so that a vocabulary is
// readable JSON.
//
// GPT-2's choice: printable Latin-1 bytes are themselves, the others take U+0100 upwards in byte
// order (blank is U+0120, "Ġ"). It is also the order in which a fresh vocabulary lists the bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tripost {

// The characters of `bytes`, as UTF-8.
std::string to_byte_level(std::string_view bytes);

// The bytes that `characters` stand for; none when a character is not of the alphabet.
std::optional<std::string> from_byte_level(std::string_view characters);

// How a vocabulary of characters writes the token of a single byte: "<0x0A>"; and back.
std::string byte_token(uint8_t byte);
std::optional<uint8_t> from_byte_token(std::string_view token);

// All bytes in the order of their characters: "!" is first.
std::array<uint8_t, 256> bytes_in_alphabet_order();

}  // namespace tripost
