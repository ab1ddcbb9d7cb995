// Who finds the first wrong step, and who rewrites from there: a script, an LLM or a user's program
// behind two interfaces.
//
// Both answer in batches, in the order of the requests, so that a slow source may work on many at
// once. A source never throws for what it is told or answers: what goes wrong with one request
// stays in that request's answer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "task/task.h"
#include "trajectory/trajectory.h"

namespace tripost {

struct ReviewRequest {
  const Problem* problem;  // outlives the call
  std::string attempt;
};

struct Reviewed {
  Review review;
  std::string failure;  // why there is no review: the endpoint or program failed; empty otherwise
};

// What a source did, by cause: "asked", "segment_not_in_step", ... For people and counts.json.
using SourceCounts = std::map<std::string, int64_t>;

class FeedbackSource {
 public:
  virtual ~FeedbackSource() = default;
  virtual Source source() const = 0;
  // Its answers come from another machine, so that this one is free while it is asked. Then it is
  // asked in a thread of its own, one call at a time.
  virtual bool waits() const { return false; }
  virtual std::vector<Reviewed> review(const std::vector<ReviewRequest>& requests) = 0;
  // Since the last call; empty for a source that cannot fail.
  virtual SourceCounts take_counts() { return {}; }
};

struct ImprovementRequest {
  const Problem* problem;  // outlives the call
  std::string attempt;
  Review review;  // says which step is wrong; review.feedback is the sentence
};

struct Improved {
  std::optional<std::string> attempt;  // the whole corrected attempt, kept steps included
  std::string why;                     // why there is none: the kept steps cannot be continued
  std::string failure;                 // why there is none: the endpoint or program failed
};

class ImprovementSource {
 public:
  virtual ~ImprovementSource() = default;
  virtual Source source() const = 0;
  virtual bool waits() const { return false; }  // as above
  virtual std::vector<Improved> improve(const std::vector<ImprovementRequest>& requests) = 0;
  // Since the last call; empty for a source that cannot fail.
  virtual SourceCounts take_counts() { return {}; }
};

}  // namespace tripost
