#include "baselines/prompting.h"

#include <memory>
#include <utility>

#include "base/error.h"
#include "edit/llm_attempts.h"
#include "edit/llm_source.h"
#include "edit/source_turns.h"
#include "rollout/attempt.h"

namespace tripost {
void check_prompts(const std::filesystem::path& folder, const std::string& task) {
  for (const char* name : {"attempt.txt", "judge.txt", "improve.txt"}) {
    const std::filesystem::path file = folder / task / name;
    if (!std::filesystem::exists(file))
      fail(
          "the method prompting needs {}, which is not there: write it as in {}, give "
          "--llm-prompts, or leave the method out",
          file.string(), (folder / "multistep_arithmetic" / name).string());
  }
}

EvaluateStages prompted_stages(const Task& task, const Generate& generate,
                               const ImproveConfig& config) {
  const std::filesystem::path folder = config.prompts / task.name();
  const Generate ask = as_utf8(generate);
  LlmSourceConfig source{.sampling = {.max_new_tokens = config.test.max_new_tokens},
                         .seed = config.test.seed,
                         .reasks = 0};  // greedy: the same prompt gets the same answer
  LlmSourceConfig judge = source;
  judge.may_find_none = true;
  judge.praises_right = false;
  const auto feedback = std::make_shared<LlmFeedback>(task, folder / "judge.txt", ask, judge);
  const auto improvement = std::make_shared<LlmImprovement>(folder / "improve.txt", ask, source);
  return {.attempt =
              [&task, attempt = folder / "attempt.txt", ask,
               source](const std::vector<Problem>& problems) {
                return llm_attempts(problems, task, attempt, ask, source);
              },
          .correct =
              [&task, feedback, improvement,
               max_updates = config.test.max_updates](std::vector<Exchange> exchanges) {
                return correct_in_turns(std::move(exchanges), task, *feedback, *improvement,
                                        max_updates);
              }};
}

}  // namespace tripost
