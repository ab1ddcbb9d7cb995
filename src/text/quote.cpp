#include "text/quote.h"

#include "base/json.h"

namespace tripost {

std::string quote(std::string_view text) {
  constexpr std::size_t kShown = 100;
  return to_line(Json(std::string(text.substr(0, kShown))));
}

}  // namespace tripost
