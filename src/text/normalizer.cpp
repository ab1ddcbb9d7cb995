#include "text/normalizer.h"

#include <utf8proc.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "text/quote.h"
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

std::string composed(std::string_view text) {
  std::vector<int32_t> characters = decompose(text);
  sort_marks(characters);
  const auto count =
      utf8proc_normalize_utf32(characters.data(), static_cast<utf8proc_ssize_t>(characters.size()),
                               static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  std::string result;
  result.reserve(text.size());
  for (utf8proc_ssize_t i = 0; i < count; ++i)
    append_utf8(static_cast<char32_t>(characters[static_cast<std::size_t>(i)]), result);
  return result;
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
    steps_.push_back({Kind::kCompose, "", ""});
  } else if (type == "Prepend") {
    steps_.push_back({Kind::kPrepend, "", short_text_of(config, "prepend", where)});
  } else if (type == "Replace") {
    steps_.push_back({Kind::kReplace, string_pattern_of(config, where),
                      short_text_of(config, "content", where)});
  } else {
    fail_unsupported(where, type, "null, NFC, Prepend, Replace and a Sequence of them");
  }
  // Each makes the text longer by a factor.
  constexpr std::size_t kMaxSteps = 4;
  if (steps_.size() > kMaxSteps) fail("{}: more than {} steps", where, kMaxSteps);
}

bool Normalizer::reads_characters() const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [](const Step& step) { return step.kind == Kind::kCompose; });
}

std::string Normalizer::apply(std::string_view text, TextPlace place) const {
  std::string result(text);
  for (const Step& step : steps_) {
    if (step.kind == Kind::kCompose) {
      if (!is_ascii(result)) result = composed(result);
    } else if (step.kind == Kind::kPrepend) {
      if (!result.empty() && place != TextPlace::kContinues) result.insert(0, step.content);
    } else {
      result = with_replaced(result, step.pattern, step.content);
    }
  }
  return result;
}

std::string string_pattern_of(const TokenizerJson& component, const std::string& where) {
  const auto pattern = component.find("pattern");
  std::string text;
  if (pattern != component.end() && pattern->is_object() && pattern->size() == 1)
    text = text_of(*pattern, "String", "", where + ": pattern");
  if (text.empty()) fail("{}: only a pattern that is {{\"String\": \"...\"}} is supported", where);
  return text;
}

std::string short_text_of(const TokenizerJson& component, const char* key,
                          const std::string& where) {
  constexpr std::size_t kMostBytes = 8;
  std::string text = text_of(component, key, "", where);
  if (text.size() > kMostBytes)
    fail("{}: {} is {}, more than {} bytes are not supported", where, key, quote(text), kMostBytes);
  return text;
}

std::string with_replaced(std::string_view text, std::string_view pattern,
                          std::string_view content) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t done = 0;;) {
    const std::size_t found = text.find(pattern, done);
    result += text.substr(done, found - done);
    if (found == text.npos) return result;
    result += content;
    done = found + pattern.size();
  }
}

}  // namespace tripost
