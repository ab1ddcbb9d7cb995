#include "base/json.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace tripost {
namespace {

std::string complaint(const std::string& text) {
  try {
    parse_json(text, "data.jsonl:7");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ParseJson, AKeyThatStandsTwiceIsRefusedInWhateverObject) {
  EXPECT_EQ(complaint(R"({"a": 1, "a": 2})"),
            "data.jsonl:7: the key \"a\" stands twice in one JSON object; remove one");
  EXPECT_NE(complaint(R"([{"x": {"b": 1, "c": 2, "b": 3}}])"), "");
  EXPECT_EQ(complaint(R"({"a": {"b": 1}, "b": {"b": 1}, "c": [{"b": 1}, {"b": 1}]})"), "");
}

TEST(ParseJson, NestingIsBoundedLongBeforeTheStackEnds) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(complaint(nested(150)), "");
  EXPECT_NE(complaint(nested(1'000'000)).find("nested deeper"), std::string::npos);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_NE(complaint(objects).find("nested deeper"), std::string::npos);
}

TEST(ParseJson, WhatIsNoJsonIsNamedWithItsPlace) {
  for (const char* text :
       {"", "{", "{\"a\": 01}", "nul", "{\"a\": \"\xFF\"}", "{} {}", "[1,]", "[1e999]"}) {
    EXPECT_EQ(complaint(text).rfind("data.jsonl:7: not valid JSON: ", 0), 0u) << text;
  }
}

TEST(ParseJson, EveryKindOfValueIsWhatNlohmannReads) {
  for (const char* text :
       {"null", "true", "-7", "18446744073709551615", "-9223372036854775808", "1e3", "0.1",
        "\"a\\u00e9\\n\\ud83d\\ude00\"", "[]", "{}",
        "[[], {}, [1, [2, {\"a\": [3]}]], null, false]",
        R"({"z": {"y": [{"x": 1}, {"x": 2}], "": ""}, "a": {}, "b": [[]], "c": -0.0})"}) {
    const Json read = parse_json(text, "");
    EXPECT_EQ(read, Json::parse(text)) << text;
    EXPECT_EQ(read.dump(), Json::parse(text).dump()) << text;
  }
}

// Where each key were sought among those before it, or each object's end looked at all siblings,
// these would take hours and end at the test's time limit.
TEST(ParseJson, ManyKeysOrObjectsTakeNoLongerThanTheirText) {
  constexpr int kCount = 300'000;
  std::string keys = "{", objects = "[";
  for (int i = 0; i < kCount; ++i) {
    keys += fmt::format("{}\"{}\":0", i == 0 ? "" : ",", i);
    objects += i == 0 ? "{}" : ",{}";
  }
  const Json object = parse_json(keys + "}", "");
  ASSERT_EQ(object.size(), static_cast<std::size_t>(kCount));
  EXPECT_EQ(object.rbegin().key(), std::to_string(kCount - 1));
  EXPECT_EQ(parse_json(objects + "]", "").size(), static_cast<std::size_t>(kCount));
  EXPECT_EQ(complaint(keys + ",\"5\":0}"),
            "data.jsonl:7: the key \"5\" stands twice in one JSON object; remove one");
}

TEST(ParseJson, KeysKeepTheirOrder) {
  EXPECT_EQ(to_line(parse_json(R"({"z": 1, "a": 2, "m": 3})", "")), R"({"z":1,"a":2,"m":3})");
}

TEST(JsonFields, AMissingOrWrongFieldIsNamed) {
  const Json object = {{"text", "hello"}, {"count", 3}, {"share", 0.5}};
  EXPECT_EQ(string_field(object, "text", "w"), "hello");
  EXPECT_EQ(integer_field(object, "count", "w"), 3);
  EXPECT_EQ(number_field(object, "count", "w"), 3.0);
  EXPECT_THROW(string_field(object, "count", "w"), Error);
  EXPECT_THROW(integer_field(object, "share", "w"), Error);
  EXPECT_THROW(number_field(Json::array(), "share", "w"), Error);
  try {
    string_field(object, "txet", "data.jsonl:7");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "data.jsonl:7: the field \"txet\" is missing");
  }
}

TEST(ToLine, BytesThatAreNotUtf8BecomeTheReplacementCharacter) {
  EXPECT_EQ(to_line(Json{{"text", "a\xFF\nb"}}), "{\"text\":\"a\xEF\xBF\xBD\\nb\"}");
}

}  // namespace
}  // namespace tripost
