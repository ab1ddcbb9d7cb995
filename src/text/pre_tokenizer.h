// Cuts text into the pieces ("words") that byte-pair merges never cross, as tokenizer.json's
// pre_tokenizer says.
//
// Supported: ByteLevel, Split (Regex or String), Digits, and a Sequence of them that ends in
// ByteLevel, for vocabularies of bytes; turning bytes into its alphabet is the vocabulary's
// business (text/byte_pair.h), so pieces stay plain bytes. For vocabularies of characters: null and
// Metaspace. Thread-safe after construction.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/metaspace.h"
#include "text/regex.h"
#include "text/tokenizer_file.h"

namespace tripost {

class PreTokenizer {
 public:
  PreTokenizer(const TokenizerJson& config, const std::string& where);

  // Whether the vocabulary is one of bytes, written in the byte-level alphabet.
  bool is_byte_level() const { return has_byte_level_; }

  // One thread's work space; make one for a text and use it for all its parts.
  class Splitter {
   public:
    explicit Splitter(const PreTokenizer& owner);
    using Sink = std::function<void(std::string_view piece)>;
    // Calls `sink` for each piece of `text`, in order. A piece lives until the call returns. The
    // text is valid UTF-8 for a vocabulary of bytes.
    void split(std::string_view text, TextPlace place, const Sink& sink);

   private:
    void split_at_marks(std::string_view text, const Sink& sink);
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
  std::optional<Metaspace> metaspace_;
  bool has_byte_level_ = false;
};

}  // namespace tripost
