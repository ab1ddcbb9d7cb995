#include "report/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "report/examples.h"

namespace tripost {
namespace {

// The entry of the task, made when it is new.
TaskData& of_task(std::vector<TaskData>& tasks, const std::string& task) {
  const auto found = std::find_if(tasks.begin(), tasks.end(),
                                  [&](const TaskData& data) { return data.task == task; });
  if (found != tasks.end()) return *found;
  tasks.push_back({.task = task});
  return tasks.back();
}

const Json& list_in(const Json& object, const char* key, const std::string& where) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end() || !found->is_array()) fail("{}: there is no list \"{}\"", where, key);
  return *found;
}

// scores.json with its lines; state.json while the run goes on, with rows of its one seed.
void read_scores(const fs::path& path, ReportData& data) {
  const Json scores = parse_json(read_file(path), path.string());
  std::vector<ComparisonLine> lines;
  if (scores.is_object() && scores.contains("lines")) {
    data.reference = string_field(scores, "reference", path.string());
    for (const Json& line : list_in(scores, "lines", path.string()))
      lines.push_back(comparison_line_from_json(
          line, fmt::format("{}: line {}", path.string(), lines.size() + 1)));
  } else {
    for (const Json& row : list_in(scores, "rows", path.string()))
      lines.push_back({.row = score_row_from_json(
                           row, fmt::format("{}: row {}", path.string(), lines.size() + 1)),
                       .seeds = 1});
  }
  for (ComparisonLine& line : lines)
    of_task(data.tasks, line.row.task).lines.push_back(std::move(line));
}

std::optional<double> number_or_nothing(const Json& row, const char* key) {
  const auto found = row.find(key);
  if (found == row.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

void read_losses(const fs::path& path, std::vector<LossPoint>& losses) {
  for_each_json_line(path, [&](const Json& line, const std::string&) {
    const auto step = number_or_nothing(line, "step");
    const auto loss = number_or_nothing(line, "loss");
    if (!step || !loss) return;
    losses.push_back(
        {static_cast<int>(number_or_nothing(line, "iteration").value_or(0)), *step, *loss});
  });
}

// A file that cannot be read (to its end, in the middle of a run) costs its section, not the
// report.
template <class Read>
void read_or_note(const fs::path& path, std::vector<std::string>& notes, const Read& read) {
  if (!fs::exists(path)) return;
  try {
    read();
  } catch (const std::exception& error) {
    notes.emplace_back(error.what());
  }
}

void read_trajectories(const RunDirectory& run, int num_examples, ReportData& data) {
  for (int iteration = 0; iteration < run.num_iterations(); ++iteration) {
    const fs::path path = run.trajectories(iteration);
    if (!fs::exists(path)) continue;
    OutcomeCounts counts{.iteration = iteration};
    TrajectoryExamples examples(num_examples);
    read_or_note(path, data.notes, [&] {
      for_each_json_line(path, [&](const Json& line, const std::string& where) {
        const Trajectory trajectory = trajectory_from_json(line, where);
        ++counts.counts[static_cast<std::size_t>(trajectory.outcome)];
        examples.offer(trajectory);
      });
    });
    data.outcomes.push_back(counts);
    data.examples = examples.chosen();
  }
}

// What the last test of a TriPosT run said; nothing of the test before the loop, where nobody
// corrects himself.
void read_tests(const RunDirectory& run, const std::string& source, int num_examples,
                std::vector<std::string>& notes, TestExamples& tests) {
  const int last = run.last_tested();
  if (last < 1) return;
  read_or_note(run.evaluation(last), notes, [&] {
    tests = read_test_examples(run.evaluation(last), num_examples);
    tests.source = fmt::format("{}, iteration {}", source, last);
  });
}

// Those of a comparison are of the first seed that has some.
void read_tests_of(const RunDirectory& run, int num_examples, ReportData& data, TaskData& task) {
  const auto cells = run.cells(task.task, "tripost");
  if (cells.empty()) return read_tests(run, "TriPosT", num_examples, data.notes, task.tests);
  for (const RunDirectory& cell : cells) {
    const std::string seed = cell.root().parent_path().filename().string();
    read_tests(cell, "TriPosT, " + seed, num_examples, data.notes, task.tests);
    if (task.tests.questions > 0) return;
  }
}

// The row's counts, made when it is new.
DiagnosisCounts& counts_of(std::vector<DiagnosisRow>& rows, const DiagnosisRow& asked) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const DiagnosisRow& row) {
    return row.iteration == asked.iteration && row.questions == asked.questions &&
           row.level == asked.level;
  });
  if (found != rows.end()) return found->counts;
  rows.push_back(asked);
  return rows.back().counts;
}

// Adds what one run's files say.
void read_diagnosis(const RunDirectory& run, std::vector<std::string>& notes,
                    std::vector<DiagnosisRow>& rows) {
  for (int iteration = 1; iteration <= run.last_tested(); ++iteration) {
    const fs::path path = run.diagnosis(iteration);
    read_or_note(path, notes, [&] {
      const Json file = parse_json(read_file(path), path.string());
      for (const auto& [questions, value] : file.items()) {
        const Diagnosis diagnosis =
            diagnosis_from_json(value, fmt::format("{}: {}", path.string(), questions));
        counts_of(rows, {.iteration = iteration, .questions = questions}).add(diagnosis.all);
        for (const auto& [level, counts] : diagnosis.levels)
          counts_of(rows, {.iteration = iteration, .questions = questions, .level = level})
              .add(counts);
      }
    });
  }
}

void read_diagnosis_of(const RunDirectory& run, ReportData& data, TaskData& task) {
  const auto cells = run.cells(task.task, "tripost");
  if (cells.empty()) return read_diagnosis(run, data.notes, task.diagnosis);
  for (const RunDirectory& cell : cells) read_diagnosis(cell, data.notes, task.diagnosis);
}

}  // namespace

int64_t OutcomeCounts::total() const {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

ReportData read_report_data(const RunDirectory& run, int num_examples) {
  ReportData data;
  data.name = fs::absolute(run.root()).lexically_normal().filename().string();
  if (data.name.empty())
    data.name = fs::absolute(run.root()).lexically_normal().parent_path().filename().string();
  read_or_note(run.config(), data.notes, [&] { data.config = read_file(run.config()); });
  const fs::path scores = fs::exists(run.scores()) ? run.scores() : run.state();
  read_or_note(scores, data.notes, [&] { read_scores(scores, data); });
  read_or_note(run.metrics(), data.notes, [&] { read_losses(run.metrics(), data.losses); });
  read_trajectories(run, num_examples, data);
  for (TaskData& task : data.tasks) {
    read_tests_of(run, num_examples, data, task);
    read_diagnosis_of(run, data, task);
  }
  return data;
}

}  // namespace tripost
