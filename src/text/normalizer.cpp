#include "text/normalizer.h"

#include <utf8proc.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "text/utf8.h"

namespace tripost {
namespace {

int combining_class(int32_t character) { return utf8proc_get_property(character)->combining_class; }

// utf8proc_decompose sorts marks by exchanging neighbours, which is quadratic on a long run of
// them; so characters are decomposed one by one and the runs sorted here.
std::vector<int32_t> decompose(std::string_view text) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE);
  std::vector<int32_t> characters;
  characters.reserve(text.size() + 1);
  for (std::size_t i = 0; i < text.size(); i += utf8_length_at(text, i)) {
    int32_t parts[32];  // the longest canonical decomposition has 4 characters
    int last_boundary = 0;
    const auto count = utf8proc_decompose_char(static_cast<int32_t>(utf8_character_at(text, i)),
                                               parts, std::size(parts), kOptions, &last_boundary);
    assert(count >= 0 && count <= static_cast<utf8proc_ssize_t>(std::size(parts)));
    characters.insert(characters.end(), parts, parts + count);
  }
  return characters;
}

void sort_marks(std::vector<int32_t>& characters) {
  for (auto run = characters.begin(); run != characters.end();) {
    if (combining_class(*run) == 0) {
      ++run;
      continue;
    }
    const auto end =
        std::find_if(run, characters.end(), [](int32_t c) { return combining_class(c) == 0; });
    std::stable_sort(run, end,
                     [](int32_t a, int32_t b) { return combining_class(a) < combining_class(b); });
    run = end;
  }
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

}  // namespace

Normalizer::Normalizer(const TokenizerJson& config, const std::string& where) {
  if (!config.is_null()) add(config, where);
}

void Normalizer::add(const TokenizerJson& config, const std::string& where) {
  const std::string type = type_of(config, where);
  if (type == "Sequence") {
    for (const TokenizerJson& part : list_of(config, "normalizers", where)) add(part, where);
  } else if (type == "NFC") {
    composes_ = true;
  } else {
    fail_unsupported(where, type, "null, NFC and a Sequence of NFC");
  }
}

std::string Normalizer::apply(std::string_view text) const {
  if (!composes_ || is_ascii(text)) return std::string(text);
  std::vector<int32_t> characters = decompose(text);
  sort_marks(characters);
  const auto count =
      utf8proc_normalize_utf32(characters.data(), static_cast<utf8proc_ssize_t>(characters.size()),
                               static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  std::string composed;
  composed.reserve(text.size());
  for (utf8proc_ssize_t i = 0; i < count; ++i)
    append_utf8(static_cast<char32_t>(characters[static_cast<std::size_t>(i)]), composed);
  return composed;
}

}  // namespace tripost
