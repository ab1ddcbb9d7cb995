#include "run/report_data.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/file.h"

namespace tripost {
namespace {

std::optional<double> number_or_nothing(const Json& row, const char* key) {
  const auto found = row.find(key);
  if (found == row.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

std::string text_or_empty(const Json& row, const char* key) {
  const auto found = row.find(key);
  return found != row.end() && found->is_string() ? found->get<std::string>() : "";
}

ScoreRow score_row(const Json& row, const std::string& where) {
  ScoreRow score{.task = text_or_empty(row, "task"),
                 .method = string_field(row, "method", where),
                 .iteration = static_cast<int64_t>(number_or_nothing(row, "iteration").value_or(0)),
                 .seed = static_cast<int64_t>(number_or_nothing(row, "seed").value_or(0)),
                 .subset = string_field(row, "subset", where),
                 .n = integer_field(row, "n", where),
                 .accuracy_first = number_or_nothing(row, "accuracy_first"),
                 .accuracy_final = number_or_nothing(row, "accuracy_final"),
                 .wrong_to_right = number_or_nothing(row, "wrong_to_right"),
                 .right_to_wrong = number_or_nothing(row, "right_to_wrong")};
  const auto interval = row.find("ci95");
  if (interval != row.end() && interval->is_array() && interval->size() == 2 &&
      (*interval)[0].is_number() && (*interval)[1].is_number()) {
    score.ci95 = {(*interval)[0].get<double>(), (*interval)[1].get<double>()};
  }
  return score;
}

std::vector<ScoreRow> read_scores(const fs::path& path) {
  const Json scores = parse_json(read_file(path), path.string());
  const auto rows = scores.is_object() ? scores.find("rows") : scores.end();
  if (rows == scores.end() || !rows->is_array())
    fail("{}: expected {{\"rows\": [...]}}", path.string());
  std::vector<ScoreRow> result;
  for (const Json& row : *rows) {
    result.push_back(score_row(row, fmt::format("{}: row {}", path.string(), result.size() + 1)));
  }
  return result;
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

// The first trajectories of each kind, so that examples can be chosen without keeping a whole file
// in memory.
class Examples {
 public:
  explicit Examples(int limit) : limit_(static_cast<std::size_t>(limit)) {}

  void offer(const Trajectory& trajectory) {
    auto& kind = trajectory.outcome == Outcome::kImproved  ? improved_
                 : trajectory.outcome == Outcome::kCorrect ? correct_
                                                           : others_;
    if (kind.size() < limit_) kind.push_back(trajectory);
  }

  // One that could not be improved and one that was right at once, if there are; the rest improved
  // ones.
  std::vector<Trajectory> chosen() const {
    std::vector<Trajectory> chosen;
    const std::size_t others =
        std::min<std::size_t>(others_.size(), 1) + std::min<std::size_t>(correct_.size(), 1);
    take(improved_, limit_ > others ? limit_ - others : limit_, chosen);
    take(others_, chosen.size() + 1, chosen);
    take(correct_, chosen.size() + 1, chosen);
    for (const auto* kind : {&others_, &correct_}) {
      if (kind->size() > 1) append(kind->begin() + 1, kind->end(), chosen);
    }
    return chosen;
  }

 private:
  template <class Iterator>
  void append(Iterator begin, Iterator end, std::vector<Trajectory>& chosen) const {
    for (; begin != end && chosen.size() < limit_; ++begin) chosen.push_back(*begin);
  }

  // Appends from the front of `kind` until `chosen` has `size` items.
  void take(const std::vector<Trajectory>& kind, std::size_t size,
            std::vector<Trajectory>& chosen) const {
    const std::size_t room = size > chosen.size() ? size - chosen.size() : 0;
    append(kind.begin(), kind.begin() + static_cast<std::ptrdiff_t>(std::min(room, kind.size())),
           chosen);
  }

  std::size_t limit_;
  std::vector<Trajectory> improved_;
  std::vector<Trajectory> others_;
  std::vector<Trajectory> correct_;
};

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

}  // namespace

int64_t OutcomeCounts::total() const {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

bool is_summary(const ScoreRow& row) {
  return row.subset == "seen" || row.subset == "unseen" || row.subset == "total";
}

ReportData read_report_data(const RunDirectory& run, int num_examples) {
  ReportData data;
  data.name = fs::absolute(run.root()).lexically_normal().filename().string();
  if (data.name.empty())
    data.name = fs::absolute(run.root()).lexically_normal().parent_path().filename().string();
  read_or_note(run.config(), data.notes, [&] { data.config = read_file(run.config()); });
  read_or_note(run.scores(), data.notes, [&] { data.scores = read_scores(run.scores()); });
  read_or_note(run.metrics(), data.notes, [&] { read_losses(run.metrics(), data.losses); });
  for (int iteration = 0; iteration < run.num_iterations(); ++iteration) {
    const fs::path path = run.trajectories(iteration);
    if (!fs::exists(path)) continue;
    OutcomeCounts counts{.iteration = iteration};
    Examples examples(num_examples);
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
  return data;
}

}  // namespace tripost
