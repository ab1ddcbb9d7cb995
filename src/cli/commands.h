// Every command of the executable, in the order of --help. A new command is one line here and one
// in commands.cpp.
#pragma once

#include "cli/command.h"

namespace tripost {

void register_commands(Commands& commands);

void register_check_task(Commands& commands);
void register_verify(Commands& commands);
void register_collect_rationales(Commands& commands);
void register_collect_attempts(Commands& commands);
void register_collect_demonstrations(Commands& commands);
void register_collect_filter(Commands& commands);
void register_convert(Commands& commands);
void register_tokenize(Commands& commands);
void register_tokenizer_train(Commands& commands);
void register_improve(Commands& commands);
void register_train(Commands& commands);
void register_evaluate(Commands& commands);
void register_compare(Commands& commands);
void register_generate(Commands& commands);
void register_logprobs(Commands& commands);
void register_serve(Commands& commands);
void register_report(Commands& commands);
void register_doctor(Commands& commands);

}  // namespace tripost
