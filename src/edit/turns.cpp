#include "edit/turns.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <string>
#include <utility>

#include "text/prompt.h"

namespace tripost {
namespace {

const char* name_of(Author author) {
  switch (author) {
    case Author::kTask:
      return "task";
    case Author::kAttempt:
      return "attempt";
    case Author::kFeedback:
      return "feedback";
    case Author::kImprovement:
      return "improvement";
  }
  return "";
}

// What one record holds: attempts with their feedback; the last one's feedback may be left out.
struct Content {
  const Problem& problem;
  std::vector<Turn> turns;
  std::vector<bool> right;  // turns[i].attempt is right
};

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || (c & 0x80) != 0;
}

// The first word or number of `update` that is not as in `attempt`: where it begins and ends, with
// the marks before it where they are new too. Both texts open with a newline. Empty, at the end,
// when the update is the attempt or its beginning.
std::pair<std::size_t, std::size_t> first_changed_word(const std::string& attempt,
                                                       const std::string& update) {
  const auto differ = std::mismatch(attempt.begin(), attempt.end(), update.begin(), update.end());
  const auto common = static_cast<std::size_t>(differ.second - update.begin());
  const auto goes_on = [&](const std::string& text) {
    return common < text.size() && in_word(text[common]);
  };
  std::size_t begin = common, end = common;
  if (goes_on(attempt) || goes_on(update)) {
    while (in_word(update[begin - 1])) --begin;
  }
  if (begin == common) {
    while (end < update.size() && !in_word(update[end])) ++end;
  }
  while (end < update.size() && in_word(update[end])) ++end;
  return {begin, end};
}

Record make_record(const Content& content, RecordKind kind, const TurnWeights& weights,
                   float section_weight) {
  Record record;
  record.kind = kind;
  record.problem_id = content.problem.id;
  std::size_t turn = 0;  // of the attempt that comes next
  float weight = 1.0f;   // of what follows
  for (const Piece& piece :
       render({content.problem.question, content.problem.lead_in, content.turns})) {
    float piece_weight = weight;
    if (piece.author == Author::kTask) {
      piece_weight *= weights.question;
    } else if (piece.author == Author::kAttempt) {
      piece_weight = content.right[turn++] ? weights.attempt : weights.wrong_attempt;
      weight = section_weight;
    } else if (piece.author == Author::kImprovement) {
      piece_weight = section_weight * (content.right[turn++] ? 1.0f : weights.wrong_attempt);
    }
    const auto add = [&](std::size_t from, std::size_t to, float section) {
      if (from == to) return;
      const std::size_t begin = record.text.size();
      record.text += piece.text.substr(from, to - from);
      record.sections.push_back({begin, record.text.size(), section, name_of(piece.author)});
    };
    const bool mends = piece.author == Author::kImprovement && weights.mended != 1.0f;
    const auto [begin, end] =
        mends ? first_changed_word("\n" + content.turns[turn - 2].attempt, piece.text)
              : std::pair(piece.text.size(), piece.text.size());
    add(0, begin, piece_weight);
    add(begin, end, piece_weight * weights.mended);
    add(end, piece.text.size(), piece_weight);
  }
  return record;
}

Content content_of(const Trajectory& trajectory, std::size_t first, std::size_t last) {
  Content content{trajectory.problem, {}, {}};
  for (std::size_t i = first; i <= last; ++i) {
    const Step& step = trajectory.steps[i];
    content.turns.push_back({step.attempt.text, step.feedback.text});
    content.right.push_back(step.feedback.review.correct);
  }
  return content;
}

std::vector<Record> improved_records(const Trajectory& trajectory, const TurnWeights& weights,
                                     TurnConversion conversion) {
  const std::size_t last = trajectory.steps.size() - 1;
  if (conversion == TurnConversion::kWhole) {
    return {make_record(content_of(trajectory, 0, last), RecordKind::kImprovement, weights,
                        weights.section)};
  }
  std::vector<Record> records;
  for (std::size_t i = 0; i < last; ++i) {
    Content content = content_of(trajectory, i, i + 1);
    content.turns.back().feedback.clear();
    records.push_back(make_record(content, RecordKind::kImprovement, weights, weights.section));
  }
  records.push_back(make_record(content_of(trajectory, last, last), RecordKind::kCorrected, weights,
                                weights.section));
  return records;
}

}  // namespace

std::vector<Record> turn_records(const Trajectory& trajectory, const TurnWeights& weights,
                                 TurnConversion conversion) {
  const auto first_turn = [&](float section_weight) {
    return make_record(content_of(trajectory, 0, 0), RecordKind::kNonImprovement, weights,
                       section_weight);
  };
  switch (trajectory.outcome) {
    case Outcome::kImproved:
      return improved_records(trajectory, weights, conversion);
    case Outcome::kCorrect:
      return {first_turn(weights.first_praise)};
    case Outcome::kFeedbackOnly:
      return {first_turn(weights.section)};
    case Outcome::kUnreadable:
    case Outcome::kNoImprovement:
    case Outcome::kUnfinished:
    case Outcome::kFailed:
      break;
  }
  return {};
}

Record rationale_record(const Problem& problem, float question_weight) {
  assert(!problem.rationale.empty());
  return make_record({problem, {{problem.rationale, ""}}, {true}}, RecordKind::kGold,
                     {.question = question_weight}, 1.0f);
}

Record gold_record(const Problem& problem, const Task& task, const TurnWeights& weights) {
  assert(!problem.rationale.empty());
  const Content content{problem, {{problem.rationale, task.praise(problem.rationale)}}, {true}};
  return make_record(content, RecordKind::kGold, weights, weights.first_praise);
}

}  // namespace tripost
