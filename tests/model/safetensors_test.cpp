#include "model/safetensors.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "model/fixture.h"

namespace tripost {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string file_of(uint64_t length, const std::string& header, const std::string& data) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(length >> (8 * i)));
  return bytes + header + data;
}

std::string file_of(const std::string& header, const std::string& data) {
  return file_of(header.size(), header, data);
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

long peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

class Safetensors : public ::testing::Test {
 protected:
  std::string error_for(const std::string& bytes) {
    const fs::path path = scratch_.path() / "broken.safetensors";
    write_file_atomically(path, bytes);
    const std::string error = error_of([&] { SafetensorsFile file(path); });
    EXPECT_THAT(error, HasSubstr(path.string()));
    return error;
  }
  std::string error_for_header(const std::string& header, std::size_t data_bytes = 0) {
    return error_for(file_of(header, std::string(data_bytes, '\0')));
  }

  Scratch scratch_;
};

TEST_F(Safetensors, ReadsWhatTheReferenceImplementationWrote) {
  const SafetensorsFile file(fixture("tiny-llama/expected.safetensors"));
  ASSERT_NE(file.find("starts"), nullptr);
  const at::Tensor starts = file.read(*file.find("starts"));
  EXPECT_EQ(starts.scalar_type(), at::kInt);
  EXPECT_EQ(starts.sizes(), at::IntArrayRef({5}));
  EXPECT_EQ(starts[4].item<int>(), 53);
  EXPECT_EQ(file.read(*file.find("denominator")).item<float>(), 7.5f);
  EXPECT_EQ(file.find("nothing"), nullptr);
}

TEST_F(Safetensors, WhatIsWrittenIsReadBackAndTheBytesAreAlwaysTheSame) {
  const at::Tensor matrix = at::randn({3, 5});
  const at::Tensor counts = at::arange(7, at::kLong);
  const at::Tensor none = at::ones({0, 4});
  const fs::path first = scratch_.path() / "a.safetensors";
  const fs::path second = scratch_.path() / "b.safetensors";
  write_safetensors(first, {{"matrix", matrix, at::kFloat},
                            {"counts", counts, at::kLong},
                            {"none", none, at::kHalf},
                            {"turned", matrix.t(), at::kBFloat16}});
  write_safetensors(second, {{"turned", matrix.t(), at::kBFloat16},
                             {"none", none, at::kHalf},
                             {"counts", counts, at::kLong},
                             {"matrix", matrix, at::kFloat}});
  EXPECT_EQ(read_file(first), read_file(second));
  const SafetensorsFile file(first);
  EXPECT_TRUE(at::equal(file.read(*file.find("matrix")), matrix));
  EXPECT_TRUE(at::equal(file.read(*file.find("counts")), counts));
  EXPECT_TRUE(at::equal(file.read(*file.find("turned")), matrix.t().to(at::kBFloat16)));
  EXPECT_EQ(file.read(*file.find("none")).sizes(), at::IntArrayRef({0, 4}));
  for (const auto& each : file.entries())
    EXPECT_EQ(each.begin % c10::elementSize(each.dtype), 0u) << each.name;
}

// By hand from the format's description: sorted by element size then name, header padded to 8 bytes
// with spaces.
TEST_F(Safetensors, WritesTheLayoutOfTheReferenceImplementation) {
  const fs::path path = scratch_.path() / "a.safetensors";
  write_safetensors(path, {{"b", at::ones({1}), at::kFloat}, {"c", at::ones({1}), at::kDouble}});
  std::string header = R"({"__metadata__":{"format":"pt"},)" + entry("c", "F64", "[1]", "[0,8]") +
                       "," + entry("b", "F32", "[1]", "[8,12]") + "}";
  while (header.size() % 8 != 0) header += ' ';
  EXPECT_EQ(read_file(path), file_of(header, std::string("\0\0\0\0\0\0\xf0\x3f\0\0\x80\x3f", 12)));
}

TEST_F(Safetensors, RefusesAHeaderLengthThatTheFileDoesNotHave) {
  EXPECT_THAT(error_for(""), HasSubstr("too few"));
  EXPECT_THAT(error_for("1234567"), HasSubstr("too few"));
  const long before = peak_kilobytes();
  for (const uint64_t length :
       {uint64_t{3}, uint64_t{100'000'001}, uint64_t{1} << 40, uint64_t{1} << 63, UINT64_MAX}) {
    EXPECT_THAT(error_for(file_of(length, "{}", "")), HasSubstr("header says it is")) << length;
  }
  EXPECT_LT(peak_kilobytes() - before, 20'000);
  EXPECT_THAT(error_for(file_of(0, "", "")), HasSubstr("JSON"));
}

TEST_F(Safetensors, RefusesAHeaderThatIsNotTheJsonItShouldBe) {
  EXPECT_THAT(error_for_header("{"), HasSubstr("JSON"));
  EXPECT_THAT(error_for_header("[1]"), HasSubstr("array"));
  EXPECT_THAT(error_for_header("{\"\xff\":1}"), HasSubstr("JSON"));
  EXPECT_THAT(error_for_header("{} x"), HasSubstr("JSON"));
  EXPECT_THAT(error_for_header("{" + entry("a", "F32", "[1]", "[0,4]") + "," +
                                   entry("a", "F32", "[1]", "[0,4]") + "}",
                               4),
              HasSubstr("twice"));
  EXPECT_THAT(error_for_header("{\"a\":" + std::string(1'000'000, '[')), HasSubstr("deeper"));
  EXPECT_THAT(error_for_header(R"({"__metadata__":{"a":1}})"), HasSubstr("__metadata__"));
  EXPECT_THAT(error_for_header(R"({"__metadata__":[]})"), HasSubstr("__metadata__"));
  EXPECT_THAT(error_for_header(R"({"a":7})"), HasSubstr("\"a\""));
  EXPECT_THAT(error_for_header(R"({"a":{"dtype":"F32","shape":[1]}})", 4),
              HasSubstr("data_offsets"));
}

TEST_F(Safetensors, AcceptsWhitespaceAroundTheHeaderAndAnEmptyFile) {
  const fs::path path = scratch_.path() / "a.safetensors";
  write_file_atomically(
      path, file_of("  {" + entry("a", "F32", "[]", "[0,4]") + "}  ", std::string(4, '\0')));
  EXPECT_EQ(SafetensorsFile(path).entries().size(), 1u);
  write_file_atomically(path, file_of("{}", ""));
  EXPECT_TRUE(SafetensorsFile(path).entries().empty());
}

TEST_F(Safetensors, RefusesNumbersThatDoNotAddUp) {
  EXPECT_THAT(error_for_header("{" + entry("a", "F99", "[1]", "[0,4]") + "}", 4), HasSubstr("F99"));
  EXPECT_THAT(error_for_header("{" + entry("a", "F8_E4M3", "[4]", "[0,4]") + "}", 4),
              HasSubstr("not supported"));
  EXPECT_THAT(error_for_header("{" + entry("a", "F32", "[-1]", "[0,4]") + "}", 4), HasSubstr("-1"));
  EXPECT_THAT(error_for_header("{" + entry("a", "F32", "[1.0]", "[0,4]") + "}", 4),
              HasSubstr("1.0"));
  EXPECT_THAT(error_for_header("{" + entry("a", "F32", "[2]", "[0,4]") + "}", 4),
              HasSubstr("8 bytes"));
  EXPECT_THAT(error_for_header("{" + entry("a", "F32", "[1]", "[4,0]") + "}", 4),
              HasSubstr("[4, 0]"));
  EXPECT_THAT(error_for_header("{" + entry("a", "F32", "[1]", "[0,18446744073709551616]") + "}", 4),
              HasSubstr("end"));
  EXPECT_THAT(error_for_header("{" + entry("a", "F32", "[4294967296,4294967296]", "[0,0]") + "}"),
              HasSubstr("overflow"));
  EXPECT_THAT(error_for_header("{" + entry("a", "F32", "[4611686018427387904]", "[0,0]") + "}"),
              HasSubstr("overflow"));
}

TEST_F(Safetensors, RefusesHolesOverlapsAndFilesOfAnotherLength) {
  const std::string a = entry("a", "F32", "[2]", "[0,8]");
  EXPECT_THAT(error_for_header("{" + a + "," + entry("b", "F32", "[1]", "[4,8]") + "}", 8),
              AllOf(HasSubstr("\"b\""), HasSubstr("overlap")));
  EXPECT_THAT(error_for_header("{" + a + "," + entry("b", "F32", "[1]", "[12,16]") + "}", 16),
              AllOf(HasSubstr("\"b\""), HasSubstr("hole")));
  EXPECT_THAT(error_for_header("{" + a + "}", 7),
              AllOf(HasSubstr("\"a\""), HasSubstr("cut short")));
  EXPECT_THAT(error_for_header("{" + a + "}", 9), HasSubstr("1 bytes follow"));
  const long before = peak_kilobytes();
  EXPECT_THAT(
      error_for_header("{" + entry("a", "F32", "[1099511627776]", "[0,4398046511104]") + "}", 8),
      HasSubstr("cut short"));
  EXPECT_LT(peak_kilobytes() - before, 20'000);
}

TEST_F(Safetensors, AFileCutWhileItIsReadIsAnErrorNotACrash) {
  const fs::path path = scratch_.path() / "a.safetensors";
  write_safetensors(path, {{"a", at::ones({100'000}), at::kFloat}});
  const SafetensorsFile file(path);
  fs::resize_file(path, 5000);
  EXPECT_THAT(error_of([&] { file.read(file.entries().front()); }), HasSubstr("ended early"));
}

TEST_F(Safetensors, RefusesWhatIsNotAFile) {
  EXPECT_THAT(error_of([&] { SafetensorsFile file(scratch_.path()); }),
              HasSubstr(scratch_.path().string()));
  EXPECT_THAT(error_of([&] { SafetensorsFile file(scratch_.path() / "none"); }), HasSubstr("none"));
}

}  // namespace
}  // namespace tripost
