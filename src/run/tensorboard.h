// TensorBoard event files: scalars only.
//
// A file is a row of records {length u64, masked CRC-32C of the length, data, masked CRC-32C of the
// data}, little-endian; the data is a protobuf message tensorflow.Event, encoded by hand: four
// fields are no reason for a protobuf dependency. Each start of a run opens a new file, whose
// SessionLog START makes TensorBoard drop what earlier files hold from that step on, so that a
// resumed run shows no point twice.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tripost {

// CRC-32C (Castagnoli) of the bytes.
uint32_t crc32c(std::string_view bytes);

class EventFile {
 public:
  // Makes a new file in `folder`. `first_step` is the first step that will be written.
  EventFile(const std::filesystem::path& folder, int64_t first_step);
  ~EventFile();
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  // `time` in seconds since 1970. Any value, NaN included.
  void write_scalar(double time, int64_t step, const std::string& tag, double value);

  const std::filesystem::path& path() const { return path_; }

 private:
  void write_record(const std::string& data);

  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace tripost
