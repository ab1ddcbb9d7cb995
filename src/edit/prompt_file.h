// A few-shot prompt as a text file that a user can edit.
//
//   Anything before the first section is a comment.
//   === instructions
//   ...
//   === example            any number of them, each whole
//   ...
//   === question
//   Q: {question}
//   ...                    with {placeholders}; the prompt ends where this section ends
//
// Placeholders are filled in once and in the question alone: what a model wrote is never read as a
// placeholder.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tripost {

class PromptFile {
 public:
  // An Error when a section or one of `placeholders` is missing.
  static PromptFile read(const std::filesystem::path& path,
                         const std::vector<std::string>& placeholders);

  // Examples are dropped whole, the last first, until the prompt has at most `max_bytes`; `dropped`
  // says how many. nullopt when it is longer without any.
  std::optional<std::string> fill(const std::map<std::string, std::string>& values,
                                  std::size_t max_bytes, std::size_t& dropped) const;

 private:
  std::string instructions_;
  std::vector<std::string> examples_;
  std::string question_;
};

}  // namespace tripost
