// Training records: what the balance step hands to training, and their JSONL form.
//
// A record is one document cut into sections with a float loss weight each. The JSONL form is
//   {"text": "...", "sections": [{"begin": 0, "end": 57, "weight": 0.0, "author": "task"}, ...],
//   "kind": "improvement", ...}
// with byte offsets into the UTF-8 text, covering it without holes. The text is valid UTF-8:
// whoever takes text from a model repairs it first, because a repair on writing would move the
// offsets. The reference's own training files
// ({"text", "text_att_start_text", "meta_data"}) are read too: one weight before the marker,
// another from it on.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "trajectory/trajectory.h"

namespace tripost {

// A right first attempt (or one with feedback only) is a non-improvement; a corrected one is what
// an attempt became, with its praise, and counts with them in the mix.
enum class RecordKind { kImprovement, kNonImprovement, kCorrected, kGold, kOther };

// Bytes [begin, end) of the text. A border between authors is also one of tokenisation
// (text/prompt.h), and so is any border where the author is not said; within one author's text it
// parts the weights alone.
struct WeightedSection {
  std::size_t begin = 0;
  std::size_t end = 0;
  float weight = 1.0f;
  std::string author;  // "task", "attempt", "feedback" or "improvement"; empty when unknown
};

struct Record {
  std::string text;
  std::vector<WeightedSection> sections;
  RecordKind kind = RecordKind::kOther;
  std::string problem_id;  // empty when the record comes from a file without one
  // Whether the document ends here, so that training teaches the end-of-text token.
  bool ends = true;
};

const char* name_of(RecordKind kind);

Json to_json(const Record& record);

// Reads our own form and the reference's. `marker_weight` is the weight from text_att_start_text on
// when that marker contains "Feedback" (paper: self_improve_section_weight), 1 otherwise. The
// reference's records are cut where the prompt renderer would cut them, so that both forms give the
// same tokens. Throws Error opening with `where`.
Record record_from_json(const Json& value, const std::string& where, float marker_weight = 1.0f);

}  // namespace tripost
