// UTF-8 at the level of bytes: where valid sequences begin and end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tripost {

// Bytes of the valid UTF-8 sequence at `position`, 1 to 4; 0 when none starts there (overlong
// forms, surrogates and values above U+10FFFF are not valid).
std::size_t utf8_length_at(std::string_view text, std::size_t position);

// The character at `position`, where utf8_length_at is not 0.
char32_t utf8_character_at(std::string_view text, std::size_t position);

// Where the character that ends at `end` begins; `text` is valid UTF-8 and end > 0.
std::size_t utf8_previous(std::string_view text, std::size_t end);

void append_utf8(char32_t character, std::string& text);

}  // namespace tripost
