#include "trajectory/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "base/file.h"

namespace tripost {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> pieces(const Record& record) {
  std::vector<std::string> texts;
  for (const auto& section : record.sections)
    texts.push_back(record.text.substr(section.begin, section.end - section.begin));
  return texts;
}

std::vector<float> weights(const Record& record) {
  std::vector<float> values;
  for (const auto& section : record.sections) values.push_back(section.weight);
  return values;
}

std::string error_of(const Json& value) {
  try {
    record_from_json(value, "train.jsonl:3");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Record, OurOwnFormComesBackAsItWasWritten) {
  Record record{
      "abcdé", {{0, 2, 0.0f, "task"}, {2, 6, 1.5f, ""}}, RecordKind::kGold, "sum:l2:0f", false};
  const Json written = to_json(record);
  EXPECT_EQ(to_line(written),
            "{\"text\":\"abcdé\",\"sections\":[{\"begin\":0,\"end\":2,\"weight\":0.0,\"author\":"
            "\"task\"},"
            "{\"begin\":2,\"end\":6,\"weight\":1.5}],\"kind\":\"gold\",\"problem_id\":\"sum:l2:"
            "0f\",\"ends\":false}");
  EXPECT_EQ(to_json(record_from_json(written, "line")), written);
}

TEST(Record, KindProblemAndEndMayBeLeftOut) {
  const auto record = record_from_json(
      parse_json(R"({"text": "ab", "sections": [{"begin": 0, "end": 2, "weight": 1}], "extra": 1})",
                 "line"),
      "line");
  EXPECT_EQ(record.kind, RecordKind::kOther);
  EXPECT_EQ(record.problem_id, "");
  EXPECT_TRUE(record.ends);
}

TEST(Record, SectionsThatDoNotCoverTheTextAreErrors) {
  const auto with = [](const std::string& sections) {
    return parse_json(R"({"text": "aé", "sections": )" + sections + "}", "line");
  };
  EXPECT_THAT(error_of(with(R"([{"begin": 1, "end": 3, "weight": 1}])")),
              HasSubstr("train.jsonl:3: section [1, 3) should begin at byte 0"));
  EXPECT_THAT(error_of(with(R"([{"begin": 0, "end": 1, "weight": 1}])")),
              HasSubstr("end at byte 1 of 3"));
  EXPECT_THAT(error_of(with(R"([{"begin": 0, "end": 4, "weight": 1}])")),
              HasSubstr("end by byte 3"));
  EXPECT_THAT(error_of(with(
                  R"([{"begin": 0, "end": 2, "weight": 1}, {"begin": 2, "end": 3, "weight": 1}])")),
              HasSubstr("inside a UTF-8 character"));
  EXPECT_THAT(error_of(with(R"([{"begin": 0, "end": 3, "weight": -1}])")), HasSubstr("weight"));
  EXPECT_THAT(error_of(with(R"([{"begin": -1, "end": 3, "weight": 1}])")), HasSubstr("-1"));
  EXPECT_THAT(error_of(with("[]")), HasSubstr("end at byte 0 of 3"));
  EXPECT_THAT(error_of(with("3")), HasSubstr("should be an array"));
}

TEST(Record, ARecordWithNeitherSectionsNorMarkerSaysWhatToAdd) {
  EXPECT_THAT(error_of(parse_json(R"({"text": "ab"})", "line")),
              HasSubstr("\"sections\": [{\"begin\": 0"));
}

Json reference(const std::string& text, const std::string& marker) {
  return {{"text", text}, {"text_att_start_text", marker}};
}

TEST(Record, AReferenceRationaleIsCutWhereGenerationStarts) {
  const auto record = record_from_json(
      reference("Q: 1 + 2 =\nAnswer: Let's think.\n(1) 3.\n(Final response) 3.", "\nAnswer:"),
      "line", 1.5f);
  EXPECT_THAT(pieces(record),
              ElementsAre("Q: 1 + 2 =", "\nAnswer: Let's think.", "\n(1) 3.\n(Final response) 3."));
  EXPECT_THAT(weights(record), ElementsAre(1, 1, 1));
}

TEST(Record, AReferenceAnswerIsCutAfterItsLabel) {
  const auto record = record_from_json(reference("Q: 1 + 2 =\nAnswer: 3", "\nAnswer:"), "line");
  EXPECT_THAT(pieces(record), ElementsAre("Q: 1 + 2 =", "\nAnswer:", " 3"));
}

TEST(Record, AReferenceImprovementHasTheMarkersWeightFromTheFeedbackOn) {
  const auto record = record_from_json(
      reference("Q: q\nAnswer: L.\n(1) x.\nFeedback: In step (1) é.\nUpdated Answer: L.\n(1) y.",
                "\nFeedback:"),
      "line", 1.5f);
  EXPECT_THAT(pieces(record), ElementsAre("Q: q\nAnswer: L.", "\n(1) x.", "\nFeedback:",
                                          " In step (1) é.", "\nUpdated Answer: L.", "\n(1) y."));
  EXPECT_THAT(weights(record), ElementsAre(1, 1, 1.5, 1.5, 1.5, 1.5));
}

TEST(Record, AMarkerAtTheStartGivesOneWeightToAll) {
  const auto record =
      record_from_json(reference("Q: q\nAnswer: L.\n(1) x.\nFeedback: Good.", "Q:"), "line", 1.5f);
  EXPECT_THAT(weights(record), ElementsAre(1, 1, 1, 1));
}

TEST(Record, AMarkerThatIsNotInTheTextIsAnError) {
  EXPECT_THAT(error_of(reference("Q: q\nAnswer: 3", "\nFeedback:")),
              HasSubstr("\"\\nFeedback:\", which does not occur"));
  EXPECT_THAT(error_of(reference("Q: q\nAnswer: 3", "")), HasSubstr("does not occur"));
}

TEST(Record, EveryReferenceFileIsReadAndItsSectionsCoverItsTexts) {
  const fs::path folder = fs::path(TRIPOST_SHARED_DIR) / "reference-data";
  if (!fs::exists(folder)) GTEST_SKIP() << "no reference data at " << folder;
  int count = 0;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".jsonl") continue;
    for_each_json_line(file.path(), [&](const Json& value, const std::string& where) {
      const Record record = record_from_json(value, where);
      std::string joined;
      for (const auto& piece : pieces(record)) joined += piece;
      ASSERT_EQ(joined, record.text) << where;
      ASSERT_EQ(record.sections.size(), 3u) << where;
      ++count;
    });
  }
  EXPECT_GT(count, 1500);
}

}  // namespace
}  // namespace tripost
