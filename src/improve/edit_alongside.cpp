#include "improve/edit_alongside.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <future>
#include <iterator>

namespace tripost {
namespace {

void append(Edited& all, Edited more) {
  std::move(more.trajectories.begin(), more.trajectories.end(),
            std::back_inserter(all.trajectories));
  all.counts += more.counts;
}

bool runs(const std::future<Edited>& editing) {
  return editing.valid() && editing.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
}

}  // namespace

Edited edit_alongside(const std::vector<Problem>& problems, int problems_in_pass,
                      const MakeAttempts& attempt, const EditAttempts& edit,
                      const Progress& progress) {
  assert(problems_in_pass > 0);
  Edited all;
  std::future<Edited> editing;  // of the pass before; waited for when it goes out of scope
  const Progress when_alone = [&](const ProgressUpdate& update) {
    if (!runs(editing)) progress(update);
  };
  for (auto at = problems.begin(); at != problems.end();) {
    const auto end = at + std::min<std::ptrdiff_t>(problems_in_pass, problems.end() - at);
    std::vector<Exchange> exchanges = attempt({at, end}, when_alone);
    if (editing.valid()) append(all, editing.get());
    editing = std::async(std::launch::async,
                         [&edit, exchanges = std::move(exchanges)] { return edit(exchanges); });
    at = end;
  }
  if (editing.valid()) append(all, editing.get());
  return all;
}

}  // namespace tripost
