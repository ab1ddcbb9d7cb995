#include "evaluate/scores.h"

#include <cmath>
#include <functional>

#include "base/error.h"

namespace tripost {
namespace {

void count_feedback(const Exchange& exchange, const Step& step, const Task& task,
                    FeedbackCounts& counts) {
  if (step.feedback.text.empty()) return;
  const Review& own = step.feedback.review;
  const bool negative = own.error.empty() && !own.correct;
  const Review truth = task.verify(exchange.problem, step.attempt.text);
  if (truth.failed) return;
  if (truth.correct) {
    ++counts.on_right;
    counts.negative_on_right += negative;
  } else {
    ++counts.on_wrong;
    counts.negative_on_wrong += negative;
    counts.right_step += negative && own.step == truth.step;
  }
}

std::optional<double> share(int hits, int total) {
  if (total == 0) return std::nullopt;
  return static_cast<double>(hits) / total;
}

using Holds = std::function<bool(const Result&)>;

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

std::optional<double> optional_number(const Json& value, const std::string& key,
                                      const std::string& where) {
  if (!value.contains(key) || value[key].is_null()) return std::nullopt;
  return number_field(value, key, where);
}

}  // namespace

Result result_of(const Exchange& exchange, const Task& task) {
  const Attempt& first = exchange.steps.front().attempt;
  const Attempt& last = final_attempt(exchange);
  Result result;
  result.problem_id = exchange.problem.id;
  result.level = exchange.problem.level;
  result.seen = exchange.problem.seen;
  result.first_correct = first.verdict.correct;
  result.final_correct = last.verdict.correct;
  result.changed = last.text != first.text;
  for (const Step& step : exchange.steps) {
    result.any_correct |= step.attempt.verdict.correct;
    result.num_tokens += step.attempt.num_tokens + step.feedback.num_tokens;
    count_feedback(exchange, step, task, result.feedback);
  }
  return result;
}

bool is_summary(const ScoreRow& row) {
  return row.subset == "seen" || row.subset == "unseen" || row.subset == "total";
}

ScoreRow score_row(const std::vector<const Result*>& results) {
  const int n = static_cast<int>(results.size());
  const auto count = [&](const Holds& holds) {
    int hits = 0;
    for (const Result* result : results) hits += holds(*result);
    return hits;
  };
  ScoreRow row;
  row.n = n;
  const int first = count([](const Result& r) { return r.first_correct; });
  const int final = count([](const Result& r) { return r.final_correct; });
  row.accuracy_first = static_cast<double>(first) / n;
  row.accuracy_final = static_cast<double>(final) / n;
  row.ci95_first = wilson_interval(first, n);
  row.ci95 = wilson_interval(final, n);
  const auto share_of_all = [&](const Holds& holds) {
    return static_cast<double>(count(holds)) / n;
  };
  row.wrong_to_right =
      share_of_all([](const Result& r) { return !r.first_correct && r.final_correct; });
  row.right_to_wrong =
      share_of_all([](const Result& r) { return r.first_correct && !r.final_correct; });
  row.changed = share_of_all([](const Result& r) { return r.changed; });
  row.accuracy_oracle = share_of_all([](const Result& r) { return r.any_correct; });

  double tokens = 0;
  FeedbackCounts sum;
  for (const Result* result : results) {
    tokens += result->num_tokens;
    sum.on_wrong += result->feedback.on_wrong;
    sum.negative_on_wrong += result->feedback.negative_on_wrong;
    sum.right_step += result->feedback.right_step;
    sum.on_right += result->feedback.on_right;
    sum.negative_on_right += result->feedback.negative_on_right;
  }
  row.tokens_per_question = tokens / n;
  row.negative_on_wrong = share(sum.negative_on_wrong, sum.on_wrong);
  row.negative_on_right = share(sum.negative_on_right, sum.on_right);
  row.right_step = share(sum.right_step, sum.negative_on_wrong);
  return row;
}

std::vector<ScoreRow> score(const std::vector<Result>& results, const Task& task,
                            const ScoreLabels& labels) {
  std::vector<ScoreRow> rows;
  const auto add = [&](const std::string& subset, const Holds& belongs,
                       std::optional<bool> seen = std::nullopt) {
    std::vector<const Result*> members;
    for (const Result& result : results) {
      if (belongs(result)) members.push_back(&result);
    }
    if (members.empty()) return;
    rows.push_back(score_row(members));
    rows.back().task = task.name();
    rows.back().labels = labels;
    rows.back().subset = subset;
    rows.back().seen = seen;
  };
  for (const auto& level : task.levels()) {
    add(
        level.name, [&](const Result& result) { return result.level == level.name; }, level.seen);
  }
  add("seen", [](const Result& result) { return result.seen; });
  add("unseen", [](const Result& result) { return !result.seen; });
  add("total", [](const Result&) { return true; });
  return rows;
}

Json to_json(const ScoreRow& row) {
  return {{"task", row.task},
          {"method", row.labels.method},
          {"iteration", row.labels.iteration},
          {"seed", row.labels.seed},
          {"subset", row.subset},
          {"seen", row.seen ? Json(*row.seen) : Json(nullptr)},
          {"n", row.n},
          {"accuracy_first", row.accuracy_first},
          {"accuracy_final", row.accuracy_final},
          {"wrong_to_right", row.wrong_to_right},
          {"right_to_wrong", row.right_to_wrong},
          {"ci95", {row.ci95.low, row.ci95.high}},
          {"ci95_first", {row.ci95_first.low, row.ci95_first.high}},
          {"changed", row.changed},
          {"accuracy_oracle", row.accuracy_oracle},
          {"tokens_per_question", row.tokens_per_question},
          {"negative_on_wrong", number_or_null(row.negative_on_wrong)},
          {"negative_on_right", number_or_null(row.negative_on_right)},
          {"right_step", number_or_null(row.right_step)},
          {"seconds", row.labels.seconds}};
}

Json to_json(const std::vector<ScoreRow>& rows) {
  Json list = Json::array();
  for (const ScoreRow& row : rows) list.push_back(to_json(row));
  return {{"rows", std::move(list)}};
}

ScoreRow score_row_from_json(const Json& value, const std::string& where) {
  ScoreRow row;
  row.task = string_field(value, "task", where);
  row.labels.method = string_field(value, "method", where);
  row.labels.iteration = static_cast<int>(integer_field(value, "iteration", where));
  row.labels.seed = static_cast<uint64_t>(integer_field(value, "seed", where));
  row.labels.seconds = number_field(value, "seconds", where);
  row.subset = string_field(value, "subset", where);
  if (value.contains("seen") && value["seen"].is_boolean()) row.seen = value["seen"].get<bool>();
  row.n = static_cast<int>(integer_field(value, "n", where));
  row.accuracy_first = number_field(value, "accuracy_first", where);
  row.accuracy_final = number_field(value, "accuracy_final", where);
  row.wrong_to_right = number_field(value, "wrong_to_right", where);
  row.right_to_wrong = number_field(value, "right_to_wrong", where);
  row.ci95 = interval_field(value, "ci95", where);
  row.ci95_first = interval_field(value, "ci95_first", where);
  row.changed = number_field(value, "changed", where);
  row.accuracy_oracle = number_field(value, "accuracy_oracle", where);
  row.tokens_per_question = number_field(value, "tokens_per_question", where);
  row.negative_on_wrong = optional_number(value, "negative_on_wrong", where);
  row.negative_on_right = optional_number(value, "negative_on_right", where);
  row.right_step = optional_number(value, "right_step", where);
  return row;
}

Interval interval_field(const Json& value, const std::string& key, const std::string& where) {
  if (!value.contains(key) || !value[key].is_array() || value[key].size() != 2 ||
      !value[key][0].is_number() || !value[key][1].is_number()) {
    fail("{}: the field \"{}\" should be two numbers, [low, high]", where, key);
  }
  return {value[key][0].get<double>(), value[key][1].get<double>()};
}

}  // namespace tripost
