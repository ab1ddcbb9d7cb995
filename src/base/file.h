// Files: read, replace atomically, append lines, lock a directory.
//
// A file that others may read is never seen half-written: it is written beside its final name,
// synced and renamed. Every error names the path and the system's reason.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace tripost {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path);

// Writes `content` beside `path`, syncs, renames over `path` and syncs the directory. Makes missing
// parent directories.
void write_file_atomically(const fs::path& path, std::string_view content);

// Syncs a file or directory that somebody else wrote.
void sync_path(const fs::path& path);

// Calls `visit(value, where)` for each line of a JSONL file, where = "path:line". Blank lines are
// skipped, a byte-order mark and CRLF are accepted, anything else that is not one JSON object a
// line is an Error.
void for_each_json_line(const fs::path& path,
                        const std::function<void(Json value, const std::string& where)>& visit);

// Appends whole lines to a file and flushes each, so that a killed process leaves at most one torn
// last line.
class LineWriter {
 public:
  enum class Mode { kAppend, kReplace };
  LineWriter(fs::path path, Mode mode);
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  void write(const Json& value);

 private:
  fs::path path_;
  int descriptor_;
};

// Holds an exclusive lock on `directory`/.lock until destroyed; an Error names the process that
// holds it already. The lock dies with its process, so a killed run leaves none behind.
class DirectoryLock {
 public:
  explicit DirectoryLock(const fs::path& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace tripost
