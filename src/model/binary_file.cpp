#include "model/binary_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/file.h"

namespace tripost {

InputFile::InputFile(std::filesystem::path path) : path_(std::move(path)) {
  // Not blocking: a pipe in place of the file must not stop us before fstat refuses it.
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) fail("cannot read {}: {}", path_.string(), std::strerror(errno));
  struct stat status {};
  const bool known = ::fstat(descriptor_, &status) == 0;
  const int reason = errno;
  if (!known || !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    fail("cannot read {}: {}", path_.string(),
         known ? "it is not a regular file" : std::strerror(reason));
  }
  size_ = static_cast<uint64_t>(status.st_size);
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::read(void* target, uint64_t size, uint64_t offset) const {
  char* cursor = static_cast<char*>(target);
  while (size > 0) {
    const ssize_t got = ::pread(descriptor_, cursor, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read {}: {}", path_.string(), std::strerror(errno));
    if (got == 0) {
      fail("{}: the file ended early; somebody changed it while it was read", path_.string());
    }
    cursor += got;
    size -= static_cast<uint64_t>(got);
    offset += static_cast<uint64_t>(got);
  }
}

void OutputFile::write(const void* data, uint64_t size) {
  const char* cursor = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t put = ::write(descriptor_, cursor, size);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("cannot write {}: {}", path_.string(), std::strerror(errno));
    cursor += put;
    size -= static_cast<uint64_t>(put);
  }
}

void write_binary_file(const std::filesystem::path& path,
                       const std::function<void(OutputFile&)>& fill) {
  const fs::path temporary = path.string() + fmt::format(".tmp-{}", ::getpid());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) fail("cannot write {}: {}", temporary.string(), std::strerror(errno));
  try {
    OutputFile file(descriptor, temporary);
    fill(file);
    if (::fsync(descriptor) != 0) {
      fail("cannot sync {}: {}", temporary.string(), std::strerror(errno));
    }
  } catch (...) {
    ::close(descriptor);
    ::unlink(temporary.c_str());
    throw;
  }
  ::close(descriptor);
  std::error_code problem;
  fs::rename(temporary, path, problem);
  if (problem) {
    ::unlink(temporary.c_str());
    fail("cannot write {}: {}", path.string(), problem.message());
  }
  sync_path(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

}  // namespace tripost
