#include "task/date_pattern.h"

#include <algorithm>
#include <cassert>
#include <map>

#include "task/lines.h"

namespace tripost {
namespace {

constexpr int kEarliestYear = 1880;
constexpr int kLatestYear = 2049;

const std::map<std::string, SlotKind, std::less<>> kKinds = {
    {"date", SlotKind::kDate},         {"british", SlotKind::kBritishDate},
    {"monthday", SlotKind::kDayMonth}, {"year", SlotKind::kYear},
    {"month", SlotKind::kMonth},       {"weekday", SlotKind::kWeekday},
    {"count", SlotKind::kCount},       {"ordinal", SlotKind::kOrdinal},
    {"nth", SlotKind::kNth},           {"duration", SlotKind::kDuration},
    {"name", SlotKind::kName},         {"man", SlotKind::kName},
    {"words", SlotKind::kWords},       {"token", SlotKind::kToken}};

// Contexts say "she" and "her" of a {name}, "his" of a {man}.
const std::vector<std::string> kWomen = {"Jane", "Mary",  "Alice", "Emma", "Sara",  "Olivia",
                                         "Anna", "Lucy",  "Grace", "Ruth", "Clara", "Nora",
                                         "Ida",  "Helen", "Julia", "Rosa"};
const std::vector<std::string> kMen = {"John", "Bob",   "Tom", "Peter", "Mark",
                                       "Paul", "David", "Sam", "Leo",   "Max"};

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || is_capital(c); }

// Whether skipping the words could lose a date or a span of time.
bool speaks_of_time(std::string_view words) {
  for (const char* word : {"yesterday", "tomorrow", "today", " ago", " later", "week", "month",
                           "year", "day", "hour", "earlier"})
    if (find_any_case(words, word) != std::string_view::npos) return true;
  for (std::size_t i = 0; i < words.size(); ++i)
    if ((i == 0 || !is_letter(words[i - 1])) && read_date(words.substr(i))) return true;
  return false;
}

template <class Value>
std::size_t keep(const std::optional<Found<Value>>& found, Value& value) {
  if (!found) return 0;
  value = found->value;
  return found->length;
}

std::size_t keep_date(const std::optional<Found<WrittenDate>>& found, bool has_year, Date& date) {
  if (!found || found->value.has_year != has_year) return 0;
  date = found->value.date;
  if (has_year ? !is_in_range(date) : !make_date(2000, month_of(date), day_of(date)).ok()) return 0;
  return found->length;
}

std::size_t read_year(std::string_view text, int& year) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  if (end != 4) return 0;
  for (int i = 0; i < 4; ++i) year = 10 * year + (text[static_cast<std::size_t>(i)] - '0');
  return year == 0 ? 0 : end;
}

std::size_t name_length(std::string_view text) {
  if (text.empty() || !is_capital(text[0])) return 0;
  std::size_t end = 1;
  while (end < text.size() && is_letter(text[end])) ++end;
  return end;
}

// The bytes that the slot takes at the beginning of the text; 0 when it does not fit. Not for
// words.
std::size_t read_slot_value(SlotKind kind, std::string_view text, Slot& slot) {
  switch (kind) {
    case SlotKind::kDate:
      return keep_date(read_date(text), true, slot.date);
    case SlotKind::kBritishDate:
      return keep_date(read_british_date(text), true, slot.date);
    case SlotKind::kDayMonth:
      return keep_date(read_date(text), false, slot.date);
    case SlotKind::kYear:
      return read_year(text, slot.number);
    case SlotKind::kMonth:
      return keep(read_month(text), slot.number);
    case SlotKind::kWeekday:
      return keep(read_weekday(text), slot.number);
    case SlotKind::kCount:
      return keep(read_count(text), slot.number);
    case SlotKind::kOrdinal:
    case SlotKind::kNth:
      return keep(read_ordinal(text), slot.number);
    case SlotKind::kDuration:
      return keep(read_duration(text), slot.duration);
    case SlotKind::kName:
      return name_length(text);
    case SlotKind::kToken:
      return std::min(text.find(' '), text.size());
    case SlotKind::kWords:
      break;
  }
  assert(false);
  return 0;
}

// A quarter of the dates are near the turn of a month, where the arithmetic has something to carry.
Date draw_date(Random& random) {
  const int year = static_cast<int>(random.between(kEarliestYear, kLatestYear));
  const int month = static_cast<int>(random.between(1, 12));
  if (random.below(4) == 0)
    return plus_days(make_date(year, month, 1), static_cast<int>(random.between(-3, 2)));
  return make_date(year, month, static_cast<int>(random.between(1, days_in_month(year, month))));
}

int drawn_number(std::string_view range, int low, int high, Random& random) {
  const std::size_t dots = range.find("..");
  if (dots != std::string_view::npos) {
    low = std::stoi(std::string(range.substr(0, dots)));
    high = std::stoi(std::string(range.substr(dots + 2)));
  }
  return static_cast<int>(random.between(low, high));
}

}  // namespace

bool Slots::has(std::string_view name) const {
  return std::any_of(slots_.begin(), slots_.end(),
                     [&](const Slot& slot) { return slot.name == name; });
}

const Slot& Slots::operator[](std::string_view name) const {
  const auto found = std::find_if(slots_.begin(), slots_.end(),
                                  [&](const Slot& slot) { return slot.name == name; });
  assert(found != slots_.end());
  return *found;
}

Slot& Slots::set(std::string_view name) {
  const auto found = std::find_if(slots_.begin(), slots_.end(),
                                  [&](const Slot& slot) { return slot.name == name; });
  if (found != slots_.end()) return *found;
  slots_.push_back({.name = std::string(name), .text = {}, .date = {}, .duration = {}});
  return slots_.back();
}

DatePattern::DatePattern(std::string_view source) {
  while (!source.empty()) {
    const std::size_t open = std::min(source.find('{'), source.size());
    if (open > 0)
      pieces_.push_back({.text = std::string(source.substr(0, open)), .range = {}, .choices = {}});
    source.remove_prefix(open);
    if (source.empty()) break;
    const std::size_t close = source.find('}');
    assert(close != std::string_view::npos);
    pieces_.push_back(read_slot(source.substr(1, close - 1)));
    source.remove_prefix(close + 1);
  }
}

DatePattern::Piece DatePattern::read_slot(std::string_view source) {
  Piece piece{.is_slot = true, .text = {}, .range = {}, .choices = {}};
  const std::size_t colon = std::min(source.find(':'), source.size());
  if (source.starts_with("name")) piece.choices = kWomen;
  if (source.starts_with("man")) piece.choices = kMen;
  if (colon < source.size()) {
    piece.range = trimmed(source.substr(colon + 1));
    piece.choices = split_trimmed(piece.range, '|');
  }
  const auto words = split_trimmed(source.substr(0, colon), ' ');
  const auto kind = kKinds.find(words[0]);
  piece.text = words.back();
  // A pattern that is only written names slots of any kind.
  if (kind != kKinds.end()) piece.kind = kind->second;
  return piece;
}

std::optional<Slots> DatePattern::match(std::string_view text) const {
  Slots slots;
  if (!match_from(0, text, slots)) return std::nullopt;
  return slots;
}

bool DatePattern::match_from(std::size_t index, std::string_view text, Slots& slots) const {
  for (; index < pieces_.size(); ++index) {
    const Piece& piece = pieces_[index];
    if (!piece.is_slot) {
      if (!text.starts_with(piece.text)) return false;
      text.remove_prefix(piece.text.size());
      continue;
    }
    if (slots.has(piece.text)) {
      if (!text.starts_with(slots.text(piece.text))) return false;
      text.remove_prefix(slots.text(piece.text).size());
      continue;
    }
    if (piece.kind == SlotKind::kWords) return match_words(index, text, slots);
    Slot slot{.name = piece.text, .text = {}, .date = {}, .duration = {}};
    const std::size_t length = read_slot_value(piece.kind, text, slot);
    if (length == 0) return false;
    slot.text = text.substr(0, length);
    slots.set(piece.text) = slot;
    text.remove_prefix(length);
  }
  return text.empty();
}

bool DatePattern::fits(const Piece& piece, std::string_view words) {
  const auto is_words = [&](const std::string& choice) { return choice == words; };
  return std::any_of(piece.choices.begin(), piece.choices.end(), is_words) ||
         !speaks_of_time(words);
}

// Words go on to the first place from which the rest of the sentence fits.
bool DatePattern::match_words(std::size_t index, std::string_view text, Slots& slots) const {
  const bool is_last = index + 1 == pieces_.size();
  const bool literal_follows = !is_last && !pieces_[index + 1].is_slot;
  for (std::size_t end = is_last ? text.size() : 1; end > 0 && end <= text.size(); ++end) {
    if (literal_follows && !text.substr(end).starts_with(pieces_[index + 1].text)) continue;
    Slots tried = slots;
    tried.set(pieces_[index].text).text = text.substr(0, end);
    if (!match_from(index + 1, text.substr(end), tried)) continue;
    if (!fits(pieces_[index], text.substr(0, end))) return false;
    slots = std::move(tried);
    return true;
  }
  return false;
}

Slots DatePattern::draw(Random& random) const {
  Slots slots;
  for (const Piece& piece : pieces_)
    if (piece.is_slot && !slots.has(piece.text)) slots.set(piece.text) = draw_slot(piece, random);
  return slots;
}

Slot DatePattern::draw_slot(const Piece& piece, Random& random) {
  Slot slot{.name = piece.text, .text = {}, .date = {}, .duration = {}};
  switch (piece.kind) {
    case SlotKind::kDate:
      slot.date = draw_date(random);
      slot.text = write_date(slot.date, static_cast<DateStyle>(random.below(5)));
      break;
    case SlotKind::kBritishDate:
      slot.date = draw_date(random);
      slot.text = write_british_date(slot.date);
      break;
    case SlotKind::kDayMonth: {
      const Date date = draw_date(random);
      slot.date = make_date(0, month_of(date), day_of(date));
      const std::string whole = write_date(date, static_cast<DateStyle>(2 * random.below(2)));
      slot.text = whole.substr(0, whole.size() - (contains(whole, ",") ? 6 : 5));
      break;
    }
    case SlotKind::kYear:
      slot.number = drawn_number(piece.range, kEarliestYear, kLatestYear, random);
      slot.text = std::to_string(slot.number);
      break;
    case SlotKind::kMonth:
      slot.number = drawn_number(piece.range, 1, 12, random);
      slot.text = month_name(slot.number);
      break;
    case SlotKind::kWeekday:
      slot.number = drawn_number(piece.range, 0, 6, random);
      slot.text = weekday_name(slot.number);
      break;
    case SlotKind::kCount:
      slot.number = drawn_number(piece.range, 2, 12, random);
      slot.text = std::to_string(slot.number);
      break;
    case SlotKind::kOrdinal:
      slot.number = drawn_number(piece.range, 2, 28, random);
      slot.text = ordinal_number(slot.number);
      break;
    case SlotKind::kNth:
      slot.number = drawn_number(piece.range, 1, 4, random);
      slot.text = ordinal_word(slot.number);
      break;
    case SlotKind::kDuration:
      slot.text = random.pick(piece.choices);
      slot.duration = read_duration(slot.text)->value;
      break;
    case SlotKind::kName:
    case SlotKind::kWords:
    case SlotKind::kToken:
      // Without choices it is the family that completes it.
      if (!piece.choices.empty()) slot.text = random.pick(piece.choices);
      break;
  }
  return slot;
}

std::string DatePattern::write(const Slots& slots) const {
  std::string text;
  for (const Piece& piece : pieces_) text += piece.is_slot ? slots.text(piece.text) : piece.text;
  return text;
}

}  // namespace tripost
