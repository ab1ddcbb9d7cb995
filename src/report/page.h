// Parts of the report's HTML: the page around it, one trajectory, one test question.
#pragma once

#include <string>

#include "trajectory/exchange.h"
#include "trajectory/trajectory.h"

namespace tripost {

// A complete page. `body` is HTML, `title` is text.
std::string page(const std::string& title, const std::string& body);

// Question, attempts with the wrong step marked, feedback, and what each improvement changed.
std::string trajectory_html(const Trajectory& trajectory);

// A test question that the model answered, looked at and answered again: what it said, with the
// step marked that it called wrong.
std::string exchange_html(const Exchange& exchange);

// An outcome in words for people: "improved", "unreadable", ...
const char* words_of(Outcome outcome);

}  // namespace tripost
