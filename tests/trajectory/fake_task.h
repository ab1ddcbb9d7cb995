// A task small enough to check by hand: running sums.
//
//   question   2 + 3 + 4 =
//   attempt    (1) 2 + 3 = 5.
//              (2) 5 + 4 = 9.
//              (Final response) So the answer is 9.
//
// Its verifier checks each line's sum against its own left side, its first number against the line
// above and its second against the question; feedback follows the paper's grammar.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "task/task.h"

namespace tripost {

class FakeTask : public Task {
 public:
  std::string name() const override { return "running_sum"; }
  std::vector<Level> levels() const override { return {{"short", true}, {"long", false}}; }
  std::vector<Problem> problems(Split, const std::vector<std::string>&, int,
                                uint64_t) const override {
    return {};
  }

  Problem parse_problem(const std::string& question, const std::string&) const override {
    const auto numbers = operands(question);
    Problem problem;
    problem.seen = numbers.size() <= 3;
    problem.level = problem.seen ? "short" : "long";
    problem.id = "running_sum:" + problem.level + ":" + question;
    problem.question = question;
    problem.lead_in = "Let's think step by step.";
    problem.rationale = continued({}, numbers);
    int sum = 0;
    for (const int number : numbers) sum += number;
    problem.gold = std::to_string(sum);
    return problem;
  }

  Verdict grade(const Problem& problem, const std::string& attempt) const override {
    const auto at = attempt.rfind("the answer is ");
    Verdict verdict;
    if (at == std::string::npos) {
      verdict.error = "there is no answer";
      return verdict;
    }
    const auto end = attempt.find('.', at);
    verdict.answer = attempt.substr(at + 14, end - at - 14);
    verdict.correct = verdict.answer == problem.gold;
    return verdict;
  }

  Review verify(const Problem& problem, const std::string& attempt) const override {
    const auto numbers = operands(problem.question);
    const auto steps = lines(attempt);
    Review review;
    int expected = numbers.empty() ? 0 : numbers[0];
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
      int id = 0, left = 0, right = 0, sum = 0;
      if (std::sscanf(steps[i].c_str(), "(%d) %d + %d = %d.", &id, &left, &right, &sum) != 4) {
        review.error = fmt::format("line {} is no step", i + 1);
        return review;
      }
      const bool known = i + 1 < numbers.size() && left == expected && right == numbers[i + 1];
      if (!known || left + right != sum) {
        const auto segment = fmt::format("{} + {} = {}", left, right, sum);
        return wrong(id, std::to_string(id), segment,
                     known ? "the sum is wrong" : "the numbers are wrong");
      }
      expected = sum;
    }
    const Verdict verdict = grade(problem, attempt);
    if (!verdict.error.empty()) {
      review.error = verdict.error;
      return review;
    }
    if (verdict.answer != std::to_string(expected)) {
      return wrong(static_cast<int>(steps.size()), "Final response",
                   "the answer is " + verdict.answer + ".", "it is not the last sum");
    }
    review.correct = true;
    review.feedback = praise(attempt);
    return review;
  }

  std::optional<std::string> improve(const Problem& problem, const std::string& attempt,
                                     const Review& review, std::string&) const override {
    std::vector<std::string> kept;
    for (const auto& line : lines(attempt)) {
      if (line.starts_with("(" + review.step + ")")) break;
      kept.push_back(line);
    }
    return continued(kept, operands(problem.question));
  }

  std::string praise(const std::string& attempt) const override {
    return fmt::format("Step (1) to step ({}) are correct. The final response is also correct.",
                       lines(attempt).size() - 1);
  }

  Review parse_feedback(const std::string& feedback) const override {
    Review review;
    review.feedback = feedback;
    if (feedback.find("The final response is also correct.") != std::string::npos) {
      review.correct = true;
      return review;
    }
    const std::string open = ") the part \" ", close = " \" is incorrect. This is because ";
    const auto step = feedback.find("In step ("), part = feedback.find(open),
               because = feedback.find(close);
    if (step == std::string::npos || part == std::string::npos || because == std::string::npos) {
      review.error = "no feedback grammar";
      return review;
    }
    review.step = feedback.substr(step + 9, part - step - 9);
    review.segment = feedback.substr(part + open.size(), because - part - open.size());
    review.reason = feedback.substr(because + close.size());
    return review;
  }

  static Review wrong(int number, const std::string& step, const std::string& segment,
                      const std::string& reason) {
    const std::string before = number == 1 ? ""
                               : number == 2
                                   ? "Step (1) is correct. "
                                   : fmt::format("Step (1) to ({}) are correct. ", number - 1);
    Review review;
    review.step = step;
    review.segment = segment;
    review.reason = reason;
    review.feedback =
        fmt::format("{}In step ({}) the part \" {} \" is incorrect. This is because {}.", before,
                    step, segment, reason);
    return review;
  }

 private:
  static std::vector<int> operands(const std::string& question) {
    std::vector<int> numbers;
    std::istringstream words(question);
    for (std::string word; words >> word;) {
      if (word != "+" && word != "=") numbers.push_back(std::stoi(word));
    }
    return numbers;
  }
  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) all.push_back(line);
    return all;
  }
  // The kept lines, which are right, and the gold lines that follow.
  static std::string continued(const std::vector<std::string>& kept,
                               const std::vector<int>& numbers) {
    std::string text;
    int sum = numbers.empty() ? 0 : numbers[0];
    for (std::size_t i = 0; i + 1 < numbers.size(); ++i) {
      const int next = sum + numbers[i + 1];
      text += i < kept.size() ? kept[i]
                              : fmt::format("({}) {} + {} = {}.", i + 1, sum, numbers[i + 1], next);
      text += "\n";
      sum = next;
    }
    return text + fmt::format("(Final response) So the answer is {}.", sum);
  }
};

}  // namespace tripost
