#include "improve/state.h"

#include <numeric>

#include "run/state.h"

namespace tripost {

int64_t LoopState::total_steps() const {
  return std::accumulate(steps.begin(), steps.end(), int64_t{0});
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
  for (const Json& row : saved->at("rows")) state.rows.push_back(score_row_from_json(row, where));
  return state;
}

void write_loop_state(const RunDirectory& run, const LoopState& state) {
  write_state(run.state(), {{"completed", state.completed},
                            {"ended", state.ended},
                            {"why_ended", state.why_ended},
                            {"steps", state.steps},
                            {"rows", to_json(state.rows).at("rows")}});
}

}  // namespace tripost
