#include "cli/improve_options.h"

#include "cli/lora_options.h"
#include "cli/unused_options.h"

namespace tripost {

ImproveConfig ImproveSettings::resolved() const {
  ImproveConfig result = config;
  result.lora = resolved_lora(config.lora);
  result.finetuning = finetuning.resolved();
  result.training = training.resolved();
  if (recalculate) result.feedback_style = FeedbackStyle::kRecalculated;
  result.weights = {.question = static_cast<float>(question_weight),
                    .attempt = static_cast<float>(attempt_weight),
                    .wrong_attempt = static_cast<float>(wrong_attempt_weight),
                    .section = static_cast<float>(section_weight),
                    .first_praise = static_cast<float>(praise_weight),
                    .mended = static_cast<float>(mended_weight)};
  return result;
}

InputFiles inputs_of(const ImproveSettings& settings, const Options& options) {
  const std::filesystem::path& documents = settings.config.rehearsal.documents;
  if (!documents.empty()) return {{"rehearsal", documents}};
  refuse_unused(options, {"rehearsal-share"}, "nothing is rehearsed; give --rehearsal FILE too");
  return {};
}

void add_improve_options(Options& options, ImproveSettings& settings) {
  ImproveConfig& config = settings.config;
  options.add("iterations", &config.iterations, "passes of attempt, edit, train").between(0, 1000);
  options.add("seed", &config.seed, "of everything that is drawn at random in training");
  options.add("problems", &config.problems, "training questions").between(1, 1e7);
  options.add("fresh-problems", &config.fresh_problems,
              "new questions in every iteration; the paper uses the same ones");
  options.add("samples", &config.samples, "attempts at each question").between(1, 1000);
  options.add("temperature", &config.sampling.temperature, "of attempts, 0 is greedy")
      .between(0, 10);
  options.add("max-new-tokens", &config.sampling.max_new_tokens, "limit of an attempt in training")
      .between(1, 1e6);
  options.add("recalculate", &settings.recalculate,
              "feedback on multistep arithmetic works the calculations again before it judges");
  options.add("max-updates", &config.edit.max_updates, "corrections of one attempt by the improver")
      .between(1, 100);
  options
      .add("improve-data-ratio", &config.balance.improve_data_ratio,
           "improvement records per non-improvement record; 0 keeps all")
      .between(0, 1000);
  options.add("min-records", &config.min_records, "fewer training records end the loop")
      .between(0, 1e9);
  options
      .add("max-records", &config.balance.max_records,
           "more training records are thinned out; 0: no limit")
      .between(0, 1e9);
  options
      .add("question-weight", &settings.question_weight,
           "loss weight of what the task writes: question, lead-ins and, times the section's, "
           "labels")
      .between(0, 1000);
  options.add("attempt-weight", &settings.attempt_weight, "loss weight of right attempts")
      .between(0, 1000);
  options
      .add("wrong-attempt-weight", &settings.wrong_attempt_weight,
           "loss weight of wrong attempts; the paper trains on them")
      .between(0, 1000);
  options.add("section-weight", &settings.section_weight, "loss weight from the feedback on")
      .between(0, 1000);
  options
      .add("mended-weight", &settings.mended_weight,
           "times the section weight: the first word or number that an update changes")
      .between(0, 1000);
  options
      .add("praise-weight", &settings.praise_weight,
           "loss weight of the feedback on right first attempts and gold solutions")
      .between(0, 1000);
  options.add("rehearsal", &config.rehearsal.documents,
              "JSONL records of what the model practised before, for iterations to mix in");
  options
      .add("rehearsal-share", &config.rehearsal.share,
           "with --rehearsal: their share of an iteration's text")
      .between(0, 0.99);
  options.add("finetune", &config.finetune, "begin with fine-tuning on gold rationales");
  options.add("test-seen", &config.test.seen, "test questions of the levels that are trained on")
      .between(1, 1e6);
  options.add("test-unseen", &config.test.unseen, "test questions of the other levels")
      .between(1, 1e6);
  options.add("test-seed", &config.test.seed,
              "of the test questions: the same for every run that is compared");
  options.add("diagnose", &config.test.diagnose,
              "also measure updates under the task's own feedback");
  options.add("test-max-updates", &config.test.max_updates, "self-improvement turns at test time")
      .between(0, 100);
  options
      .add("test-max-new-tokens", &config.test.max_new_tokens, "limit of an attempt at test time")
      .between(1, 1e6);
  add_train_options(options, settings.finetuning, "finetune-");
  add_train_options(options, settings.training, "train-");
  add_lora_options(options, config.lora);
}

}  // namespace tripost
