#include "base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/error.h"

namespace tripost {
namespace {

std::string reason() { return std::strerror(errno); }

void write_all(int descriptor, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot write {}: {}", path.string(), reason());
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || fs::is_directory(path)) {
    fail("cannot read {}: {}", path.string(),
         fs::is_directory(path) ? "it is a directory" : reason());
  }
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

void sync_path(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail("cannot open {} to sync it: {}", path.string(), reason());
  const int failed = ::fsync(descriptor);
  ::close(descriptor);
  if (failed != 0) fail("cannot sync {}: {}", path.string(), reason());
}

void write_file_atomically(const fs::path& path, std::string_view content) {
  const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  fs::create_directories(parent);
  const fs::path temporary = path.string() + fmt::format(".tmp-{}", ::getpid());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) fail("cannot write {}: {}", temporary.string(), reason());
  try {
    write_all(descriptor, content, temporary);
    if (::fsync(descriptor) != 0) fail("cannot sync {}: {}", temporary.string(), reason());
  } catch (...) {
    ::close(descriptor);
    ::unlink(temporary.c_str());
    throw;
  }
  ::close(descriptor);
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    fail("cannot rename {} to {}: {}", temporary.string(), path.string(), reason());
  }
  sync_path(parent);
}

void for_each_json_line(const fs::path& path,
                        const std::function<void(Json, const std::string&)>& visit) {
  std::ifstream in(path, std::ios::binary);
  if (!in || fs::is_directory(path)) fail("cannot read {}: {}", path.string(), reason());
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    const std::string where = fmt::format("{}:{}", path.string(), number);
    Json value = parse_json(line, where);
    if (!value.is_object())
      fail("{}: expected one JSON object a line, found {}", where, value.type_name());
    visit(std::move(value), where);
  }
}

LineWriter::LineWriter(fs::path path, Mode mode) : path_(std::move(path)) {
  if (path_.has_parent_path()) fs::create_directories(path_.parent_path());
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (mode == Mode::kAppend ? O_APPEND : O_TRUNC);
  descriptor_ = ::open(path_.c_str(), flags, 0666);
  if (descriptor_ < 0) fail("cannot write {}: {}", path_.string(), reason());
}

LineWriter::~LineWriter() { ::close(descriptor_); }

void LineWriter::write(const Json& value) { write_all(descriptor_, to_line(value) + "\n", path_); }

DirectoryLock::DirectoryLock(const fs::path& directory) {
  fs::create_directories(directory);
  const fs::path path = directory / ".lock";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("cannot open {}: {}", path.string(), reason());
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    std::string holder = read_file(path);
    ::close(descriptor_);
    fail("{} is in use by process {}; wait for it or choose another --output", directory.string(),
         holder.empty() ? "unknown" : holder);
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(descriptor_, 0) == 0) write_all(descriptor_, pid, path);
}

DirectoryLock::~DirectoryLock() { ::close(descriptor_); }

}  // namespace tripost
