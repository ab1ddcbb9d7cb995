// The regular expressions of tokenizer.json, run by PCRE2.
//
// The files are written for Oniguruma (what Hugging Face runs). Where PCRE2 reads a construct
// otherwise it is translated
// (\s and \w in their Unicode meaning, ^ and $ at every line); what cannot be translated is an
// Error that names it. Thread-safe after construction. Newest Unicode characters may be classed as
// unassigned: PCRE2 10.42 knows Unicode 14.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;

namespace tripost {

struct Span {
  std::size_t begin;
  std::size_t end;
};

class Regex {
 public:
  // `where` names the file and component in error messages.
  Regex(std::string_view oniguruma_pattern, const std::string& where);

  // A pattern that matches exactly `text`.
  static std::string escape(std::string_view text);

  // What one thread needs to search; make one, use it for many texts.
  class Matcher {
   public:
    explicit Matcher(const Regex& regex);
    // All matches in `text` (valid UTF-8), in order, not overlapping; replaces the contents of
    // `matches`. An empty match right behind another match does not count.
    void find_all(std::string_view text, std::vector<Span>& matches);

   private:
    int match_at(std::string_view text, std::size_t position);

    std::shared_ptr<const pcre2_real_code_8> code_;
    std::unique_ptr<pcre2_real_match_data_8, void (*)(pcre2_real_match_data_8*)> data_;
  };

 private:
  std::shared_ptr<const pcre2_real_code_8> code_;
};

}  // namespace tripost
