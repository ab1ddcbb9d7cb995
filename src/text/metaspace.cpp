#include "text/metaspace.h"

#include "text/normalizer.h"

namespace tripost {

Metaspace::Metaspace(const TokenizerJson& config, const std::string& where)
    : splits_(flag_of(config, "split", true, where)) {
  const std::string mark = text_of(config, "replacement", std::string(kBlankMark), where);
  if (mark != kBlankMark) fail_unsupported(where + ": replacement", mark, "U+2581");
  // Older files say add_prefix_space.
  const bool adds = flag_of(config, "add_prefix_space", true, where);
  const std::string scheme = text_of(config, "prepend_scheme", adds ? "always" : "never", where);
  if (scheme == "always") {
    scheme_ = Scheme::kAlways;
  } else if (scheme == "first") {
    scheme_ = Scheme::kFirst;
  } else if (scheme == "never") {
    scheme_ = Scheme::kNever;
  } else {
    fail_unsupported(where + ": prepend_scheme", scheme, "always, first and never");
  }
}

std::string Metaspace::apply(std::string_view text, TextPlace place) const {
  std::string marked = with_replaced(text, " ", kBlankMark);
  const bool adds = (scheme_ == Scheme::kAlways && place != TextPlace::kContinues) ||
                    (scheme_ == Scheme::kFirst && place == TextPlace::kOpens);
  if (adds && !marked.starts_with(kBlankMark)) marked.insert(0, kBlankMark);
  return marked;
}

}  // namespace tripost
