#include "edit/llm_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cassert>
#include <utility>

#include "base/random.h"
#include "edit/attempt_lines.h"
#include "edit/llm_reply.h"
#include "task/feedback_text.h"

namespace tripost {
namespace {

// After a prompt that ends where the lines' answer would begin.
constexpr const char* kAsObject =
    "\n\nAnswer with one JSON object instead of the lines: {\"earliest_error_step\": \"...\", "
    "\"error_segment\": \"...\", \"error_reason\": \"...\"}";

LlmSourceConfig with_stop(LlmSourceConfig config) {
  config.sampling.stop = llm_stops();
  return config;
}

// Why a completion holds nothing to read; empty when it does.
std::string fault_of(const Completion& completion, SourceCounts& counts) {
  if (completion.finish_reason == FinishReason::kError) {
    ++counts["no_answer"];
    return completion.error;
  }
  if (completion.finish_reason == FinishReason::kLength) {
    ++counts["cut"];
    return "the LLM's answer was cut at its token limit";
  }
  return "";
}

// The kept steps, each with its newline: the prompt ends where the first new step begins.
std::string text_of(const std::vector<std::string>& kept) {
  std::string text;
  for (const std::string& line : kept) text += line + "\n";
  return text;
}

}  // namespace

std::vector<std::string> llm_stops() { return {kLlmEnd, "\nQ:"}; }

struct LlmFeedback::Question {
  const ReviewRequest* request;
  std::size_t place;
  std::string prompt;
  bool open = true;
};

LlmFeedback::LlmFeedback(const Task& task, const std::filesystem::path& prompt, Generate generate,
                         LlmSourceConfig config)
    : task_(task),
      prompt_(PromptFile::read(prompt, {"question", "lead_in", "attempt"})),
      generate_(std::move(generate)),
      config_(with_stop(std::move(config))) {}

SourceCounts LlmFeedback::take_counts() { return std::exchange(counts_, {}); }

std::vector<Reviewed> LlmFeedback::review(const std::vector<ReviewRequest>& requests) {
  std::vector<Reviewed> answers(requests.size());
  std::vector<Question> questions;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!needs_asking(requests[i], answers[i])) continue;
    const Problem& problem = *requests[i].problem;
    std::size_t dropped = 0;
    auto prompt = prompt_.fill({{"question", problem.question},
                                {"lead_in", problem.lead_in},
                                {"attempt", requests[i].attempt}},
                               config_.max_prompt_bytes, dropped);
    if (!prompt) {
      ++counts_["prompt_too_long"];
      answers[i].failure =
          fmt::format("the verifier's prompt is longer than {} bytes without any example",
                      config_.max_prompt_bytes);
      continue;
    }
    counts_["prompts_with_examples_dropped"] += dropped > 0;
    if (config_.json) *prompt += kAsObject;
    questions.push_back({&requests[i], i, std::move(*prompt)});
  }
  for (int round = 0; round <= config_.reasks; ++round) ask(questions, answers);
  std::erase_if(counts_, [](const auto& count) { return count.second == 0; });
  return answers;
}

void LlmFeedback::praise(const ReviewRequest& request, Review& review) const {
  review.correct = true;
  review.feedback = task_.praise(request.attempt);
}

// False when the answer is known without the LLM: the attempt cannot be read, or its answer is
// known to be right.
bool LlmFeedback::needs_asking(const ReviewRequest& request, Reviewed& answer) {
  const Verdict verdict = task_.grade(*request.problem, request.attempt);
  Review& review = answer.review;
  if (!verdict.error.empty()) {
    review.error = verdict.error;
  } else if (verdict.correct && config_.praises_right) {
    praise(request, review);
  } else if (step_id_of(attempt_lines(request.attempt).back()) != kFinalStep) {
    review.error = "the last line is no final response";
  } else {
    return true;
  }
  ++counts_[review.correct ? "praised" : "unreadable_attempts"];
  return false;
}

void LlmFeedback::ask(std::vector<Question>& questions, std::vector<Reviewed>& answers) {
  std::vector<Question*> open;
  std::vector<Request> requests;
  for (Question& question : questions) {
    if (!question.open) continue;
    open.push_back(&question);
    requests.push_back({question.prompt, seed_from({config_.seed, hash_text(question.prompt)})});
  }
  if (open.empty()) return;
  counts_["asked"] += static_cast<int64_t>(open.size());
  const auto completions = generate_(requests, config_.sampling);
  assert(completions.size() == requests.size());
  for (std::size_t i = 0; i < open.size(); ++i)
    take_reply(*open[i], completions[i], answers[open[i]->place]);
}

// An answer that cannot be used stays open, with a prompt that says what is wrong with it.
void LlmFeedback::take_reply(Question& question, const Completion& completion, Reviewed& answer) {
  answer.failure = fault_of(completion, counts_);
  if (!answer.failure.empty()) {
    question.open = false;
    return;
  }
  LlmReview read = read_llm_review(completion.text, question.request->attempt);
  if (read.fault.empty()) {
    ++counts_["found"];
    answer.review = std::move(read.review);
    question.open = false;
    return;
  }
  ++counts_[read.fault];
  if (config_.may_find_none && read.fault == kCalledCorrect) {
    praise(*question.request, answer.review);
    question.open = false;
    return;
  }
  answer.failure = fmt::format("the LLM's feedback cannot be used ({}): {}", read.fault, read.why);
  question.prompt += fmt::format(
      " {}\n\nThis cannot be used: {}. Answer again, {}", completion.text, read.why,
      config_.json ? "as the same JSON object." : "in the same three lines.\nEarliest error step:");
  question.open = question.prompt.size() <= config_.max_prompt_bytes;
}

LlmImprovement::LlmImprovement(const std::filesystem::path& prompt, Generate generate,
                               LlmSourceConfig config)
    : prompt_(PromptFile::read(prompt, {"question", "lead_in", "attempt", "feedback", "kept"})),
      generate_(std::move(generate)),
      config_(with_stop(std::move(config))) {}

SourceCounts LlmImprovement::take_counts() { return std::exchange(counts_, {}); }

std::vector<Improved> LlmImprovement::improve(const std::vector<ImprovementRequest>& requests) {
  std::vector<Improved> answers(requests.size());
  std::vector<std::size_t> places;
  std::vector<std::vector<std::string>> kept;
  std::vector<Request> prompts;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto& [problem, attempt, review] = requests[i];
    std::vector<std::string> lines = attempt_lines(attempt);
    const std::size_t wrong = line_of_step(lines, review);
    if (wrong == lines.size()) {
      ++counts_["unknown_step"];
      answers[i].why = fmt::format("the attempt has no step ({})", review.step);
      continue;
    }
    lines.resize(wrong);
    std::size_t dropped = 0;
    auto prompt = prompt_.fill({{"question", problem->question},
                                {"lead_in", problem->lead_in},
                                {"attempt", attempt},
                                {"feedback", review.feedback},
                                {"kept", text_of(lines)}},
                               config_.max_prompt_bytes, dropped);
    if (!prompt) {
      ++counts_["prompt_too_long"];
      answers[i].failure =
          fmt::format("the improver's prompt is longer than {} bytes without any example",
                      config_.max_prompt_bytes);
      continue;
    }
    counts_["prompts_with_examples_dropped"] += dropped > 0;
    prompts.push_back({*prompt, seed_from({config_.seed, hash_text(*prompt)})});
    places.push_back(i);
    kept.push_back(std::move(lines));
  }
  counts_["asked"] += static_cast<int64_t>(prompts.size());
  const auto completions =
      prompts.empty() ? std::vector<Completion>() : generate_(prompts, config_.sampling);
  assert(completions.size() == prompts.size());
  for (std::size_t i = 0; i < completions.size(); ++i)
    answers[places[i]] = read(completions[i], kept[i]);
  std::erase_if(counts_, [](const auto& count) { return count.second == 0; });
  return answers;
}

Improved LlmImprovement::read(const Completion& completion, const std::vector<std::string>& kept) {
  Improved answer;
  answer.failure = fault_of(completion, counts_);
  if (!answer.failure.empty()) return answer;
  LlmUpdate update = read_llm_update(completion.text, kept);
  if (update.fault.empty()) {
    ++counts_["written"];
    answer.attempt = std::move(update.attempt);
  } else {
    ++counts_[update.fault];
    answer.why = fmt::format("the LLM's update cannot be used ({}): {}", update.fault, update.why);
  }
  return answer;
}

}  // namespace tripost
