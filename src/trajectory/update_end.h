// Why an exchange ends after an update, whoever wrote it.
#pragma once

#include <optional>

#include "trajectory/exchange.h"

namespace tripost {

// Of the exchange's last attempt, which is an update: it hit its limit, changes nothing, or goes
// back to an older attempt. nullopt when feedback on it makes sense.
std::optional<StopReason> end_of_update(const Exchange& exchange);

}  // namespace tripost
