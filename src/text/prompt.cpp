#include "text/prompt.h"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "base/error.h"
#include "text/quote.h"

namespace tripost {
namespace {

constexpr std::string_view kQuestionLabel = "Q: ";
constexpr std::string_view kAnswerLabel = "\nAnswer:";

std::string after_label(const std::string& text) { return text.empty() ? "" : " " + text; }

// The rest of the document from `position`: attempts and feedback in turn.
class TurnReader {
 public:
  TurnReader(const std::string& text, std::size_t position, std::string lead_in, std::string where)
      : text_(text), position_(position), lead_in_(std::move(lead_in)), where_(std::move(where)) {}

  std::vector<Turn> read() {
    std::vector<Turn> turns;
    while (position_ < text_.size()) {
      turns.push_back(read_turn());
      if (position_ == text_.size()) break;
      expect(kUpdateLabel, "after a feedback line");
      expect(after_label(lead_in_), "after \"Updated Answer:\"");
      if (position_ == text_.size())
        fail("{}: the document ends before the updated answer", where_);
    }
    return turns;
  }

 private:
  Turn read_turn() {
    expect("\n", "after the lead-in");
    const std::size_t label = text_.find(kFeedbackLabel, position_);
    Turn turn;
    if (label == std::string::npos) {
      turn.attempt = text_.substr(position_);
      position_ = text_.size();
      return turn;
    }
    turn.attempt = text_.substr(position_, label - position_);
    position_ = label + std::string_view(kFeedbackLabel).size();
    const std::size_t end = std::min(text_.find('\n', position_), text_.size());
    turn.feedback = text_.substr(position_, end - position_);
    if (turn.feedback.starts_with(' ')) turn.feedback.erase(0, 1);
    position_ = end;
    if (turn.feedback.empty() && position_ < text_.size()) {
      fail("{}: the feedback line after attempt {} is empty but text follows it", where_,
           quote(turn.attempt));
    }
    return turn;
  }

  void expect(std::string_view expected, const char* place) {
    if (text_.compare(position_, expected.size(), expected) != 0) {
      fail("{}: expected {} {}, found {}; is this another task's lead-in?", where_, quote(expected),
           place, quote(std::string_view(text_).substr(position_)));
    }
    position_ += expected.size();
  }

  const std::string& text_;
  std::size_t position_;
  std::string lead_in_;
  std::string where_;
};

Prompt joined(const std::vector<Piece>& pieces) {
  Prompt prompt;
  for (const Piece& piece : pieces) {
    if (!prompt.text.empty()) prompt.borders.push_back(prompt.text.size());
    prompt.text += piece.text;
  }
  return prompt;
}

}  // namespace

std::vector<Piece> render(const Conversation& conversation) {
  const std::string lead_in = after_label(conversation.lead_in);
  std::vector<Piece> pieces;
  pieces.push_back({Author::kTask, std::string(kQuestionLabel) + conversation.question +
                                       std::string(kAnswerLabel) + lead_in});
  for (std::size_t i = 0; i < conversation.turns.size(); ++i) {
    const Turn& turn = conversation.turns[i];
    if (i > 0) pieces.push_back({Author::kTask, kUpdateLabel + lead_in});
    pieces.push_back({i == 0 ? Author::kAttempt : Author::kImprovement, "\n" + turn.attempt});
    assert((!turn.feedback.empty() || i + 1 == conversation.turns.size()) &&
           "only the last turn may lack feedback");
    if (turn.feedback.empty()) continue;
    pieces.push_back({Author::kTask, kFeedbackLabel});
    pieces.push_back({Author::kFeedback, " " + turn.feedback});
  }
  return pieces;
}

std::string document(const Conversation& conversation) { return joined(render(conversation)).text; }

Prompt prompt_for_attempt(const Conversation& conversation) {
  std::vector<Piece> pieces = render(conversation);
  if (!conversation.turns.empty()) {
    assert(!conversation.turns.back().feedback.empty() && "an update answers feedback");
    pieces.push_back({Author::kTask, kUpdateLabel + after_label(conversation.lead_in)});
  }
  return joined(pieces);
}

Prompt prompt_for_feedback(const Conversation& conversation) {
  assert(!conversation.turns.empty() && conversation.turns.back().feedback.empty() &&
         "feedback is asked for on an attempt that has none yet");
  std::vector<Piece> pieces = render(conversation);
  pieces.push_back({Author::kTask, kFeedbackLabel});
  return joined(pieces);
}

Conversation parse_document(const std::string& text, const std::string& lead_in,
                            const std::string& where) {
  if (!text.starts_with(kQuestionLabel)) {
    fail("{}: a document starts with \"Q: \", this one with {}", where, quote(text));
  }
  const std::size_t answer = text.find(kAnswerLabel, kQuestionLabel.size() - 1);
  if (answer == std::string::npos || answer < kQuestionLabel.size()) {
    fail("{}: a document has a line that starts with \"Answer:\", this one has none: {}", where,
         quote(text));
  }
  Conversation conversation;
  conversation.question = text.substr(kQuestionLabel.size(), answer - kQuestionLabel.size());
  std::size_t position = answer + kAnswerLabel.size();
  const std::size_t end = std::min(text.find('\n', position), text.size());
  const std::string found = text.substr(position, end - position);
  if (found != after_label(lead_in)) {
    fail("{}: the Answer line should hold {}, found {}; is this another task's document?", where,
         quote(lead_in), quote(found));
  }
  conversation.lead_in = lead_in;
  conversation.turns = TurnReader(text, end, lead_in, where).read();
  return conversation;
}

}  // namespace tripost
