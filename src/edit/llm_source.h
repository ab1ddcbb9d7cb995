// An LLM as verifier and as improver, reached by a Generate: an endpoint (llm/client.h), or a model
// of our own.
//
// In training the verifier is asked for the first wrong step of attempts with a wrong answer; one
// with the right answer is praised without asking, as the paper does, even where a step of it is
// wrong. The improver goes on after the steps that are kept. Whatever the LLM says wrong stays in
// the answer of that request, with its cause before ": ", and is counted by cause.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "edit/prompt_file.h"
#include "edit/source.h"
#include "text/generate.h"

namespace tripost {

struct LlmSourceConfig {
  Sampling sampling{.max_new_tokens =
                        1024};  // its stop string is the examples' end mark, whatever stands here
  std::size_t max_prompt_bytes = 14'000;  // examples are dropped beyond
  uint64_t seed = 0;                      // of the run, where sampling draws at random
  bool waits = false;                     // the LLM is an endpoint's (source.h)
  int reasks = 1;  // how often an answer that cannot be used is asked for again

  // Of the verifier. In training it is told of wrong attempts only; at test time nobody knows which
  // those are (judge.txt), unless turns stop at the gold answer.
  bool praises_right = true;   // attempts with a right answer, without asking
  bool may_find_none = false;  // "None" is an answer: the attempt is praised
  bool json = false;           // the answer is a JSON object (llm_review_format())
};

// Where an answer to a few-shot prompt ends: at the examples' end mark, or where a model that only
// continues text goes on with a question of its own.
std::vector<std::string> llm_stops();

class LlmFeedback : public FeedbackSource {
 public:
  // `prompt` has the placeholders {question}, {lead_in} and {attempt}.
  LlmFeedback(const Task& task, const std::filesystem::path& prompt, Generate generate,
              LlmSourceConfig config);
  Source source() const override { return Source::kLlm; }
  bool waits() const override { return config_.waits; }
  std::vector<Reviewed> review(const std::vector<ReviewRequest>& requests) override;
  SourceCounts take_counts() override;

 private:
  struct Question;
  bool needs_asking(const ReviewRequest& request, Reviewed& answer);
  void ask(std::vector<Question>& questions, std::vector<Reviewed>& answers);
  void praise(const ReviewRequest& request, Review& review) const;
  void take_reply(Question& question, const Completion& completion, Reviewed& answer);

  const Task& task_;
  PromptFile prompt_;
  Generate generate_;
  LlmSourceConfig config_;
  SourceCounts counts_;
};

class LlmImprovement : public ImprovementSource {
 public:
  // `prompt` has the placeholders {question}, {lead_in}, {attempt}, {feedback} and {kept}.
  LlmImprovement(const std::filesystem::path& prompt, Generate generate, LlmSourceConfig config);
  Source source() const override { return Source::kLlm; }
  bool waits() const override { return config_.waits; }
  std::vector<Improved> improve(const std::vector<ImprovementRequest>& requests) override;
  SourceCounts take_counts() override;

 private:
  Improved read(const Completion& completion, const std::vector<std::string>& kept);

  PromptFile prompt_;
  Generate generate_;
  LlmSourceConfig config_;
  SourceCounts counts_;
};

}  // namespace tripost
