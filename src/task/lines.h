// Small text helpers for reading step lines: split, trim, find. Bytes in, views out; nothing
// throws.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tripost {

// Blanks, tabs and line ends at both ends.
std::string_view trimmed(std::string_view text);

// The lines of the text after trimming it as a whole; each line without blanks at its end. No lines
// for blank text.
std::vector<std::string_view> split_lines(std::string_view text);

// The same without the empty ones between them: the steps of an attempt.
std::vector<std::string_view> split_steps(std::string_view text);

// The trimmed pieces between separators.
std::vector<std::string> split_trimmed(std::string_view text, char separator);

// The pieces between runs of blanks, tabs and line ends; none is empty.
std::vector<std::string> split_words(std::string_view text);

bool contains(std::string_view text, std::string_view part);

// Position of `part`, which is in lower case, in `text` whatever its ASCII case; npos when absent.
std::size_t find_any_case(std::string_view text, std::string_view part);

// What follows the first occurrence of `marker`; nullopt when absent.
std::optional<std::string_view> after(std::string_view text, std::string_view marker);

// The text, or its first bytes and "..." when it is long: for messages.
std::string shortened(std::string_view text);

}  // namespace tripost
