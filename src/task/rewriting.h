// What the scripted tasks do alike around their own checkers: drawing problems of several levels in
// turn, and rewriting an attempt from a step on.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "task/line_check.h"
#include "task/task.h"

namespace tripost {

// `levels`, or when empty those of the split: seen ones for training and validation, all for test.
std::vector<std::string> levels_to_draw(const Task& task, Split split,
                                        const std::vector<std::string>& levels);

// `count` different problems, one of each source in turn. A Source has next(taken).
template <class Source>
std::vector<Problem> draw_in_turn(std::vector<Source>& sources, int count) {
  std::vector<Problem> problems;
  std::set<std::string> taken;
  for (int i = 0; i < count; ++i)
    problems.push_back(sources[static_cast<std::size_t>(i) % sources.size()].next(taken));
  return problems;
}

// Whether the review names a step to rewrite from; `why` says why not.
bool names_a_step(const Review& review, std::string& why);

// The line of the attempt from which to rewrite; every line before it is right. nullopt, and `why`,
// when there is no such line.
std::optional<std::size_t> line_to_rewrite(const LineReport& report, const Review& review,
                                           std::string& why);

// The lines before `begin`, to the byte, and then `steps`, one a line.
std::string rewritten(const LineReport& report, std::size_t begin,
                      const std::vector<std::string>& steps);

}  // namespace tripost
