// Foreign text inside an error message: quoted, escaped and short, so that every message stays one
// line.
#pragma once

#include <string>
#include <string_view>

namespace tripost {

// The first 100 bytes of `text` as a JSON string; bytes that are not UTF-8 become U+FFFD.
std::string quote(std::string_view text);

}  // namespace tripost
