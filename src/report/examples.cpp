#include "report/examples.h"

#include "base/file.h"

namespace tripost {
namespace {

// Appends from `kind`, from its `begin`-th on, until `chosen` has `size` items.
void take(const std::vector<Trajectory>& kind, std::size_t begin, std::size_t size,
          std::vector<Trajectory>& chosen) {
  for (std::size_t i = begin; i < kind.size() && chosen.size() < size; ++i)
    chosen.push_back(kind[i]);
}

}  // namespace

void TrajectoryExamples::offer(const Trajectory& trajectory) {
  auto& kind = trajectory.outcome == Outcome::kImproved  ? improved_
               : trajectory.outcome == Outcome::kCorrect ? correct_
                                                         : others_;
  if (kind.size() < limit_) kind.push_back(trajectory);
}

std::vector<Trajectory> TrajectoryExamples::chosen() const {
  std::vector<Trajectory> chosen;
  const std::size_t others = (others_.empty() ? 0 : 1) + (correct_.empty() ? 0 : 1);
  take(improved_, 0, limit_ > others ? limit_ - others : limit_, chosen);
  for (const auto* kind : {&others_, &correct_})
    take(*kind, 0, std::min(limit_, chosen.size() + 1), chosen);
  for (const auto* kind : {&others_, &correct_}) take(*kind, 1, limit_, chosen);
  return chosen;
}

TestExamples read_test_examples(const fs::path& evaluation, int limit) {
  TestExamples examples;
  const auto keep = [&](Exchange exchange, int& count, std::vector<Exchange>& kept) {
    ++count;
    if (kept.size() < static_cast<std::size_t>(limit)) kept.push_back(std::move(exchange));
  };
  for_each_json_line(evaluation, [&](const Json& line, const std::string& where) {
    Exchange exchange = exchange_from_json(line, where);
    if (exchange.steps.empty()) return;
    ++examples.questions;
    const bool first = exchange.steps.front().attempt.verdict.correct;
    const bool last = final_attempt(exchange).verdict.correct;
    if (!first && last) keep(std::move(exchange), examples.num_saved, examples.saved);
    if (first && !last) keep(std::move(exchange), examples.num_broken, examples.broken);
  });
  return examples;
}

}  // namespace tripost
