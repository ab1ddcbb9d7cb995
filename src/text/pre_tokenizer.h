// Cuts text into the pieces ("words") that byte-pair merges never cross, as tokenizer.json's
// pre_tokenizer says.
//
// Supported: ByteLevel, Split (Regex or String), Digits, and a Sequence of them. ByteLevel must be
// the last, for only byte-level vocabularies are supported; turning bytes into its alphabet is the
// vocabulary's business (text/byte_pair.h), so pieces stay plain bytes. Thread-safe after
// construction.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "text/regex.h"
#include "text/tokenizer_file.h"

namespace tripost {

class PreTokenizer {
 public:
  PreTokenizer(const TokenizerJson& config, const std::string& where);

  // One thread's work space; make one for a text and use it for all its parts.
  class Splitter {
   public:
    explicit Splitter(const PreTokenizer& owner);
    using Sink = std::function<void(std::string_view piece)>;
    // Calls `sink` for each piece of `text` (valid UTF-8), in order. A piece lives until the call
    // returns.
    void split(std::string_view text, const Sink& sink) { run(0, text, sink); }

   private:
    void run(std::size_t step, std::string_view text, const Sink& sink);

    struct WorkSpace {
      Regex::Matcher matcher;
      std::vector<Span> pieces;
      std::string prefixed;
    };
    const PreTokenizer& owner_;
    std::vector<WorkSpace> work_spaces_;
  };

 private:
  // What becomes of the matches of a pattern. The names are tokenizer.json's.
  enum class Behavior { kIsolated, kRemoved, kMergedWithPrevious, kMergedWithNext, kContiguous };

  struct Step {
    Regex pattern;
    Behavior behavior = Behavior::kIsolated;
    bool invert = false;  // what lies between matches counts as the matches
    bool splits = true;   // false for a ByteLevel that only adds the blank
    bool add_prefix_blank = false;
  };

  void add(const TokenizerJson& config, const std::string& where);
  void add_split(const TokenizerJson& config, const std::string& where);
  void add_byte_level(const TokenizerJson& config, const std::string& where);
  static Behavior behavior_of(const std::string& name, const std::string& where);
  static void arrange(const Step& step, std::size_t text_size, std::vector<Span>& pieces);

  std::vector<Step> steps_;
  bool has_byte_level_ = false;
};

}  // namespace tripost
