// Questions of logical deduction: reading one, and what its sentences say (BIG-bench's task of that
// name).
//
// A question is a paragraph that lists 2 to 7 objects and states clues about their order, and
// options of which exactly one follows from the clues. Reading it solves it: `possible` is the set
// of all orderings that meet the clues. How its sentences are worded is in
// logical_deduction_words.h; any object, any scene and any mix of clues will do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task/logical_deduction_words.h"
#include "task/ordering.h"

namespace tripost {

struct DeductionObject {
  std::string listed;  // "a blue jay", "a white book", "plums", "Ana": as the paragraph lists it
  std::string name;    // "blue jay", "white book", "plums", "Ana"
  std::string short_name;          // without what all objects end in: "white"; in rationales
  std::vector<std::string> forms;  // that texts may use, in lower case: those two, singular name
};

// What one sentence says: the place of an object, or that one object comes before another.
struct DeductionStatement {
  std::string text;  // "The white book is the leftmost."
  Bound bound;
  bool from_last = false;  // whether it speaks as seen from the axis' last end: "to the right of"
};

struct DeductionQuestion {
  std::string scene;  // "On a shelf, there are three books"
  std::string kind;   // "books"
  std::string list;   // "a white book, a gray book, and a black book"
  const Axis* axis = nullptr;
  std::vector<DeductionObject> objects;
  std::vector<DeductionStatement> clues;
  std::vector<DeductionStatement> options;
  OrderingSet possible{kFewestObjects};
  std::size_t answer = 0;  // the option that is true in all possible orderings

  int num_objects() const { return static_cast<int>(objects.size()); }
  char letter() const { return static_cast<char>('A' + answer); }
  // The identity of the question: single blanks, options line by line.
  std::string text() const;
};

// "Q: " in front is optional, line ends in the paragraph are blanks. nullopt when the question
// cannot be read, contradicts itself or has not exactly one right option; `why` then says so.
std::optional<DeductionQuestion> read_deduction_question(std::string_view text, std::string& why);

// What a sentence says in the question's terms, its full stop optional; nullopt when it is about
// something else.
std::optional<DeductionStatement> read_statement(const DeductionQuestion& question,
                                                 std::string_view sentence);

// "a white book, a gray book, and a black book" to its three items; "a, b and c" and "a and b" too.
std::vector<std::string> list_items(std::string_view list);

// The object whose name the text is or opens with, articles and case ignored, singular or plural;
// `rest` then is what follows the name.
std::optional<int> read_object(const DeductionQuestion& question, std::string_view text,
                               std::string_view& rest);

// "the white book is to the left of the gray book", "Ana finished second": a bound on two objects,
// or an exact place, in words. `from_last` counts places from the axis' last end.
std::string sentence(const DeductionQuestion& question, const Bound& bound, bool from_last);

// With a capital letter and a full stop; and the other way round.
std::string as_sentence(std::string text);
std::string as_clause(std::string_view sentence);

// "the white book", "the plums", "Ana".
std::string with_article(const DeductionObject& object);

}  // namespace tripost
