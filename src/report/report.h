// A run directory as pages for people: one HTML file that needs nothing else, Markdown, and the
// table alone.
//
// Of a run of `improve` or of `compare`. What is missing is left out, so the report of a run that
// still goes on is possible. All text from models and files is escaped.
#pragma once

#include <string>

#include "run/run_directory.h"

namespace tripost {

struct Report {
  std::string html;
  std::string markdown;
  std::string table;  // the scores as aligned plain text, for a terminal
};

// `num_examples` trajectories are shown, those that were improved first, and as many test questions
// that were saved, and that were broken.
Report make_report(const RunDirectory& run, int num_examples);

// Makes it and writes report.html and report.md.
Report write_report(const RunDirectory& run, int num_examples = 6);

}  // namespace tripost
