#define PCRE2_CODE_UNIT_WIDTH 8
#include "text/regex.h"

#include <pcre2.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "text/quote.h"
#include "text/utf8.h"

namespace tripost {
namespace {

// Oniguruma's Unicode meaning of a class escape, inside or outside a bracket; empty when PCRE2
// means the same.
std::string translate_escape(char letter, bool in_bracket, const std::string& where) {
  constexpr std::string_view kWord = "\\p{L}\\p{M}\\p{Nd}\\p{Pc}";
  switch (letter) {
    case 's':  // PCRE2 adds U+180E
      return "\\p{White_Space}";
    case 'S':
      return "\\P{White_Space}";
    case 'w':  // PCRE2 leaves out marks and connectors other than "_", and adds other numbers
      return in_bracket ? std::string(kWord) : fmt::format("[{}]", kWord);
    case 'W':
      if (!in_bracket) return fmt::format("[^{}]", kWord);
      [[fallthrough]];
    case 'h':
    case 'H':
      fail("{}: the pattern escape \\{}{} is not supported; write the characters out", where,
           letter, in_bracket ? " inside a bracket" : "");
    default:
      return "";
  }
}

// Rewrites what the two dialects read differently, one construct at a time.
class Translation {
 public:
  Translation(std::string_view pattern, const std::string& where)
      : pattern_(pattern), where_(where) {}

  std::string run() {
    while (position_ < pattern_.size()) {
      if (rest().front() == '\\' && rest().size() > 1) {
        translate_backslash();
      } else if (in_bracket_ && rest().starts_with("[:") &&
                 rest().find(":]") != std::string_view::npos) {
        copy(rest().find(":]") + 2);
      } else {
        refuse_other_meaning();
        if (rest().front() == '[') in_bracket_ = true;
        if (rest().front() == ']') in_bracket_ = false;
        copy(1);
      }
    }
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return pattern_.substr(position_); }

  void copy(std::size_t count) {
    out_ += rest().substr(0, count);
    position_ += count;
  }

  void translate_backslash() {
    const std::string escape = translate_escape(rest()[1], in_bracket_, where_);
    if (!escape.empty()) {
      out_ += escape;
      position_ += 2;
    } else if (rest().size() > 2 && rest()[2] == '{') {  // \p{...}
      copy(std::min(rest().find('}'), rest().size() - 1) + 1);
    } else {
      copy(2);
    }
  }

  void refuse_other_meaning() const {
    const auto refuse = [&](const char* what) {
      fail("{}: {} in a pattern is not supported: {}", where_, what, quote(pattern_));
    };
    if (in_bracket_ && rest().starts_with("&&")) refuse("&& inside a bracket (a set of sets)");
    if (in_bracket_ && rest().front() == '[') refuse("[ inside a bracket (a set of sets)");
    // Oniguruma repeats the repetition, PCRE2 makes it possessive.
    if (!in_bracket_ && rest().starts_with("}+")) refuse("+ behind a repetition count");
  }

  std::string_view pattern_;
  const std::string& where_;
  std::size_t position_ = 0;
  bool in_bracket_ = false;
  std::string out_;
};

[[noreturn]] void fail_match(int code) {
  std::array<PCRE2_UCHAR, 200> message{};
  pcre2_get_error_message(code, message.data(), message.size());
  fail("the tokenizer's pattern could not be matched: {}; is the text one very long piece?",
       reinterpret_cast<const char*>(message.data()));
}

}  // namespace

Regex::Regex(std::string_view oniguruma_pattern, const std::string& where) {
  const std::string pattern = Translation(oniguruma_pattern, where).run();
  int error = 0;
  PCRE2_SIZE offset = 0;
  std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)> context(
      pcre2_compile_context_create(nullptr), &pcre2_compile_context_free);
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_code* code =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                    PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C, &error,
                    &offset, context.get());
  if (code == nullptr) {
    std::array<PCRE2_UCHAR, 200> message{};
    pcre2_get_error_message(error, message.data(), message.size());
    fail("{}: not a valid pattern: {} ({} at character {})", where, quote(oniguruma_pattern),
         reinterpret_cast<const char*>(message.data()), offset);
  }
  code_.reset(code,
              [](const pcre2_code* owned) { pcre2_code_free(const_cast<pcre2_code*>(owned)); });
  // Where JIT is not to be had, the interpreter gives the same matches.
  pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
}

std::string Regex::escape(std::string_view text) {
  std::string pattern;
  for (const char byte : text) {
    if (std::string_view("\\^$.|?*+()[]{}-&#").find(byte) != std::string_view::npos)
      pattern += '\\';
    pattern += byte;
  }
  return pattern;
}

Regex::Matcher::Matcher(const Regex& regex)
    : code_(regex.code_),
      data_(pcre2_match_data_create_from_pattern(code_.get(), nullptr), &pcre2_match_data_free) {}

int Regex::Matcher::match_at(std::string_view text, std::size_t position) {
  const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  // The text is known to be valid; checking it again at every match would make the search
  // quadratic.
  const int found = pcre2_match(code_.get(), subject, text.size(), position, PCRE2_NO_UTF_CHECK,
                                data_.get(), nullptr);
  if (found != PCRE2_ERROR_JIT_STACKLIMIT) return found;
  // The interpreter keeps its stack on the heap.
  return pcre2_match(code_.get(), subject, text.size(), position, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
                     data_.get(), nullptr);
}

void Regex::Matcher::find_all(std::string_view text, std::vector<Span>& matches) {
  matches.clear();
  std::size_t position = 0;
  while (position <= text.size()) {
    const int found = match_at(text, position);
    if (found == PCRE2_ERROR_NOMATCH) return;
    if (found < 0) fail_match(found);
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(data_.get());
    const Span match{bounds[0], bounds[1]};
    if (match.begin == match.end && !matches.empty() && matches.back().end == match.end) {
      position += position < text.size() ? utf8_length_at(text, position) : 1;
      continue;
    }
    matches.push_back(match);
    position = match.end;
  }
}

}  // namespace tripost
