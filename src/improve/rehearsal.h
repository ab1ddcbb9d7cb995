// Rehearsal: documents of what a model practised before, mixed into what it trains on now, so that
// it does not forget them (experience replay; Ibrahim et al. 2024, arXiv 2403.08763). A method and
// its control rehearse the same share.
//
// It draws; it does not judge whether the documents suit the model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "trajectory/record.h"

namespace tripost {

struct RehearsalConfig {
  std::filesystem::path documents;  // a file of records (trajectory/record_file.h); empty: none
  double share = 0.25;              // of all text trained on, in bytes; in [0, 1)
};

// Those of the config's file, none without one. An Error for a file that holds no record.
std::vector<Record> rehearsal_documents(const RehearsalConfig& config);

struct Rehearsal {
  std::vector<Record> documents;  // each at most once
  bool falls_short = false;       // there are no more, and they are less than the share
};

// Whole documents, drawn by the seed until they are the share of their text and the records'
// together.
Rehearsal draw_rehearsal(std::vector<Record> documents, const std::vector<Record>& records,
                         double share, uint64_t seed);

}  // namespace tripost
