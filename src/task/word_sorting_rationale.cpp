#include "task/word_sorting_rationale.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <set>

#include "task/feedback_text.h"

namespace tripost {
namespace {

std::vector<std::string> sorted(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  return words;
}

std::string entries_text(const std::vector<std::string>& words, std::size_t letter) {
  std::vector<std::string> entries;
  for (const std::string& word : words) entries.push_back(letter_entry(word, letter));
  return fmt::format("{}", fmt::join(entries, ", "));
}

class Writer {
 public:
  explicit Writer(SortingSheet sheet) : sheet_(std::move(sheet)) {}

  // Writes the next line; false when it was the last.
  bool step();
  std::vector<std::string> take_lines() { return std::move(lines_); }
  const std::string& last_step() const { return last_step_; }

 private:
  void add(const StepNumber& number, std::string line) {
    last_step_ = to_text(number);
    lines_.push_back(std::move(line));
  }
  StepNumber beside() const {
    StepNumber number = sheet_.number();
    ++number.back();
    return number;
  }
  StepNumber groups_number() const;
  void write_letters(const SortingSheet::Rank& rank);
  void write_groups();
  void write_conclusion();

  SortingSheet sheet_;
  std::vector<std::string> lines_;
  std::string last_step_;
};

// What follows from the letters stands below the step that looked at them. It stands beside it for
// the first letters, and when the step went on with the whole of the subpart around it.
StepNumber Writer::groups_number() const {
  const auto& path = sheet_.path;
  const bool first = path.size() == 1 && path.back().subpart.empty();
  const bool goes_on =
      path.size() > 1 && sorted(path.back().subpart) == sorted(path[path.size() - 2].subpart);
  if (first || goes_on) return beside();
  StepNumber number = sheet_.number();
  number.push_back(1);
  return number;
}

void Writer::write_letters(const SortingSheet::Rank& rank) {
  const StepNumber number = beside();
  const std::vector<std::string> words = rank.words;
  const std::size_t letter = rank.num_letters;
  add(number, letters_step(number, words, letter));
  sheet_.look_at(number, words, letter);
}

void Writer::write_groups() {
  const StepNumber number = groups_number();
  add(number, groups_step(number, *sheet_.look));
  std::vector<std::vector<std::string>> groups;
  for (const auto& [letter, words] : groups_of(*sheet_.look)) groups.push_back(words);
  sheet_.sort_by_look(number, std::move(groups));
}

void Writer::write_conclusion() {
  const StepNumber number = beside();
  add(number, conclusion_step(number, sorted(sheet_.scope())));
  sheet_.conclude(number);
}

bool Writer::step() {
  if (sheet_.path.empty()) {
    add({1}, first_letters_step(sheet_.words));
    sheet_.look_at({1}, {}, 0);
    return true;
  }
  for (;;) {
    if (sheet_.look) {
      write_groups();
    } else if (const auto* rank = sheet_.unsorted_in(sheet_.scope())) {
      write_letters(*rank);
    } else if (!sheet_.concluded) {
      write_conclusion();
    } else if (sheet_.path.size() > 1) {  // the subpart is done: on beside the step that opened it
      sheet_.path.pop_back();
      sheet_.concluded = false;
      continue;
    } else {
      lines_.push_back(final_sorting_step(sorted(sheet_.words)));
      last_step_ = kFinalStep;
      return false;
    }
    return true;
  }
}

}  // namespace

SortingSheet::SortingSheet(std::vector<std::string> words_of_question)
    : words(std::move(words_of_question)), ranks({{words, 0}}) {}

StepNumber SortingSheet::number() const {
  StepNumber result;
  for (const Open& open : path) result.push_back(open.number);
  return result;
}

const std::vector<std::string>& SortingSheet::scope() const { return scope_at(path.size() - 1); }

const std::vector<std::string>& SortingSheet::scope_at(std::size_t depth) const {
  for (; depth > 0; --depth) {
    if (!path[depth - 1].subpart.empty()) return path[depth - 1].subpart;
  }
  return words;
}

const SortingSheet::Rank* SortingSheet::unsorted_in(const std::vector<std::string>& subpart) const {
  const std::set<std::string> inside(subpart.begin(), subpart.end());
  for (const Rank& rank : ranks) {
    // A rank is inside or outside as a whole: a subpart is never smaller than a rank was.
    if (rank.words.size() > 1 && inside.count(rank.words.front()) > 0) return &rank;
  }
  return nullptr;
}

void SortingSheet::stand_at(const StepNumber& step) {
  assert(!step.empty() && step.size() <= path.size() + 1);
  path.resize(step.size() - 1);
  path.push_back({step.back(), {}});
  look.reset();
  concluded = false;
}

void SortingSheet::look_at(const StepNumber& step, std::vector<std::string> subpart,
                           std::size_t letter) {
  stand_at(step);
  look = Look{subpart.empty() ? words : subpart, letter};
  path.back().subpart = std::move(subpart);
}

void SortingSheet::sort_by_look(const StepNumber& step,
                                std::vector<std::vector<std::string>> groups) {
  assert(look);
  const auto place = std::find_if(ranks.begin(), ranks.end(), [&](const Rank& rank) {
    return std::find(rank.words.begin(), rank.words.end(), look->words.front()) != rank.words.end();
  });
  std::vector<Rank> split;
  for (auto& group : groups) split.push_back({std::move(group), look->letter + 1});
  const auto after = ranks.erase(place);
  ranks.insert(after, split.begin(), split.end());
  stand_at(step);
}

void SortingSheet::conclude(const StepNumber& step) {
  stand_at(step);
  concluded = true;
}

std::map<int, std::vector<std::string>> groups_of(const SortingSheet::Look& look) {
  std::map<int, std::vector<std::string>> groups;
  for (const std::string& word : look.words)
    groups[alphabet_number(word[look.letter])].push_back(word);
  return groups;
}

std::vector<std::string> remaining_sorting_steps(SortingSheet sheet) {
  Writer writer(std::move(sheet));
  while (writer.step()) {
  }
  return writer.take_lines();
}

std::string next_sorting_step(const SortingSheet& sheet) {
  Writer writer(sheet);
  writer.step();
  return writer.last_step();
}

std::string first_letters_step(const std::vector<std::string>& words) {
  return fmt::format("(1) The first letter: {}.", entries_text(words, 0));
}

std::string letters_step(const StepNumber& number, const std::vector<std::string>& words,
                         std::size_t letter) {
  return fmt::format("({}) Now sort this subpart {} by looking at their {} letters: {}.",
                     to_text(number), subpart_text(words), ordinal(letter),
                     entries_text(words, letter));
}

std::string groups_step(const StepNumber& number, const SortingSheet::Look& look) {
  std::vector<std::string> groups;
  for (const auto& [letter, words] : groups_of(look)) groups.push_back(sorted_group(letter, words));
  return fmt::format("({}) We now have: {}.", to_text(number), fmt::join(groups, " < "));
}

std::string conclusion_step(const StepNumber& number, const std::vector<std::string>& sorted) {
  return fmt::format("({}) Hence, we have \"{}\".", to_text(number), fmt::join(sorted, "\" < \""));
}

std::string final_sorting_step(const std::vector<std::string>& sorted) {
  return fmt::format("(Final response) So the answer is: {}.", fmt::join(sorted, " "));
}

}  // namespace tripost
