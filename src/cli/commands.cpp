#include "cli/commands.h"

namespace tripost {

void register_commands(Commands& commands) {
  register_improve(commands);
  register_train(commands);
  register_evaluate(commands);
  register_compare(commands);
  register_check_task(commands);
  register_verify(commands);
  register_collect_rationales(commands);
  register_collect_attempts(commands);
  register_collect_demonstrations(commands);
  register_collect_filter(commands);
  register_generate(commands);
  register_logprobs(commands);
  register_convert(commands);
  register_tokenize(commands);
  register_tokenizer_train(commands);
  register_serve(commands);
  register_report(commands);
  register_doctor(commands);
}

}  // namespace tripost
