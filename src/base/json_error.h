// What nlohmann-json's exceptions say, fit for one line of an error message.
#pragma once

#include <exception>
#include <string>

namespace tripost {

// The reason in "[json.exception.parse_error.101] parse error at line 1, column 5: <reason>". It
// quotes what was read, which may be a book, so it is cut (between characters).
std::string why_not_json(const std::exception& error);

}  // namespace tripost
