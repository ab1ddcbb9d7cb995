#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "task/task.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("logical_deduction");

Problem parse(const std::string& question) { return task->parse_problem(question, "test"); }

const fs::path kReference = fs::path(TRIPOST_SHARED_DIR) / "reference-data";

void for_each_record(const std::string& file,
                     const std::function<void(const Json&, const std::string&)>& visit) {
  const fs::path path = kReference / file;
  ASSERT_TRUE(fs::exists(path)) << path;
  for_each_json_line(path, visit);
}

TEST(DeductionReference, EveryQuestionIsReadAndItsGoldLetterFound) {
  if (!fs::exists(kReference)) GTEST_SKIP() << kReference << " is not there";
  std::set<std::string> questions;
  for (const char* file :
       {"training/logical_deduction/logical_deduction_world_rationale_3-5.jsonl",
        "training/logical_deduction/logical_deduction_baseline_ao_3-5.jsonl",
        "training/logical_deduction/logical_deduction_baseline_rationale_3-5.jsonl",
        "training/logical_deduction/logical_deduction_LMSI_rationale_3-5.jsonl",
        "validation/logical_deduction/logical_deduction_baseline_ao_3-5_val.jsonl",
        "validation/logical_deduction/logical_deduction_baseline_rationale_3-5_val.jsonl"}) {
    for_each_record(file, [&](const Json& record, const std::string& where) {
      const std::string text = record.at("text");
      const std::size_t answer = text.find("\nAnswer:");
      const Problem problem = parse(text.substr(0, answer));
      EXPECT_EQ("Q: " + problem.question, text.substr(0, answer)) << where;
      questions.insert(problem.id);
      const std::string attempt = text.substr(answer + 8);
      const Verdict verdict = task->grade(problem, attempt);
      EXPECT_TRUE(verdict.error.empty()) << where << verdict.error;
      if (text.find("LMSI") == std::string::npos &&
          std::string(file).find("LMSI") == std::string::npos)
        EXPECT_TRUE(verdict.correct) << where;
      const Review review = task->verify(problem, problem.rationale);
      EXPECT_TRUE(review.correct) << problem.rationale << review.feedback << review.error;
    });
  }
  EXPECT_EQ(questions.size(), 400u);
}

TEST(DeductionGenerator, GoldIsCorrect) {
  for (const Problem& problem : task->problems(Split::kTest, {}, 2000, 11)) {
    const Review review = task->verify(problem, problem.rationale);
    ASSERT_TRUE(review.correct) << problem.question << "\n"
                                << problem.rationale << "\n"
                                << review.feedback << review.error;
  }
}

}  // namespace
}  // namespace tripost
