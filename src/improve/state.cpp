#include "improve/state.h"

#include <algorithm>
#include <numeric>

#include "run/state.h"

namespace tripost {

int64_t LoopState::total_steps() const {
  return std::accumulate(steps.begin(), steps.end(), int64_t{0});
}

bool LoopState::has_test_of(int iteration) const {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const ScoreRow& row) { return row.labels.iteration == iteration; });
}

LoopState read_loop_state(const RunDirectory& run) {
  LoopState state;
  const auto saved = read_state(run.state());
  if (!saved) return state;
  const std::string where = run.state().string();
  state.completed = static_cast<int>(integer_field(*saved, "completed", where));
  state.ended = saved->value("ended", false);
  state.why_ended = saved->value("why_ended", std::string());
  for (const Json& steps : saved->at("steps")) state.steps.push_back(steps.get<int64_t>());
  for (const Json& tokens : saved->at("tokens")) state.tokens.push_back(tokens.get<int64_t>());
  for (const Json& seconds : saved->at("seconds")) state.seconds.push_back(seconds.get<double>());
  for (const Json& row : saved->at("rows")) state.rows.push_back(score_row_from_json(row, where));
  state.settings = saved->value("settings", Json::object());
  return state;
}

void write_loop_state(const RunDirectory& run, const LoopState& state) {
  write_state(run.state(), {{"completed", state.completed},
                            {"ended", state.ended},
                            {"why_ended", state.why_ended},
                            {"steps", state.steps},
                            {"tokens", state.tokens},
                            {"seconds", state.seconds},
                            {"rows", to_json(state.rows).at("rows")},
                            {"settings", state.settings}});
}

}  // namespace tripost
