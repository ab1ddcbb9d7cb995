// Binary files of models: reading at an offset, and writing front to back.
//
// Files are read with pread, not mapped: a file that somebody truncates while it is read is an
// Error here instead of a SIGBUS, and one may save over the file a model came from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace tripost {

class InputFile {
 public:
  // A regular file; an Error names the path and the system's reason.
  explicit InputFile(std::filesystem::path path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  uint64_t size() const { return size_; }  // when it was opened
  void read(void* target, uint64_t size, uint64_t offset) const;

 private:
  std::filesystem::path path_;
  int descriptor_;
  uint64_t size_ = 0;
};

class OutputFile {
 public:
  void write(const void* data, uint64_t size);
  void write(std::string_view bytes) { write(bytes.data(), bytes.size()); }

 private:
  friend void write_binary_file(const std::filesystem::path&,
                                const std::function<void(OutputFile&)>&);
  OutputFile(int descriptor, const std::filesystem::path& path)
      : descriptor_(descriptor), path_(path) {}
  int descriptor_;
  const std::filesystem::path& path_;
};

// Calls `fill` on a file beside `path`, syncs it and renames it over `path`; after an Error `path`
// is as it was.
void write_binary_file(const std::filesystem::path& path,
                       const std::function<void(OutputFile&)>& fill);

}  // namespace tripost
