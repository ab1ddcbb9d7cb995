#include "run/tensorboard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "base/file.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

// An independent reader: bitwise CRC, and a protobuf decoder that knows wire types only.
uint32_t slow_crc32c(const std::string& bytes) {
  uint32_t crc = 0xFFFFFFFFu;
  for (const unsigned char byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const uint32_t mixed = (crc ^ (byte >> bit)) & 1u;
      crc = (crc >> 1) ^ (mixed != 0 ? 0x82F63B78u : 0u);
    }
  }
  return crc ^ 0xFFFFFFFFu;
}

uint32_t unmask(uint32_t masked) {
  const uint32_t rotated = masked - 0xA282EAD8u;
  return (rotated >> 17) | (rotated << 15);
}

template <class Number>
Number number_at(const std::string& bytes, std::size_t offset) {
  Number number{};
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

struct Field {
  int number;
  uint64_t whole = 0;
  std::string bytes;
};

uint64_t take_varint(const std::string& data, std::size_t& at) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(data.at(at++));
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
}

std::vector<Field> fields_of(const std::string& data) {
  std::vector<Field> fields;
  for (std::size_t at = 0; at < data.size();) {
    const uint64_t key = take_varint(data, at);
    Field field{.number = static_cast<int>(key >> 3)};
    const std::size_t fixed = (key & 7) == 1 ? 8 : 4;
    if ((key & 7) == 0) {
      field.whole = take_varint(data, at);
    } else {
      const std::size_t length = (key & 7) == 2 ? take_varint(data, at) : fixed;
      field.bytes = data.substr(at, length);
      at += length;
    }
    fields.push_back(field);
  }
  return fields;
}

const Field& field(const std::vector<Field>& fields, int number) {
  for (const Field& candidate : fields) {
    if (candidate.number == number) return candidate;
  }
  throw std::runtime_error("no such field");
}

std::vector<std::string> records_of(const std::string& file) {
  std::vector<std::string> records;
  for (std::size_t at = 0; at < file.size();) {
    const auto length = number_at<uint64_t>(file, at);
    EXPECT_EQ(unmask(number_at<uint32_t>(file, at + 8)), slow_crc32c(file.substr(at, 8)));
    records.push_back(file.substr(at + 12, length));
    EXPECT_EQ(unmask(number_at<uint32_t>(file, at + 12 + length)), slow_crc32c(records.back()));
    at += 16 + length;
  }
  return records;
}

TEST(Crc32c, AgreesWithTheKnownVectors) {
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);  // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43u);
}

TEST(EventFile, AnIndependentReaderFindsVersionSessionStartAndScalars) {
  TemporaryFolder folder;
  EventFile events(folder.path() / "tensorboard", 300);
  events.write_scalar(1.5e9, 301, "train/loss", 0.25);
  events.write_scalar(1.5e9, 302, "ünï code", std::numeric_limits<double>::quiet_NaN());
  const auto records = records_of(read_file(events.path()));
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(field(fields_of(records[0]), 3).bytes, "brain.Event:2");

  const auto start = fields_of(records[1]);
  EXPECT_EQ(field(start, 2).whole, 300u);
  EXPECT_EQ(field(fields_of(field(start, 7).bytes), 1).whole, 1u);

  const auto event = fields_of(records[2]);
  EXPECT_EQ(number_at<double>(field(event, 1).bytes, 0), 1.5e9);
  EXPECT_EQ(field(event, 2).whole, 301u);
  const auto value = fields_of(field(fields_of(field(event, 5).bytes), 1).bytes);
  EXPECT_EQ(field(value, 1).bytes, "train/loss");
  EXPECT_EQ(number_at<float>(field(value, 2).bytes, 0), 0.25f);

  const auto second = fields_of(field(fields_of(field(fields_of(records[3]), 5).bytes), 1).bytes);
  EXPECT_EQ(field(second, 1).bytes, "ünï code");
  EXPECT_TRUE(std::isnan(number_at<float>(field(second, 2).bytes, 0)));
}

TEST(EventFile, EveryStartOpensAFileOfItsOwn) {
  TemporaryFolder folder;
  const EventFile first(folder.path(), 0);
  const EventFile second(folder.path(), 0);
  EXPECT_NE(first.path(), second.path());
  EXPECT_NE(first.path().filename().string().find("tfevents"), std::string::npos);
}

}  // namespace
}  // namespace tripost
