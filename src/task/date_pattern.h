// A sentence with slots: matched against a text, filled in at random, written from given slots.
//
//   "The deadline is {date}, which is {count: 2..30} days away from now."
//
// A slot is {kind}, {kind name}, or either with ": " and what it is drawn from: "2..30" for
// numbers, "a|b|c" for words and names. Without a name it is called by its kind. Words match any
// text but text that speaks of dates or time and is none of the choices, so that nothing that
// matters is skipped. A slot that occurs twice has the same text twice.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "task/date_text.h"

namespace tripost {

enum class SlotKind {
  kDate,         // {date}: a date with its year, in any form
  kBritishDate,  // {british}: the day first
  kDayMonth,     // {monthday}: a date without its year
  kYear,         // {year}
  kMonth,        // {month}
  kWeekday,      // {weekday}
  kCount,        // {count}: digits or a word
  kOrdinal,      // {ordinal}: "16th"; {nth}: "first"; both are read alike
  kNth,
  kDuration,  // {duration}
  kName,      // {name}, {man}: a capitalised word
  kWords,     // {words}
  kToken,     // {token}: anything without blanks
};

struct Slot {
  std::string name;
  std::string text;  // as it stands in the sentence
  int number = 0;    // of a count, ordinal, year, month, weekday
  Date date;         // of the three kinds of dates; year 0 without a year
  Duration duration;
};

class Slots {
 public:
  bool has(std::string_view name) const;
  // The slot must be there.
  const Slot& operator[](std::string_view name) const;
  // Appended when it is not there yet.
  Slot& set(std::string_view name);

  const std::string& text(std::string_view name) const { return (*this)[name].text; }
  int number(std::string_view name) const { return (*this)[name].number; }
  Date date(std::string_view name = "date") const { return (*this)[name].date; }

 private:
  std::vector<Slot> slots_;
};

class DatePattern {
 public:
  explicit DatePattern(std::string_view source);

  // The slots of a text that is this sentence as a whole; nullopt when it is not.
  std::optional<Slots> match(std::string_view text) const;

  // A value for every slot; each independent of the others.
  Slots draw(Random& random) const;

  std::string write(const Slots& slots) const;

 private:
  struct Piece {
    bool is_slot = false;
    std::string text;  // literal, or the slot's name
    SlotKind kind = SlotKind::kWords;
    std::string range;                 // "2..30"
    std::vector<std::string> choices;  // of "a|b|c"
  };

  static Piece read_slot(std::string_view source);
  static Slot draw_slot(const Piece& piece, Random& random);
  bool match_from(std::size_t piece, std::string_view text, Slots& slots) const;
  static bool fits(const Piece& piece, std::string_view words);
  bool match_words(std::size_t piece, std::string_view text, Slots& slots) const;

  std::vector<Piece> pieces_;
};

}  // namespace tripost
