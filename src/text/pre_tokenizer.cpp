#include "text/pre_tokenizer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "text/quote.h"

namespace tripost {
namespace {

constexpr const char* kSupported =
    "null, Metaspace, ByteLevel, Split, Digits and a Sequence of the last three that ends in "
    "ByteLevel";
constexpr const char* kByteLevelPattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr std::size_t kMaxSteps = 64;  // each step is a level of recursion

struct Part {
  Span span;
  bool is_match;
};

// Matches and what lies between them, covering the whole text.
std::vector<Part> cover(const std::vector<Span>& matches, std::size_t text_size, bool invert) {
  std::vector<Part> parts;
  std::size_t previous = 0;
  for (const Span& match : matches) {
    if (previous != match.begin) parts.push_back({{previous, match.begin}, invert});
    parts.push_back({match, !invert});
    previous = match.end;
  }
  if (previous != text_size) parts.push_back({{previous, text_size}, invert});
  return parts;
}

std::vector<Span> without_matches(const std::vector<Part>& parts) {
  std::vector<Span> pieces;
  for (const Part& part : parts) {
    if (!part.is_match) pieces.push_back(part.span);
  }
  return pieces;
}

// A part that `joins` (itself, the one before it in the direction of travel) extends the piece
// before it.
template <class Joins>
std::vector<Span> joined(const std::vector<Part>& parts, Joins joins) {
  std::vector<Span> pieces;
  bool previous_is_match = false;
  for (const Part& part : parts) {
    if (!pieces.empty() && joins(part.is_match, previous_is_match)) {
      pieces.back().begin = std::min(pieces.back().begin, part.span.begin);
      pieces.back().end = std::max(pieces.back().end, part.span.end);
    } else {
      pieces.push_back(part.span);
    }
    previous_is_match = part.is_match;
  }
  return pieces;
}

bool match_after_rest(bool is_match, bool previous_is_match) {
  return is_match && !previous_is_match;
}
bool same_kind(bool is_match, bool previous_is_match) { return is_match == previous_is_match; }

}  // namespace

PreTokenizer::PreTokenizer(const TokenizerJson& config, const std::string& where) {
  if (config.is_null()) return;
  if (type_of(config, where) == "Metaspace") {
    metaspace_.emplace(config, where);
    return;
  }
  add(config, where);
  if (!has_byte_level_) {
    fail("{}: there is no ByteLevel in it; without it only null and Metaspace are supported",
         where);
  }
}

void PreTokenizer::add(const TokenizerJson& config, const std::string& where) {
  const std::string type = type_of(config, where);
  if (type == "Sequence") {
    for (const TokenizerJson& part : list_of(config, "pretokenizers", where)) add(part, where);
    return;
  }
  if (has_byte_level_)
    fail("{}: {} follows ByteLevel; ByteLevel must be the last", where, quote(type));
  if (steps_.size() == kMaxSteps) fail("{}: more than {} steps", where, kMaxSteps);
  if (type == "ByteLevel") {
    add_byte_level(config, where);
  } else if (type == "Split") {
    add_split(config, where);
  } else if (type == "Digits") {
    const bool individual = flag_of(config, "individual_digits", false, where);
    steps_.push_back({.pattern = Regex("\\p{N}", where),
                      .behavior = individual ? Behavior::kIsolated : Behavior::kContiguous});
  } else {
    fail_unsupported(where, type, kSupported);
  }
}

void PreTokenizer::add_byte_level(const TokenizerJson& config, const std::string& where) {
  has_byte_level_ = true;
  const bool splits = flag_of(config, "use_regex", true, where);
  const bool add_prefix_blank = flag_of(config, "add_prefix_space", true, where);
  if (!splits && !add_prefix_blank) return;
  steps_.push_back({.pattern = Regex(kByteLevelPattern, where),
                    .splits = splits,
                    .add_prefix_blank = add_prefix_blank});
}

void PreTokenizer::add_split(const TokenizerJson& config, const std::string& where) {
  const auto pattern = config.find("pattern");
  const auto text_in = [&](const char* key) {
    return text_of(*pattern, key, "", where + ": pattern");
  };
  std::string regex;
  if (pattern != config.end() && pattern->is_object()) {
    regex = pattern->contains("Regex") ? text_in("Regex") : Regex::escape(text_in("String"));
  }
  if (regex.empty()) {
    fail("{}: Split needs a pattern that is {{\"Regex\": \"...\"}} or {{\"String\": \"...\"}}",
         where);
  }
  steps_.push_back({.pattern = Regex(regex, where),
                    .behavior = behavior_of(text_of(config, "behavior", "", where), where),
                    .invert = flag_of(config, "invert", false, where)});
}

PreTokenizer::Behavior PreTokenizer::behavior_of(const std::string& name,
                                                 const std::string& where) {
  constexpr std::array<std::pair<const char*, Behavior>, 5> kNames{
      {{"Isolated", Behavior::kIsolated},
       {"Removed", Behavior::kRemoved},
       {"MergedWithPrevious", Behavior::kMergedWithPrevious},
       {"MergedWithNext", Behavior::kMergedWithNext},
       {"Contiguous", Behavior::kContiguous}}};
  for (const auto& [known, behavior] : kNames) {
    if (name == known) return behavior;
  }
  fail_unsupported(where + ": behavior", name,
                   "Isolated, Removed, MergedWithPrevious, MergedWithNext and Contiguous");
}

// Turns matches into pieces, in place.
void PreTokenizer::arrange(const Step& step, std::size_t text_size, std::vector<Span>& pieces) {
  std::vector<Part> parts = cover(pieces, text_size, step.invert);
  switch (step.behavior) {
    case Behavior::kRemoved:
      pieces = without_matches(parts);
      break;
    case Behavior::kIsolated:
      pieces = joined(parts, [](bool, bool) { return false; });
      break;
    case Behavior::kContiguous:
      pieces = joined(parts, same_kind);
      break;
    case Behavior::kMergedWithPrevious:
      pieces = joined(parts, match_after_rest);
      break;
    case Behavior::kMergedWithNext:
      std::reverse(parts.begin(), parts.end());
      pieces = joined(parts, match_after_rest);
      std::reverse(pieces.begin(), pieces.end());
      break;
  }
}

PreTokenizer::Splitter::Splitter(const PreTokenizer& owner) : owner_(owner) {
  for (const Step& step : owner.steps_)
    work_spaces_.push_back({Regex::Matcher(step.pattern), {}, {}});
}

void PreTokenizer::Splitter::split(std::string_view text, TextPlace place, const Sink& sink) {
  if (text.empty()) return;
  if (!owner_.metaspace_) return run(0, text, sink);
  const std::string marked = owner_.metaspace_->apply(text, place);
  if (owner_.metaspace_->splits()) {
    split_at_marks(marked, sink);
  } else {
    sink(marked);
  }
}

// Every piece but the first begins with a mark.
void PreTokenizer::Splitter::split_at_marks(std::string_view text, const Sink& sink) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(kBlankMark, begin + 1), text.size());
    sink(text.substr(begin, end - begin));
    begin = end;
  }
}

void PreTokenizer::Splitter::run(std::size_t index, std::string_view text, const Sink& sink) {
  if (text.empty()) return;
  if (index == owner_.steps_.size()) return sink(text);
  const Step& step = owner_.steps_[index];
  WorkSpace& work = work_spaces_[index];
  if (step.add_prefix_blank && !text.starts_with(' ')) {
    work.prefixed.assign(1, ' ').append(text);
    text = work.prefixed;
  }
  if (!step.splits) return run(index + 1, text, sink);
  work.matcher.find_all(text, work.pieces);
  arrange(step, text.size(), work.pieces);
  for (const Span& piece : work.pieces) {
    run(index + 1, text.substr(piece.begin, piece.end - piece.begin), sink);
  }
}

}  // namespace tripost
