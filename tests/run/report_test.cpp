#include "run/report.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/file.h"
#include "run/line_chart.h"
#include "run/report_data.h"
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

class ReportPage : public ::testing::Test {
 protected:
  ReportPage() {
    write_file_atomically(run.config(), std::string("# ") + kAttack + "\n");
    Json rows = Json::array();
    for (int iteration = 0; iteration < 3; ++iteration) {
      for (const char* subset : {"seen", "unseen", "total", "l3-4d2"}) {
        rows.push_back({{"task", "multistep_arithmetic"},
                        {"method", "TriPosT"},
                        {"iteration", iteration},
                        {"seed", 42},
                        {"subset", subset},
                        {"n", 300},
                        {"accuracy_first", 0.4},
                        {"accuracy_final", 0.425 + 0.1 * iteration},
                        {"wrong_to_right", 0.05},
                        {"right_to_wrong", nullptr},
                        {"ci95", {0.35, 0.5}}});
      }
    }
    rows.push_back({{"method", kAttack}, {"subset", "total"}, {"n", 1}});
    write_file_atomically(run.scores(), Json{{"rows", rows}}.dump());
    LineWriter metrics(run.metrics(), LineWriter::Mode::kReplace);
    for (int step = 0; step < 1000; ++step) {
      metrics.write({{"step", step},
                     {"iteration", 1},
                     {"loss", step == 500 ? Json(nullptr) : Json(1.0 / (step + 1))}});
    }
    LineWriter lines(run.trajectories(1), LineWriter::Mode::kReplace);
    lines.write(to_json(trajectory(Outcome::kCorrect, "a")));
    lines.write(to_json(trajectory(Outcome::kImproved, "b")));
    lines.write(to_json(trajectory(Outcome::kImproved, "c")));
    lines.write(to_json(trajectory(Outcome::kUnreadable, "d")));
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
  EXPECT_NE(report.html.find("<svg"), std::string::npos);
  EXPECT_NE(report.html.find("<span class=wrong>(2) so <mark>1 + 2 = 4</mark> &lt;b&gt;</span>"),
            std::string::npos);
  EXPECT_NE(report.html.find("<span class=new>(2) so 1 + 2 = 3</span>"), std::string::npos);
  EXPECT_EQ(report.html.find("<span class=new>(1) right</span>"), std::string::npos);
  EXPECT_NE(report.table.find("unseen"), std::string::npos);
  EXPECT_EQ(report.table.find("l3-4d2"), std::string::npos);
  EXPECT_NE(report.markdown.find("| TriPosT | 2 | 42 | l3-4d2 | 300 | 40.0 | 62.5 |"),
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
