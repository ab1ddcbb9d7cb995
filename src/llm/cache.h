// Answers that were paid for, in a SQLite file: asked once, they are found again for ever.
//
// The key is the whole request as text. An answer is on the disk when store returns, so a killed
// process never pays for it twice; several processes may use one file. The same transaction books
// what the call cost, under the name of the run. Holds no key of an endpoint: it never sees one.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace tripost {

struct LlmSpent {
  int64_t calls = 0;  // those that the endpoint charges for
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
  double cost = 0;

  LlmSpent& operator+=(const LlmSpent& other);
};

class AnswerCache {
 public:
  // Opens or makes the file. An Error when it is something else. Another program may keep it locked
  // for about `patience`; then, and in every other call, that is an Error too.
  AnswerCache(const std::filesystem::path& file, std::string run,
              std::chrono::milliseconds patience = std::chrono::seconds(30));
  ~AnswerCache();
  AnswerCache(const AnswerCache&) = delete;
  AnswerCache& operator=(const AnswerCache&) = delete;

  // The name of a request's entry: 32 hexadecimal digits.
  static std::string key_of(const std::string& request);

  std::optional<std::string> find(const std::string& request);
  // Replaces an entry that is there.
  void store(const std::string& request, const std::string& answer, const LlmSpent& spent);
  void drop(const std::string& request);

  // Books a call that was charged for but gave no answer.
  void charge(const LlmSpent& spent);

  // By this run so far, in this process and others.
  LlmSpent spent();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tripost
