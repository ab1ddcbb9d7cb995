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
