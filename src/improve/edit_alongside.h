// Attempts and their editing at the same time, for sources that wait for somebody else: while an
// endpoint is asked about one pass of attempts, the model makes the next.
//
// What comes out is what editing all attempts at once gives: attempts depend on their identity, and
// each is edited by itself. It takes the machine's time only where a source waits; a script, or a
// model or program on the same cores, would get in the way of the rollouts.
#pragma once

#include <functional>
#include <vector>

#include "base/progress.h"
#include "edit/editor.h"
#include "task/task.h"

namespace tripost {

using MakeAttempts =
    std::function<std::vector<Exchange>(const std::vector<Problem>&, const Progress&)>;
using EditAttempts = std::function<Edited(const std::vector<Exchange>&)>;

// Passes of `problems_in_pass` problems, in order. `edit` runs in a thread of its own, one call at
// a time; while it runs, progress is its own to show, and that of the attempts is not.
Edited edit_alongside(const std::vector<Problem>& problems, int problems_in_pass,
                      const MakeAttempts& attempt, const EditAttempts& edit,
                      const Progress& progress);

}  // namespace tripost
