#include "cli/signals.h"

#include <unistd.h>
#include <csignal>

#include "base/progress.h"

namespace tripost {
namespace {

extern "C" void stop_on_signal(int number) {
  if (interrupt_requested()) ::_exit(128 + number);
  request_interrupt();
  static constexpr char kText[] =
      "\ntripost: stopping once everything is saved; Ctrl-C again stops at once\n";
  if (::write(STDERR_FILENO, kText, sizeof kText - 1) < 0) return;  // nobody is left to be told
}

}  // namespace

void handle_signals() {
  struct sigaction stop {};
  stop.sa_handler = stop_on_signal;
  stop.sa_flags = SA_RESTART;
  sigemptyset(&stop.sa_mask);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    ::sigaction(number, nullptr, &before);
    if (before.sa_handler != SIG_IGN) ::sigaction(number, &stop, nullptr);
  }
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace tripost
