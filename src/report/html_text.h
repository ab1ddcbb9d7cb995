// Text from models and files on its way into a page.
#pragma once

#include <string>

namespace tripost {

// A text with &, <, >, " and ' replaced, for element content and attributes.
std::string escape_html(const std::string& text);

// "62.5": a share of 0..1 in per cent.
std::string percent_text(double share);

}  // namespace tripost
