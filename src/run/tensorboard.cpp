#include "run/tensorboard.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/error.h"

namespace tripost {
namespace {

constexpr std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82F63B78u : 0u);
    table[i] = crc;
  }
  return table;
}

uint32_t masked_crc(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xA282EAD8u; }

// Protobuf wire format, as far as an Event needs it: field number and wire type, then the payload.
class Message {
 public:
  Message& whole(int field, uint64_t value) {
    key(field, 0);
    varint(value);
    return *this;
  }
  Message& fixed64(int field, double value) {
    key(field, 1);
    little_endian(std::bit_cast<uint64_t>(value), 8);
    return *this;
  }
  Message& bytes(int field, std::string_view value) {
    key(field, 2);
    varint(value.size());
    data_ += value;
    return *this;
  }
  Message& fixed32(int field, float value) {
    key(field, 5);
    little_endian(std::bit_cast<uint32_t>(value), 4);
    return *this;
  }
  Message& little_endian(uint64_t value, int num_bytes) {
    for (int i = 0; i < num_bytes; ++i) data_ += static_cast<char>(value >> (8 * i));
    return *this;
  }
  const std::string& data() const { return data_; }

 private:
  void key(int field, int wire_type) {
    varint(static_cast<uint64_t>(field) << 3 | static_cast<uint64_t>(wire_type));
  }
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) data_ += static_cast<char>(value | 0x80);
    data_ += static_cast<char>(value);
  }

  std::string data_;
};

// Field numbers of tensorflow.Event, Summary, Summary.Value and SessionLog.
constexpr int kEventTime = 1, kEventStep = 2, kEventFileVersion = 3, kEventSummary = 5,
              kEventSessionLog = 7;
constexpr int kSummaryValue = 1, kValueTag = 1, kValueSimple = 2, kSessionStatus = 1;
constexpr uint64_t kSessionStart = 1;

std::string file_name(double now) {
  static int number = 0;  // two files of one process in one second
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return fmt::format("events.out.tfevents.{:010d}.{}.{}.{}", static_cast<int64_t>(now), host.data(),
                     ::getpid(), number++);
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  static constexpr auto kTable = crc_table();
  uint32_t crc = ~0u;
  for (const char byte : bytes)
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF];
  return ~crc;
}

EventFile::EventFile(const std::filesystem::path& folder, int64_t first_step) {
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  std::filesystem::create_directories(folder);
  path_ = folder / file_name(now);
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("cannot write {}: {}", path_.string(), std::strerror(errno));
  write_record(Message().fixed64(kEventTime, now).bytes(kEventFileVersion, "brain.Event:2").data());
  write_record(Message()
                   .fixed64(kEventTime, now)
                   .whole(kEventStep, static_cast<uint64_t>(first_step))
                   .bytes(kEventSessionLog, Message().whole(kSessionStatus, kSessionStart).data())
                   .data());
}

EventFile::~EventFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void EventFile::write_scalar(double time, int64_t step, const std::string& tag, double value) {
  const Message scalar =
      Message().bytes(kValueTag, tag).fixed32(kValueSimple, static_cast<float>(value));
  write_record(Message()
                   .fixed64(kEventTime, time)
                   .whole(kEventStep, static_cast<uint64_t>(step))
                   .bytes(kEventSummary, Message().bytes(kSummaryValue, scalar.data()).data())
                   .data());
}

void EventFile::write_record(const std::string& data) {
  Message record;
  record.little_endian(data.size(), 8);
  const uint32_t length_crc = masked_crc(record.data());
  record.little_endian(length_crc, 4);
  const std::string whole =
      record.data() + data + Message().little_endian(masked_crc(data), 4).data();
  // One write per record: a reader never sees half of one unless the disk is full.
  const ssize_t written = ::write(descriptor_, whole.data(), whole.size());
  if (written != static_cast<ssize_t>(whole.size())) {
    fail("cannot write {}: {}", path_.string(),
         written < 0 ? std::strerror(errno) : "no space left");
  }
}

}  // namespace tripost
