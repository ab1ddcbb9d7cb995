#include "llm/cache.h"

#include <sqlite3.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/file.h"

namespace tripost {
namespace {

constexpr int kFormat = 1;  // as kSchema sets it
constexpr std::chrono::milliseconds kBusyStep(10);

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY, request TEXT NOT NULL, answer TEXT NOT NULL, made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE IF NOT EXISTS spent (
  run TEXT NOT NULL, key TEXT NOT NULL, prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, cost REAL NOT NULL);
CREATE INDEX IF NOT EXISTS spent_by_run ON spent (run);
PRAGMA user_version = 1;
)";

}  // namespace

// A connection and one prepared statement at a time.
struct AnswerCache::Impl {
  fs::path file;
  std::string run;
  std::chrono::milliseconds patience;
  sqlite3* database = nullptr;

  ~Impl() { sqlite3_close(database); }

  void check_format();

  [[noreturn]] void fail_with(const char* doing) {
    const bool busy = sqlite3_errcode(database) == SQLITE_BUSY;
    fail("cannot {} the answer cache {}: {}; {}, or give another file", doing, file.string(),
         sqlite3_errmsg(database),
         busy ? "end the program that holds it, then run the same command again" : "free the disk");
  }

  // SQLite waits for other processes by itself, but not everywhere: switching the journal answers
  // "busy" at once. By the clock: a try may take as long as all of them may.
  void execute(const char* sql, const char* doing) {
    const auto end = std::chrono::steady_clock::now() + patience;
    int code = sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
    while (code == SQLITE_BUSY && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(kBusyStep);
      code = sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
    }
    if (code != SQLITE_OK) fail_with(doing);
  }
};

namespace {

class Statement {
 public:
  Statement(sqlite3* database, const char* sql) {
    sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(const std::string& text) {
    sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()),
                      SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind(int64_t number) {
    return sqlite3_bind_int64(statement_, ++bound_, number), *this;
  }
  Statement& bind(double number) {
    return sqlite3_bind_double(statement_, ++bound_, number), *this;
  }

  int step() { return sqlite3_step(statement_); }  // SQLITE_MISUSE when it was not prepared

  std::string text(int column) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return bytes == nullptr
               ? ""
               : std::string(bytes,
                             static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }
  int64_t integer(int column) { return sqlite3_column_int64(statement_, column); }
  double number(int column) { return sqlite3_column_double(statement_, column); }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

// Calls that nobody charges for are not booked.
int insert_spent(sqlite3* database, const std::string& run, const std::string& key,
                 const LlmSpent& spent) {
  if (spent.calls == 0) return SQLITE_DONE;
  Statement insert(database, "INSERT INTO spent VALUES (?, ?, ?, ?, ?)");
  insert.bind(run)
      .bind(key)
      .bind(spent.prompt_tokens)
      .bind(spent.completion_tokens)
      .bind(spent.cost);
  return insert.step();
}

}  // namespace

void AnswerCache::Impl::check_format() {
  Statement version(database, "PRAGMA user_version");
  if (version.step() != SQLITE_ROW) fail_with("open");
  const int64_t format = version.integer(0);
  if (format == 0 || format == kFormat) return;
  fail("the answer cache {} has format {}, this program writes {}: give another file",
       file.string(), format, kFormat);
}

LlmSpent& LlmSpent::operator+=(const LlmSpent& other) {
  calls += other.calls;
  prompt_tokens += other.prompt_tokens;
  completion_tokens += other.completion_tokens;
  cost += other.cost;
  return *this;
}

AnswerCache::AnswerCache(const fs::path& file, std::string run, std::chrono::milliseconds patience)
    : impl_(std::make_unique<Impl>()) {
  impl_->file = file;
  impl_->run = std::move(run);
  impl_->patience = patience;
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(file.c_str(), &impl_->database, flags, nullptr) != SQLITE_OK)
    impl_->fail_with("open");
  sqlite3_busy_timeout(impl_->database, static_cast<int>(patience.count()));
  // WAL with full sync: one fsync for each answer, and readers never wait. Where a file system
  // cannot have it SQLite keeps its rollback journal, which is as safe.
  impl_->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", "open");
  impl_->check_format();
  impl_->execute(kSchema, "open");
}

AnswerCache::~AnswerCache() = default;

std::string AnswerCache::key_of(const std::string& request) {
  const XXH128_hash_t hash = XXH3_128bits(request.data(), request.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::optional<std::string> AnswerCache::find(const std::string& request) {
  Statement select(impl_->database, "SELECT request, answer FROM answers WHERE key = ?");
  const int code = select.bind(key_of(request)).step();
  if (code == SQLITE_DONE) return std::nullopt;
  if (code != SQLITE_ROW) impl_->fail_with("read");
  // Two requests of one hash, or a damaged row: the request is asked again.
  if (select.text(0) != request) return std::nullopt;
  return select.text(1);
}

void AnswerCache::store(const std::string& request, const std::string& answer,
                        const LlmSpent& spent) {
  const std::string key = key_of(request);
  impl_->execute("BEGIN IMMEDIATE", "write");
  Statement insert(impl_->database,
                   "INSERT OR REPLACE INTO answers (key, request, answer) VALUES (?, ?, ?)");
  const bool stored = insert.bind(key).bind(request).bind(answer).step() == SQLITE_DONE &&
                      insert_spent(impl_->database, impl_->run, key, spent) == SQLITE_DONE;
  if (!stored) impl_->fail_with("write");
  impl_->execute("COMMIT", "write");
}

void AnswerCache::drop(const std::string& request) {
  Statement remove(impl_->database, "DELETE FROM answers WHERE key = ?");
  if (remove.bind(key_of(request)).step() != SQLITE_DONE) impl_->fail_with("write");
}

void AnswerCache::charge(const LlmSpent& spent) {
  if (insert_spent(impl_->database, impl_->run, "", spent) != SQLITE_DONE)
    impl_->fail_with("write");
}

LlmSpent AnswerCache::spent() {
  Statement select(
      impl_->database,
      "SELECT count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0), "
      "coalesce(sum(cost), 0) FROM spent WHERE run = ?");
  if (select.bind(impl_->run).step() != SQLITE_ROW) impl_->fail_with("read");
  return {select.integer(0), select.integer(1), select.integer(2), select.number(3)};
}

}  // namespace tripost
