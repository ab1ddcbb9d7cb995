#include "task/logical_deduction_question.h"

#include <fmt/format.h>

#include <algorithm>

#include "task/lines.h"

namespace tripost {
namespace {

constexpr std::string_view kPreambleStart = "The following paragraphs each describe a set of ";
constexpr std::string_view kPreambleEnd =
    " objects arranged in a fixed order. The statements are logically consistent within each "
    "paragraph. ";
constexpr std::size_t kMostClues = 50;
constexpr std::size_t kMostOptions = 26;

bool is_proper(const DeductionObject& object) {
  const char c = object.listed.front();
  return c >= 'A' && c <= 'Z';
}

bool is_plural(const DeductionObject& object) {
  return object.listed == object.name && !is_proper(object);
}

std::string single_blanks(std::string_view text) {
  std::string result;
  for (const char c : trimmed(text)) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) result += c;
    if (blank && !result.ends_with(' ')) result += ' ';
  }
  return result;
}

bool skip(std::string_view& text, std::string_view part) {
  if (!text.starts_with(part)) return false;
  text.remove_prefix(part.size());
  return true;
}

// Sentences with their full stops.
std::vector<std::string> sentences(std::string_view text) {
  std::vector<std::string> result;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const std::size_t end = std::min(text.find(". "), text.size() - 1) + 1;
    result.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return result;
}

// "white book", "gray book" to "white", "gray"; as they are when they share no last word.
void name_forms(std::vector<DeductionObject>& objects) {
  const auto last_word = [](const std::string& name) {
    const std::size_t blank = name.rfind(' ');
    return blank == std::string::npos ? std::string() : name.substr(blank);
  };
  const std::string shared = last_word(objects.front().name);
  const bool all_share =
      !shared.empty() && std::all_of(objects.begin(), objects.end(), [&](const auto& object) {
        return last_word(object.name) == shared;
      });
  for (auto& object : objects) {
    object.short_name = object.name;
    if (all_share) object.short_name.resize(object.name.size() - shared.size());
    for (const std::string& form : {object.name, object.short_name, singular(object.name)})
      object.forms.push_back(lower_case(form));
  }
}

// The scene's objects: how many there are said to be, and their list.
bool read_scene(std::string_view text, DeductionQuestion& question, std::string& why) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !text.ends_with('.')) {
    why = fmt::format("the sentence \"{}\" lists no objects after a colon", shortened(text));
    return false;
  }
  question.scene = trimmed(text.substr(0, colon));
  question.kind = question.scene.substr(question.scene.rfind(' ') + 1);
  question.list = trimmed(text.substr(colon + 1, text.size() - colon - 2));
  for (const std::string& item : list_items(question.list))
    question.objects.push_back({item, std::string(without_article(item)), "", {}});
  const auto number = static_cast<int>(question.objects.size());
  if (number < kFewestObjects || number > kMostObjects) {
    why = fmt::format("it lists {} objects instead of {} to {}", number, kFewestObjects,
                      kMostObjects);
    return false;
  }
  for (const auto& object : question.objects) {
    const auto same = [&](const auto& other) { return other.name == object.name; };
    if (object.name.empty() ||
        std::count_if(question.objects.begin(), question.objects.end(), same) > 1) {
      why = fmt::format("it lists \"{}\" more than once", object.name);
      return false;
    }
  }
  name_forms(question.objects);
  return true;
}

// The axis on which every sentence can be read is the question's.
bool find_axis(const std::vector<std::string>& clues, const std::vector<std::string>& options,
               DeductionQuestion& question, std::string& why) {
  std::size_t most_read = 0;
  why = "it has no clues";
  for (const Axis& axis : axes()) {
    question.axis = &axis;
    question.clues.clear();
    question.options.clear();
    const auto read_all = [&](const auto& texts, auto& statements) {
      for (const std::string& text : texts) {
        auto statement = read_statement(question, text);
        if (!statement) {
          const std::size_t num_read = question.clues.size() + question.options.size() + 1;
          if (num_read > most_read)
            why = fmt::format("the sentence \"{}\" is none that it knows", shortened(text));
          most_read = std::max(most_read, num_read);
          return false;
        }
        statements.push_back(*std::move(statement));
      }
      return true;
    };
    if (!read_all(clues, question.clues) || !read_all(options, question.options)) continue;
    why.clear();
    return true;
  }
  return false;
}

bool solve(DeductionQuestion& question, std::string& why) {
  question.possible = OrderingSet(question.num_objects());
  for (const auto& clue : question.clues) question.possible.keep(clue.bound);
  if (question.possible.empty()) {
    why = "its clues contradict each other";
    return false;
  }
  int num_true = 0;
  for (std::size_t i = 0; i < question.options.size(); ++i) {
    if (!question.possible.always(question.options[i].bound)) continue;
    question.answer = i;
    ++num_true;
  }
  if (num_true != 1) why = fmt::format("{} of its options follow from the clues", num_true);
  return num_true == 1;
}

// "(B) The gray book is the leftmost." to its sentence, when it is option `number`.
std::optional<std::string> read_option(std::string_view line, std::size_t number) {
  const std::string opening = fmt::format("({}) ", static_cast<char>('A' + number));
  if (!skip(line, opening)) return std::nullopt;
  return single_blanks(line);
}

bool read_options(std::string_view text, std::vector<std::string>& options, std::string& why) {
  for (const std::string_view line : split_lines(text)) {
    const auto option =
        options.size() < kMostOptions ? read_option(line, options.size()) : std::nullopt;
    if (!option) {
      why = fmt::format("the option line \"{}\" does not open with ({})", shortened(line),
                        static_cast<char>('A' + options.size() % kMostOptions));
      return false;
    }
    options.push_back(*option);
  }
  if (options.size() < 2) why = "it has fewer than two options";
  return options.size() >= 2;
}

bool is_verb(std::string_view word) { return word == "is" || word == "are" || word == "finished"; }

// A comparison or a rank after the subject's verb.
std::optional<DeductionStatement> read_predicate(const DeductionQuestion& question, int subject,
                                                 std::string_view text) {
  for (const bool from_last : {false, true}) {
    std::string_view rest = text;
    if (!skip(rest, (from_last ? question.axis->last : question.axis->first).comparison)) continue;
    std::string_view nothing;
    const auto object = read_object(question, rest, nothing);
    if (!object || *object == subject || !nothing.empty()) continue;
    return DeductionStatement{
        "", from_last ? comes_before(*object, subject) : comes_before(subject, *object), from_last};
  }
  const auto rank = read_rank(*question.axis, text, question.num_objects());
  if (!rank) return std::nullopt;
  return DeductionStatement{"", has_place(subject, rank->place), rank->from_last};
}

}  // namespace

std::string DeductionQuestion::text() const {
  std::string text = fmt::format("{}{}{}{}: {}.", kPreambleStart, number_word(num_objects()),
                                 kPreambleEnd, scene, list);
  for (const auto& clue : clues) text += " " + clue.text;
  text += "\nOptions:";
  for (std::size_t i = 0; i < options.size(); ++i)
    text += fmt::format("\n({}) {}", static_cast<char>('A' + i), options[i].text);
  return text;
}

std::optional<DeductionQuestion> read_deduction_question(std::string_view text, std::string& why) {
  text = trimmed(text);
  if (skip(text, "Q:")) text = trimmed(text);
  const std::size_t options_at = text.find("\nOptions:");
  if (options_at == std::string_view::npos) {
    why = "it has no line \"Options:\"";
    return std::nullopt;
  }
  const std::string paragraph = single_blanks(text.substr(0, options_at)) + " ";
  std::string_view rest = paragraph;
  const std::size_t end = paragraph.find(kPreambleEnd);
  if (!skip(rest, kPreambleStart) || end == std::string::npos) {
    why = "it does not open with BIG-bench's preamble";
    return std::nullopt;
  }
  const std::string_view number = rest.substr(0, end - kPreambleStart.size());
  auto clues = sentences(std::string_view(paragraph).substr(end + kPreambleEnd.size()));
  std::vector<std::string> options;
  DeductionQuestion question;
  if (clues.empty() || !read_scene(clues.front(), question, why)) return std::nullopt;
  clues.erase(clues.begin());
  if (read_number_word(number) != question.num_objects()) {
    why = fmt::format("it lists {} objects but speaks of {}", question.num_objects(), number);
    return std::nullopt;
  }
  if (clues.size() > kMostClues) why = fmt::format("it has more than {} clues", kMostClues);
  if (clues.size() > kMostClues ||
      !read_options(text.substr(options_at + std::string_view("\nOptions:").size()), options,
                    why) ||
      !find_axis(clues, options, question, why) || !solve(question, why))
    return std::nullopt;
  return question;
}

std::optional<DeductionStatement> read_statement(const DeductionQuestion& question,
                                                 std::string_view sentence) {
  std::string_view rest = trimmed(sentence);
  if (rest.ends_with('.')) rest.remove_suffix(1);
  const auto subject = read_object(question, rest, rest);
  if (!subject) return std::nullopt;
  const std::size_t blank = rest.find(' ');
  if (blank == std::string_view::npos || !is_verb(rest.substr(0, blank))) return std::nullopt;
  auto statement = read_predicate(question, *subject, trimmed(rest.substr(blank)));
  if (statement) statement->text = trimmed(sentence);
  return statement;
}

std::vector<std::string> list_items(std::string_view list) {
  std::vector<std::string> items;
  const auto add = [&](std::string_view item) {
    item = trimmed(item);
    skip(item, "and ");
    if (!item.empty()) items.emplace_back(trimmed(item));
  };
  for (const std::string& item : split_trimmed(list, ',')) {
    const std::size_t conjunction = item.find(" and ");
    add(std::string_view(item).substr(0, conjunction));
    if (conjunction != std::string::npos) add(std::string_view(item).substr(conjunction + 5));
  }
  return items;
}

std::optional<int> read_object(const DeductionQuestion& question, std::string_view text,
                               std::string_view& rest) {
  const std::string_view named = without_article(text);
  std::optional<int> found;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < question.objects.size(); ++i) {
    for (const std::string& form : question.objects[i].forms) {
      if (form.size() <= longest || form.size() > named.size()) continue;
      const bool ends =
          form.size() == named.size() || named[form.size()] == ' ' || named[form.size()] == '?';
      if (!ends || find_any_case(named.substr(0, form.size()), form) != 0) continue;
      longest = form.size();
      found = static_cast<int>(i);
    }
  }
  if (found) rest = trimmed(named.substr(longest));
  return found;
}

std::string sentence(const DeductionQuestion& question, const Bound& bound, bool from_last) {
  const Axis& axis = *question.axis;
  const auto object = [&](int index) { return question.objects[static_cast<std::size_t>(index)]; };
  const auto verb = [&](const DeductionObject& of) {
    return axis.finishes ? "finished" : is_plural(of) ? "are" : "is";
  };
  if (bound.from == kStart) {
    const auto subject = object(bound.to);
    return fmt::format("{} {} {}{}", with_article(subject), verb(subject),
                       axis.finishes ? "" : "the ",
                       rank_phrase(axis, bound.low - 1, from_last, question.num_objects()));
  }
  const auto subject = object(from_last ? bound.to : bound.from);
  const auto other = object(from_last ? bound.from : bound.to);
  return fmt::format("{} {} {} {}", with_article(subject), verb(subject),
                     (from_last ? axis.last : axis.first).comparison, with_article(other));
}

std::string as_sentence(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

std::string as_clause(std::string_view sentence) {
  sentence = trimmed(sentence);
  if (sentence.ends_with('.')) sentence.remove_suffix(1);
  std::string text(sentence);
  if (text.starts_with("The ")) text[0] = 't';
  return text;
}

std::string with_article(const DeductionObject& object) {
  return is_proper(object) ? object.name : "the " + object.name;
}

}  // namespace tripost
