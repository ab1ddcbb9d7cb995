#include "task/property_problems.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

namespace tripost {
namespace {

constexpr int kChunk = 1000;

// What became of injected errors, counted from several threads.
class InjectedErrors {
 public:
  void count_made(const std::string& kind) {
    const std::lock_guard lock(mutex_);
    ++made_[kind];
  }
  void count_missed(const std::string& kind, const std::string& example) {
    const std::lock_guard lock(mutex_);
    ++missed_[kind];
    examples_[kind] = example;
  }
  void expect_all_found(const std::vector<std::string>& kinds, double least_made) const {
    for (const auto& [kind, example] : examples_) {
      testing::Test::RecordProperty("missed " + kind, missed_.at(kind));
      ADD_FAILURE() << missed_.at(kind) << " of " << made_.at(kind) << " " << example;
    }
    for (const std::string& kind : kinds) {
      EXPECT_TRUE(made_.count(kind) > 0 && made_.at(kind) > least_made) << kind;
    }
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> made_, missed_;
  std::map<std::string, std::string> examples_;
};

void expect_gold_holds(const Task& task, const Problem& problem) {
  const Review review = task.verify(problem, problem.rationale);
  ASSERT_TRUE(review.correct) << problem.question << "\n"
                              << problem.rationale << "\n"
                              << review.feedback << review.error;
  ASSERT_EQ(review.feedback, task.praise(problem.rationale));
  const Verdict verdict = task.grade(problem, problem.rationale);
  ASSERT_TRUE(verdict.correct && verdict.answer == problem.gold) << problem.rationale;
}

void expect_error_is_found(const Task& task, const Problem& problem, Random& random,
                           InjectedErrors& errors) {
  const auto injected = task.inject_error(problem, random);
  ASSERT_TRUE(injected) << problem.question;
  errors.count_made(injected->kind);
  const Review review = task.verify(problem, injected->attempt);
  if (review.step != injected->step) {
    return errors.count_missed(injected->kind, injected->kind + " at " + injected->step + "\n" +
                                                   problem.question + "\n" + injected->attempt +
                                                   "\n" + review.feedback + review.error);
  }
  const Review read = task.parse_feedback(review.feedback);
  ASSERT_EQ(read.step, review.step) << review.feedback;
  ASSERT_EQ(read.segment, review.segment) << review.feedback;
  ASSERT_EQ(read.reason, review.reason) << review.feedback;
  std::string why;
  const auto improved = task.improve(problem, injected->attempt, review, why);
  ASSERT_TRUE(improved) << why << "\n" << injected->kind << "\n" << injected->attempt;
  const Review second = task.verify(problem, *improved);
  ASSERT_TRUE(second.correct) << injected->attempt << "\n\n"
                              << *improved << "\n"
                              << second.feedback << second.error;
  ASSERT_TRUE(task.grade(problem, *improved).correct) << *improved;
}

}  // namespace

int num_property_problems() {
  const char* const text = std::getenv("TRIPOST_PROPERTY_PROBLEMS");
  const int count = text == nullptr ? 20000 : std::atoi(text);
  if (count <= 0) ADD_FAILURE() << "TRIPOST_PROPERTY_PROBLEMS is not a number: " << text;
  return count;
}

void for_each_property_problem(const Task& task, uint64_t seed,
                               const std::function<void(const Problem&, Random&)>& check) {
  const int count = num_property_problems();
  std::atomic<int> next = 0;
  const auto work = [&] {
    for (int begin = next.fetch_add(kChunk); begin < count; begin = next.fetch_add(kChunk)) {
      const uint64_t chunk_seed = seed_from({seed, static_cast<uint64_t>(begin)});
      Random random(chunk_seed);
      for (const Problem& problem :
           task.problems(Split::kTest, {}, std::min(kChunk, count - begin), chunk_seed)) {
        if (testing::Test::HasFatalFailure()) return;
        check(problem, random);
      }
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
}

void expect_gold_holds_and_errors_are_found(const Task& task, const std::vector<std::string>& kinds,
                                            double least_share) {
  InjectedErrors errors;
  for_each_property_problem(task, 13, [&](const Problem& problem, Random& random) {
    expect_gold_holds(task, problem);
    expect_error_is_found(task, problem, random, errors);
  });
  if (testing::Test::HasFatalFailure()) return;
  errors.expect_all_found(kinds, least_share * num_property_problems());
}

}  // namespace tripost
