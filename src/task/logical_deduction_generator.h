// New questions of logical deduction: scenes and objects of our own beside BIG-bench's, in its
// sentences.
//
// As in every question of the reference's files, the clues leave exactly one ordering, none of them
// is redundant, there is one clue fewer than there are objects, and the options ask for one place.
#pragma once

#include <string>

#include "base/random.h"

namespace tripost {

// The text of one question about that many objects (3 to 7), options included;
// read_deduction_question reads it.
std::string draw_deduction_question(int num_objects, Random& random);

}  // namespace tripost
