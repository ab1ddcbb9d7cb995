#include "report/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "base/file.h"
#include "report/bar_chart.h"
#include "report/charts.h"
#include "report/data.h"
#include "report/line_chart.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

constexpr const char* kAttack = "<script>alert('x')</script>";

Trajectory trajectory(Outcome outcome, const std::string& id) {
  Trajectory made;
  made.problem = {.id = id, .question = std::string("(1 + 2) = ") + kAttack, .level = "l3"};
  made.outcome = outcome;
  Step first;
  first.attempt.text = "(1) right\n(2) so 1 + 2 = 4 <b>\n(Final response) So the answer is 4.";
  first.feedback.text = std::string("In step (2) the part is incorrect. ") + kAttack;
  first.feedback.review = {.step = "2", .segment = "1 + 2 = 4"};
  Step second;
  second.attempt.text = "(1) right\n(2) so 1 + 2 = 3\n(Final response) So the answer is 3.";
  made.steps = {first, second};
  return made;
}

// A method at one iteration: two seen levels, an unseen one, and their sums.
void add(std::vector<ComparisonLine>& lines, const std::string& method, int iteration,
         bool corrects) {
  const auto line = [&](const std::string& subset, std::optional<bool> seen) {
    ComparisonLine made{.seeds = 1};
    made.row = {.task = "sums",
                .labels = {.method = method, .iteration = iteration},
                .subset = subset,
                .seen = seen,
                .n = 300,
                .accuracy_first = 0.4,
                .accuracy_final = 0.425 + 0.1 * iteration,
                .wrong_to_right = 0.05,
                .ci95 = {0.35, 0.5}};
    if (corrects) made.row.negative_on_wrong = 0.815;
    if (!corrects && subset == "total") {
      made.to_reference = {.num_questions = 300,
                           .num_pairs = 300,
                           .difference = 0.032,
                           .interval = {0.011, 0.053},
                           .p = 0.0421,
                           .by_seed = {{42, {.difference = 0.032, .p = 0.0421}}}};
    }
    return made;
  };
  lines.push_back(line("l3-4d2", true));
  lines.push_back(line("l3-4d22", true));
  lines.push_back(line("l5-6d2", false));
  for (const char* subset : {"seen", "unseen", "total"})
    lines.push_back(line(subset, std::nullopt));
}

std::vector<ComparisonLine> lines() {
  std::vector<ComparisonLine> lines;
  add(lines, "FT on rationales", 0, false);
  for (const int iteration : {1, 2}) add(lines, "TriPosT", iteration, true);
  add(lines, kAttack, 2, false);
  return lines;
}

// A test question: whether the first and the last attempt are right.
Exchange exchange(bool first, bool last, const std::string& id) {
  Exchange made;
  made.problem = {.id = id, .question = kAttack, .gold = "3"};
  made.steps = trajectory(Outcome::kImproved, id).steps;
  made.steps[0].attempt.verdict = {.correct = first, .answer = "4"};
  made.steps[1].attempt.verdict = {.correct = last, .answer = "3"};
  return made;
}

class ReportPage : public ::testing::Test {
 protected:
  ReportPage() {
    write_file_atomically(run.config(), std::string("# ") + kAttack + "\n");
    write_file_atomically(run.scores(), scores_json({}, lines(), "TriPosT").dump());
    LineWriter metrics(run.metrics(), LineWriter::Mode::kReplace);
    for (int step = 0; step < 1000; ++step) {
      metrics.write({{"step", step},
                     {"iteration", 1},
                     {"loss", step == 500 ? Json(nullptr) : Json(1.0 / (step + 1))}});
    }
    LineWriter attempts(run.trajectories(1), LineWriter::Mode::kReplace);
    attempts.write(to_json(trajectory(Outcome::kCorrect, "a")));
    attempts.write(to_json(trajectory(Outcome::kImproved, "b")));
    attempts.write(to_json(trajectory(Outcome::kImproved, "c")));
    attempts.write(to_json(trajectory(Outcome::kUnreadable, "d")));
    LineWriter tests(run.evaluation(1), LineWriter::Mode::kReplace);
    for (int i = 0; i < 9; ++i)
      tests.write(to_json(exchange(false, true, "saved" + std::to_string(i))));
    tests.write(to_json(exchange(true, false, "broken0")));
    tests.write(to_json(exchange(true, true, "kept0")));
    tests.write(to_json(exchange(false, false, "wrong0")));
  }

  TemporaryFolder folder;
  RunDirectory run{folder.path() / "demo"};
};

TEST_F(ReportPage, NoTextOfAModelOrFileBecomesMarkup) {
  const std::string html = make_report(run, 6).html;
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"), std::string::npos);
  EXPECT_EQ(make_report(run, 6).markdown.find("|" + std::string(" <script")), std::string::npos);
}

TEST_F(ReportPage, NeedsNothingFromOutside) {
  const std::string html = make_report(run, 6).html;
  for (const char* reference : {"http:", "https:", "src=", "href=", "@import", "url("}) {
    EXPECT_EQ(html.find(reference), std::string::npos) << reference;
  }
}

TEST_F(ReportPage, ShowsScoresOutcomesChartsAndTheWrongStep) {
  const Report report = make_report(run, 6);
  EXPECT_NE(report.html.find("62.5"), std::string::npos);
  EXPECT_NE(report.html.find("35.0 – 50.0"), std::string::npos);
  EXPECT_NE(
      report.html.find("+3.2 [+1.1, +5.3]</td><td class=number>0.042</td><td class=number>+3.2<"),
      std::string::npos);
  EXPECT_NE(report.html.find("81.5"), std::string::npos);
  EXPECT_NE(report.html.find("<svg"), std::string::npos);
  EXPECT_NE(report.html.find("<span class=wrong>(2) so <mark>1 + 2 = 4</mark> &lt;b&gt;</span>"),
            std::string::npos);
  EXPECT_NE(report.html.find("<span class=new>(2) so 1 + 2 = 3</span>"), std::string::npos);
  EXPECT_EQ(report.html.find("<span class=new>(1) right</span>"), std::string::npos);
  EXPECT_NE(report.table.find("unseen"), std::string::npos);
  EXPECT_EQ(report.table.find("l3-4d2"), std::string::npos);
  EXPECT_NE(report.markdown.find("| TriPosT | 2 | 1 | 40.0 | 62.5 | 35.0-50.0 |"),
            std::string::npos);
}

TEST_F(ReportPage, CountsEveryOutcomeAndShowsImprovedOnesFirst) {
  const ReportData data = read_report_data(run, 4);
  ASSERT_EQ(data.outcomes.size(), 1u);
  EXPECT_EQ(data.outcomes[0].total(), 4);
  EXPECT_EQ(data.outcomes[0].counts[static_cast<std::size_t>(Outcome::kImproved)], 2);
  ASSERT_EQ(data.examples.size(), 4u);
  EXPECT_EQ(data.examples[0].problem.id, "b");
  EXPECT_EQ(data.examples[1].problem.id, "c");
  EXPECT_EQ(data.examples[2].problem.id, "d");
  EXPECT_EQ(read_report_data(run, 1).examples.size(), 1u);
  EXPECT_TRUE(read_report_data(run, 0).examples.empty());
}

TEST_F(ReportPage, ShowsTestQuestionsThatWereSavedAndBrokenAndCountsThemAll) {
  const TestExamples tests = read_report_data(run, 4).tasks.at(0).tests;
  EXPECT_EQ(tests.questions, 12);
  EXPECT_EQ(tests.num_saved, 9);
  EXPECT_EQ(tests.num_broken, 1);
  ASSERT_EQ(tests.saved.size(), 4u);
  ASSERT_EQ(tests.broken.size(), 1u);
  const std::string html = make_report(run, 4).html;
  EXPECT_NE(html.find("TriPosT, iteration 1: 9 of 12 test questions saved, 1 broken"),
            std::string::npos);
  EXPECT_NE(html.find("saved3"), std::string::npos);
  EXPECT_EQ(html.find("saved4"), std::string::npos);
  EXPECT_NE(html.find("broken0"), std::string::npos);
  EXPECT_EQ(html.find("kept0"), std::string::npos);
  EXPECT_EQ(html.find("wrong0"), std::string::npos);
}

TEST_F(ReportPage, HasBarsByLevelSeenAndUnseenApart) {
  const std::string html = level_charts(lines());
  const auto seen = html.find("Seen levels<"), unseen = html.find("Unseen levels<");
  ASSERT_NE(seen, std::string::npos);
  ASSERT_NE(unseen, std::string::npos);
  EXPECT_GT(html.find("l3-4d22, 300 questions"), seen);
  EXPECT_LT(html.find("l3-4d22, 300 questions"), unseen);
  EXPECT_GT(html.find("l5-6d2, 300 questions"), unseen);
  EXPECT_NE(html.find(">TriPosT 2<"), std::string::npos);
  EXPECT_EQ(html.find(">TriPosT 1<"), std::string::npos);  // the last iteration only
  EXPECT_NE(html.find(">40.0 → 62.5<"), std::string::npos);
  EXPECT_NE(html.find(">42.5<"), std::string::npos);  // no first attempt apart from the final one
}

TEST_F(ReportPage, DrawsTheFirstAttemptOfMethodsThatCorrectThemselvesAndStartsAtTheFineTunedModel) {
  const std::string html = iteration_charts(lines());
  const auto count = [&](const std::string& text) {
    int count = 0;
    for (auto at = html.find(text); at != std::string::npos; at = html.find(text, at + 1)) ++count;
    return count;
  };
  EXPECT_EQ(count("class=\"dashed\""), 3);  // total, seen, unseen
  EXPECT_EQ(count("<title>TriPosT: "), 9);  // iterations 0, 1, 2 in each
  EXPECT_EQ(count("<title>TriPosT: 42.5%"), 3);
}

// At iteration 1 by its label, but it took as many steps as the others in two.
TEST_F(ReportPage, AMethodThatTakesItsStepsAtOnceIsAMarkAtTheEndAndHasNoIteration) {
  auto all = lines();
  add(all, "LMSI", 1, false);
  for (std::size_t i = all.size() - 6; i < all.size(); ++i) all[i].all_at_once = true;
  const std::string charts = iteration_charts(all);
  const auto place_of = [&](const std::string& mark) {
    const auto title = charts.find("<title>" + mark);
    if (title == std::string::npos) throw std::runtime_error("no mark of " + mark);
    const auto circle = charts.rfind("cx=\"", title);
    return std::stod(charts.substr(circle + 4));
  };
  EXPECT_NEAR(place_of("LMSI: 52.5%"), place_of("TriPosT: 62.5%"), 12);  // apart as series are
  EXPECT_GT(place_of("LMSI: 52.5%"), place_of("TriPosT: 52.5%") + 50);
  EXPECT_EQ(charts.find("<title>LMSI: 42.5%"), std::string::npos);  // no line from the start
  EXPECT_NE(charts.find("A mark without a line"), std::string::npos);
  EXPECT_EQ(iteration_charts(lines()).find("A mark without a line"), std::string::npos);
  EXPECT_NE(level_charts(all).find(">LMSI<"), std::string::npos);
  write_file_atomically(run.scores(), scores_json({}, all, "TriPosT").dump());
  EXPECT_NE(make_report(run, 4).html.find("LMSI, all steps at once"), std::string::npos);
}

Json diagnosis(int asked, int right) {
  Diagnosis made;
  made.all = {.attempts = 100, .asked = asked, .update_right = right, .update_unchanged = 1};
  made.levels["l3<b>"] = made.all;
  return {{"seen", to_json(made)}};
}

TEST_F(ReportPage, ShowsUpdatesUnderTheTasksFeedbackOverAllSeeds) {
  EXPECT_EQ(make_report(run, 4).html.find("own feedback</h3>"), std::string::npos);
  const RunDirectory compared(folder.path() / "compared");
  write_file_atomically(compared.scores(), scores_json({}, lines(), "TriPosT").dump());
  for (const uint64_t seed : {9u, 10u}) {
    const RunDirectory cell = compared.cell("sums", seed, "tripost");
    write_file_atomically(cell.evaluation(2), "");
    write_file_atomically(cell.diagnosis(2),
                          diagnosis(seed == 9 ? 30 : 10, seed == 9 ? 20 : 5).dump());
  }
  const Report report = make_report(compared, 4);
  // 25 of 40, and 2 of 40.
  EXPECT_NE(report.html.find("<td>seen<td><td class=number>40<td class=number>62.5<td "
                             "class=number>0.0<td class=number>5.0"),
            std::string::npos);
  EXPECT_NE(report.html.find("<td>l3&lt;b&gt;<td class=number>40"), std::string::npos);
  EXPECT_NE(report.markdown.find("| sums | 2 | seen | all | 40 | 62.5 | 0.0 | 5.0 |"),
            std::string::npos);
  write_file_atomically(compared.cell("sums", 9, "tripost").diagnosis(2), "{\"seen\": 3}");
  EXPECT_NE(make_report(compared, 4).html.find("Not shown in full"), std::string::npos);
}

TEST_F(ReportPage, AComparisonHasASectionForEachTaskWithTheTestsOfItsFirstSeed) {
  const RunDirectory compared(folder.path() / "compared");
  auto both = lines();
  for (ComparisonLine line : lines()) {
    line.row.task = "words";
    both.push_back(line);
  }
  ComparisonLine none{.seeds = 0, .missing = "seed 42: too few records"};
  none.row.task = "words";
  none.row.labels = {.method = "STaR", .iteration = 1};
  none.row.subset = "total";
  both.push_back(none);
  write_file_atomically(compared.scores(), scores_json({}, both, "TriPosT").dump());
  for (const uint64_t seed : {10u, 9u}) {
    LineWriter tests(compared.cell("words", seed, "tripost").evaluation(2),
                     LineWriter::Mode::kReplace);
    tests.write(to_json(exchange(false, true, "of" + std::to_string(seed))));
  }
  const ReportData data = read_report_data(compared, 4);
  ASSERT_EQ(data.tasks.size(), 2u);
  EXPECT_EQ(data.tasks[0].tests.questions, 0);
  EXPECT_EQ(data.tasks[1].tests.source, "TriPosT, seed-9, iteration 2");
  const std::string html = make_report(compared, 4).html;
  EXPECT_NE(html.find("<h2>sums</h2>"), std::string::npos);
  EXPECT_NE(html.find("<h2>words</h2>"), std::string::npos);
  EXPECT_NE(html.find("of9"), std::string::npos);
  EXPECT_NE(html.find("STaR, iteration 1 is missing: seed 42: too few records"), std::string::npos);
}

TEST_F(ReportPage, ARunThatGoesOnShowsTheRowsOfItsState) {
  fs::remove(run.scores());
  Json rows = Json::array();
  for (const ComparisonLine& line : lines()) rows.push_back(to_json(line.row));
  write_file_atomically(run.state(), Json{{"rows", rows}}.dump());
  const ReportData data = read_report_data(run, 4);
  ASSERT_EQ(data.tasks.size(), 1u);
  EXPECT_EQ(data.tasks[0].lines.size(), rows.size());
  EXPECT_TRUE(data.notes.empty());
}

TEST_F(ReportPage, ATornFileCostsItsSectionAndIsNamed) {
  write_file_atomically(run.trajectories(1), "{\"torn");
  write_file_atomically(run.scores(), "{}");
  const ReportData data = read_report_data(run, 6);
  EXPECT_EQ(data.notes.size(), 2u);
  EXPECT_EQ(data.losses.size(), 999u);
  EXPECT_NE(make_report(run, 6).html.find("Not shown in full"), std::string::npos);
}

TEST_F(ReportPage, AnEmptyRunHasAReportToo) {
  const RunDirectory empty(folder.path() / "empty");
  EXPECT_NE(make_report(empty, 6).html.find("No scores yet"), std::string::npos);
}

TEST(LineChart, LeavesOutWhatIsNotFiniteAndIsEmptyWithoutPoints) {
  Chart chart{.title = "a <b>", .series = {{.name = "s", .points = {{.x = 1, .y = std::nan("")}}}}};
  EXPECT_EQ(to_svg(chart), "");
  chart.series[0].points.push_back({.x = 2, .y = 0.5});
  const std::string svg = to_svg(chart);
  EXPECT_NE(svg.find("a &lt;b&gt;"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(LineChart, MarksAreRoundNumbers) {
  Chart chart{.title = "t",
              .x = {.label = "iteration", .whole = true},
              .y = {.low = 0, .percent = true},
              .series = {{.name = "s", .points = {{.x = 0, .y = 0.1}, {.x = 3, .y = 0.43}}}}};
  const std::string svg = to_svg(chart);
  for (const char* mark : {">0%<", ">10%<", ">40%<", ">50%<", ">0<", ">3<"}) {
    EXPECT_NE(svg.find(mark), std::string::npos) << mark << svg;
  }
}

}  // namespace
}  // namespace tripost
