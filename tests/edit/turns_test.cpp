// Expected documents are the reference's own (tests/data/edit: reference-behaviour.md sections 12.5
// and 12.6, copied).
#include "edit/turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "text/prompt.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

using testing::ElementsAre;

std::string fixture(const std::string& name) {
  return read_file(fs::path(TRIPOST_SOURCE_DIR) / "tests/data/edit" / name);
}

const std::string kLeadIn = "Let's think step by step.";

// The trajectory that a reference document shows; attempts before the last are wrong.
Trajectory trajectory_of(const std::string& document, const std::string& lead_in) {
  const Conversation conversation = parse_document(document, lead_in, "fixture");
  Trajectory trajectory;
  trajectory.problem.id = "problem";
  trajectory.problem.question = conversation.question;
  trajectory.problem.lead_in = lead_in;
  trajectory.outcome = Outcome::kImproved;
  for (const Turn& turn : conversation.turns) {
    Step step;
    step.attempt.text = turn.attempt;
    step.feedback.text = turn.feedback;
    trajectory.steps.push_back(step);
  }
  trajectory.steps.back().feedback.review.correct = true;
  return trajectory;
}

std::vector<float> weights_of(const Record& record) {
  std::vector<float> weights;
  for (const auto& section : record.sections) weights.push_back(section.weight);
  return weights;
}

// The byte from which on the weight is `weight`, and everything before has another.
std::size_t start_of_weight(const Record& record, float weight) {
  std::size_t start = record.text.size();
  for (auto section = record.sections.rbegin();
       section != record.sections.rend() && section->weight == weight; ++section) {
    start = section->begin;
  }
  return start;
}

TEST(TurnRecords, TheReferencesWordSortingExampleGivesItsTwoRecords) {
  const auto records =
      turn_records(trajectory_of(fixture("word_sorting_trajectory.txt"), kLeadIn), {});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].text, fixture("word_sorting_improvement.txt"));
  EXPECT_EQ(records[0].kind, RecordKind::kImprovement);
  EXPECT_EQ(records[1].text, fixture("word_sorting_non_improvement.txt"));
  EXPECT_EQ(records[1].kind, RecordKind::kCorrected);
  for (const Record& record : records) {  // the reference's marker for both
    EXPECT_EQ(start_of_weight(record, 1.5f), record.text.find("\nFeedback:"));
    EXPECT_EQ(record.sections.front().weight, 1.0f);
    EXPECT_TRUE(record.ends);
    EXPECT_EQ(record.problem_id, "problem");
  }
}

TEST(TurnRecords, TheReferencesArithmeticTurnKeepsItsInformationSentence) {
  const std::string expected = fixture("multistep_arithmetic_improvement.txt");
  const std::string lead_in =
      expected.substr(expected.find("Let's"), expected.find("\n(1)") - expected.find("Let's"));
  Trajectory trajectory = trajectory_of(expected, lead_in);
  trajectory.steps.back().feedback.text =
      "Step (1) to step (4) are correct. The final response is also correct.";
  const auto records = turn_records(trajectory, {});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].text, expected);
}

TEST(TurnRecords, RecordsAreReadBackFromJsonWithTheSameSections) {
  for (const Record& record :
       turn_records(trajectory_of(fixture("word_sorting_trajectory.txt"), kLeadIn), {})) {
    EXPECT_EQ(to_json(record_from_json(to_json(record), "line")), to_json(record));
  }
}

// Reading the reference's form of the same document gives the same pieces: training sees the same
// tokens either way.
TEST(TurnRecords, TheReferencesFormOfARecordIsCutAtTheSameBytes) {
  const Record record =
      turn_records(trajectory_of(fixture("word_sorting_trajectory.txt"), kLeadIn), {}).at(0);
  const Record read = record_from_json(
      {{"text", record.text}, {"text_att_start_text", "\nFeedback:"}}, "line", 1.5f);
  ASSERT_EQ(read.sections.size(), record.sections.size());
  for (std::size_t i = 0; i < read.sections.size(); ++i) {
    EXPECT_EQ(read.sections[i].begin, record.sections[i].begin);
    EXPECT_EQ(read.sections[i].weight, record.sections[i].weight);
  }
}

Trajectory three_attempts() {
  return trajectory_of(
      "Q: q\nAnswer: L\n(1) a\nFeedback: fa\nUpdated Answer: L\n(1) b\nFeedback: fb\nUpdated "
      "Answer: L\n(1) c\nFeedback: good",
      "L");
}

TEST(TurnRecords, EveryUpdateBecomesATurnOfItsOwn) {
  const auto records = turn_records(three_attempts(), {});
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].text, "Q: q\nAnswer: L\n(1) a\nFeedback: fa\nUpdated Answer: L\n(1) b");
  EXPECT_EQ(records[1].text, "Q: q\nAnswer: L\n(1) b\nFeedback: fb\nUpdated Answer: L\n(1) c");
  EXPECT_EQ(records[2].text, "Q: q\nAnswer: L\n(1) c\nFeedback: good");
}

TEST(TurnRecords, EveryPartHasItsOwnWeight) {
  const auto records = turn_records(three_attempts(), {0.125f, 0.25f, 0.5f, 2.0f, 3.0f});
  // question | attempt | Feedback: | words | Updated Answer: | update; labels have 2 x 0.125
  EXPECT_THAT(weights_of(records[0]),
              ElementsAre(0.125f, 0.5f, 0.25f, 2, 0.25f, 1.0f));  // the update is wrong: 2 x 0.5
  EXPECT_THAT(weights_of(records[1]), ElementsAre(0.125f, 0.5f, 0.25f, 2, 0.25f, 2));
  EXPECT_THAT(weights_of(records[2]), ElementsAre(0.125f, 0.25f, 0.25f, 2));
  EXPECT_EQ(records[0].sections[1].author, "attempt");
  EXPECT_EQ(records[0].sections[3].author, "feedback");
  EXPECT_EQ(records[0].sections[5].author, "improvement");
}

TEST(TurnRecords, TheFirstWordThatAnUpdateChangesCanWeighMore) {
  const auto weighted = [](const std::string& attempt, const std::string& update) {
    TurnWeights weights;
    weights.mended = 4;
    const std::string text = "Q: q\nAnswer: L\n" + attempt + "\nFeedback: f\nUpdated Answer: L\n" +
                             update + "\nFeedback: good";
    const Record record = turn_records(trajectory_of(text, "L"), weights).at(0);
    std::vector<std::string> heavy;
    for (const auto& section : record.sections) {
      EXPECT_TRUE(section.weight == 1.0f || section.weight == 1.5f ||
                  section.author == "improvement");
      if (section.weight == 6.0f)
        heavy.push_back(record.text.substr(section.begin, section.end - section.begin));
    }
    return heavy;
  };
  EXPECT_THAT(weighted("(1) a\n(2) b\n(3) c", "(1) a\n(2) x\n(3) y"), ElementsAre("x"));
  EXPECT_THAT(weighted("(1) a\n(2) bc", "(1) a\n(2) b"), ElementsAre("b"));
  EXPECT_THAT(weighted("(1) a\n(2) b", "(1) a"), ElementsAre());
  EXPECT_THAT(weighted("(1) a", "(1) a\n(2) b"), ElementsAre("\n(2"));
  EXPECT_THAT(weighted("(1) ab\n(2) c", "(1) a\n(2) c"), ElementsAre("a"));
  EXPECT_THAT(weighted("x", "y"), ElementsAre("y"));
  EXPECT_THAT(weighted("(1) 8 = (9 + 61) = 70.", "(1) 8 = (9 + -19) = -10."), ElementsAre("-19"));
  EXPECT_THAT(weighted("(1) (9 + 2) = 1081.", "(1) (9 + 2) = 1091."), ElementsAre("1091"));
  EXPECT_THAT(weighted("(1) [\"a\", \"c\"]", "(1) [\"a\", \"b\", \"c\"]"), ElementsAre("b"));
}

TEST(TurnRecords, MaskedWrongAttemptsAreNeverTrainedOnWhereverTheyStand) {
  TurnWeights weights;
  weights.wrong_attempt = 0;
  const auto records = turn_records(three_attempts(), weights);
  EXPECT_THAT(weights_of(records[0]), ElementsAre(1, 0, 1.5, 1.5, 1.5, 0));
}

TEST(TurnRecords, WithoutConversionTheWholeTrajectoryIsOneImprovement) {
  const auto records = turn_records(three_attempts(), {}, TurnConversion::kWhole);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].kind, RecordKind::kImprovement);
  EXPECT_TRUE(records[0].text.ends_with("Feedback: good"));
  EXPECT_EQ(start_of_weight(records[0], 1.5f), records[0].text.find("\nFeedback:"));
}

TEST(TurnRecords, ARightFirstAttemptIsANonImprovementWithWeightOneAsInThePaper) {
  Trajectory trajectory = trajectory_of("Q: q\nAnswer: L\n(1) a\nFeedback: good", "L");
  trajectory.outcome = Outcome::kCorrect;
  const auto records = turn_records(trajectory, {});
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].kind, RecordKind::kNonImprovement);
  EXPECT_THAT(weights_of(records[0]), ElementsAre(1, 1, 1, 1));
}

TEST(RationaleRecord, TheQuestionWeighsWhatItIsGiven) {
  const Problem problem{.question = "q", .lead_in = "L", .rationale = "(1) a"};
  EXPECT_THAT(weights_of(rationale_record(problem, 1.0f)), ElementsAre(1, 1));
  EXPECT_THAT(weights_of(rationale_record(problem, 0.0f)), ElementsAre(0, 1));
}

TEST(TurnRecords, FeedbackOnlyCountsAsNonImprovementWithTheSectionWeight) {
  Trajectory trajectory = trajectory_of("Q: q\nAnswer: L\n(1) a\nFeedback: bad", "L");
  trajectory.outcome = Outcome::kFeedbackOnly;
  trajectory.steps[0].feedback.review.correct = false;
  const auto records = turn_records(trajectory, {});
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].kind, RecordKind::kNonImprovement);
  EXPECT_EQ(records[0].text, "Q: q\nAnswer: L\n(1) a\nFeedback: bad");
  EXPECT_THAT(weights_of(records[0]), ElementsAre(1, 1, 1.5, 1.5));
}

TEST(TurnRecords, OtherOutcomesGiveNone) {
  for (const auto outcome :
       {Outcome::kUnreadable, Outcome::kNoImprovement, Outcome::kUnfinished, Outcome::kFailed}) {
    Trajectory trajectory = three_attempts();
    trajectory.outcome = outcome;
    EXPECT_TRUE(turn_records(trajectory, {}).empty());
  }
}

TEST(GoldRecord, IsTheQuestionItsRationaleAndPraiseWithWeightOne) {
  const FakeTask task;
  const Record record = gold_record(task.parse_problem("2 + 3 + 4 =", "test"), task, {});
  EXPECT_EQ(record.text,
            "Q: 2 + 3 + 4 =\nAnswer: Let's think step by step.\n(1) 2 + 3 = 5.\n(2) 5 + 4 = 9.\n"
            "(Final response) So the answer is 9.\n"
            "Feedback: Step (1) to step (2) are correct. The final response is also correct.");
  EXPECT_EQ(record.kind, RecordKind::kGold);
  EXPECT_THAT(weights_of(record), ElementsAre(1, 1, 1, 1));
}

}  // namespace
}  // namespace tripost
