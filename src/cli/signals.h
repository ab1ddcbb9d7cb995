// Ctrl-C and SIGTERM: the first asks the program to stop where everything is saved, the second
// stops it at once.
#pragma once

namespace tripost {

// Installs the handlers. A signal that the parent chose to ignore (nohup) stays ignored; a closed
// pipe is no reason to die in the middle of a run.
void handle_signals();

}  // namespace tripost
