#include "improve/rehearsal.h"

#include <cassert>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "trajectory/record_file.h"

namespace tripost {

std::vector<Record> rehearsal_documents(const RehearsalConfig& config) {
  if (config.documents.empty()) return {};
  std::vector<Record> documents = read_records(config.documents);
  if (documents.empty())
    fail("--rehearsal: {} holds no record; give a JSONL file as --data of tripost train takes it",
         config.documents.string());
  return documents;
}

Rehearsal draw_rehearsal(std::vector<Record> documents, const std::vector<Record>& records,
                         double share, uint64_t seed) {
  assert(share >= 0 && share < 1);
  double wanted = 0;
  for (const Record& record : records) wanted += static_cast<double>(record.text.size());
  wanted *= share / (1 - share);
  Random(seed).shuffle(documents);
  std::size_t taken = 0;
  double bytes = 0;
  for (; taken < documents.size() && bytes < wanted; ++taken)
    bytes += static_cast<double>(documents[taken].text.size());
  documents.resize(taken);
  return {std::move(documents), bytes < wanted};
}

}  // namespace tripost
