// What a question says before it asks: families of contexts, each with its wordings, from which
// today's date follows by calendar arithmetic.
//
// A family serves both ways: its wordings are matched against a question's context, and drawn from
// to make new ones. The reference's 41 contexts are all covered. The steps of a context are what
// the rationale says before it answers: one for the families like the reference's training
// contexts, two for those of level "3+".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task/date_pattern.h"

namespace tripost {

// "If <premise>, then <entity> is <date>."
struct DateStep {
  std::string premise;
  std::string entity;
  Date date;
};

struct DateContext {
  std::string family;
  std::string text;
  std::vector<DateStep> steps;  // the last one's entity is "today's date"

  Date today() const { return steps.back().date; }
};

inline constexpr const char* kToday = "today's date";

// Longer contexts are not read: wordings are matched by trying.
inline constexpr std::size_t kLongestContext = 600;

// nullopt when no family has this wording, or its dates make no sense (the palindrome day of 2019).
std::optional<DateContext> understand_context(std::string_view text);

// A new context whose today follows in `num_steps` steps (1 or 2): family, wording and slots drawn
// uniformly.
DateContext draw_context(int num_steps, Random& random);

std::vector<std::string> context_families();

// One family, as the tables define it.
struct ContextFamily {
  struct Step {
    // {slot} stands for a slot's text, {#1} for the first step's date; empty for the whole context.
    const char* premise;
    const char* entity;
  };
  struct Wording {
    const char* context;
    std::vector<Step> steps;
  };
  const char* name;
  // One date a step; nullopt when they do not exist.
  std::optional<std::vector<Date>> (*dates)(const Slots& slots);
  std::vector<Wording> wordings;
  // After drawing: slots that depend on others.
  void (*complete)(Slots& slots) = nullptr;
};

// Families whose today follows in one step, and in two.
std::vector<ContextFamily> short_context_families();
std::vector<ContextFamily> long_context_families();

}  // namespace tripost
