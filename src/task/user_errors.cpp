#include "task/user_errors.h"

#include "task/attempt_steps.h"
#include "task/feedback_text.h"

namespace tripost {
namespace {

// A step's text without its number, to be replaced in the rationale.
struct Change {
  std::string_view body;
  std::string text;
};

std::optional<Change> with_other_digit(const AttemptStep& step, Random& random) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < step.body.size(); ++i)
    if (step.body[i] >= '0' && step.body[i] <= '9') places.push_back(i);
  if (places.empty()) return std::nullopt;
  Change change{step.body, std::string(step.body)};
  char& digit = change.text[random.pick(places)];
  const char old = digit;
  while (digit == old) digit = static_cast<char>('1' + random.below(9));
  return change;
}

std::optional<Change> with_other_body(const AttemptStep& step, const AttemptStep& other) {
  if (other.id != step.id || other.body == step.body) return std::nullopt;
  return Change{step.body, std::string(other.body)};
}

// The changes are in the order of the text.
std::string changed(const std::string& rationale, const std::vector<Change>& changes) {
  std::string text;
  const char* begin = rationale.data();
  for (const Change& change : changes) {
    text.append(begin, change.body.data());
    text += change.text;
    begin = change.body.data() + change.body.size();
  }
  return text.append(begin, rationale.data() + rationale.size());
}

}  // namespace

std::optional<InjectedError> inject_user_error(const std::string& rationale,
                                               const std::string& other_rationale,
                                               bool spoils_answer, Random& random) {
  const auto steps = steps_of(rationale), others = steps_of(other_rationale);
  if (steps.empty()) return std::nullopt;
  const std::size_t place = random.below(steps.size());
  const bool changes_digit = random.below(2) == 0;
  const bool also_final = spoils_answer || random.below(2) == 0;
  std::optional<Change> change;
  if (changes_digit) {
    change = with_other_digit(steps[place], random);
  } else if (place < others.size()) {
    change = with_other_body(steps[place], others[place]);
  }
  if (!change) return std::nullopt;
  std::vector<Change> changes = {*change};
  if (also_final && place + 1 < steps.size() && !others.empty()) {
    if (const auto final_response = with_other_body(steps.back(), others.back()))
      changes.push_back(*final_response);
  }
  return InjectedError{changed(rationale, changes), steps[place].id,
                       changes_digit ? "digit changed" : "step of another problem"};
}

}  // namespace tripost
