#include "text/stop_text.h"

#include <gtest/gtest.h>

namespace tripost {
namespace {

TEST(StopText, AStopStringMaySpanTokens) {
  StopText text({"\nFeedback:"});
  EXPECT_FALSE(text.append("(2) 3 = 3\nFe"));
  EXPECT_FALSE(text.append("edbac"));
  EXPECT_TRUE(text.append("k: No"));
  EXPECT_EQ(text.text(), "(2) 3 = 3");
}

TEST(StopText, TheFirstOfSeveralEndsTheText) {
  StopText text({"world", "lo w", ""});
  EXPECT_TRUE(text.append("hello world"));
  EXPECT_EQ(text.text(), "hel");
}

TEST(StopText, AFalseStartIsKept) {
  StopText text({"abab!"});
  EXPECT_FALSE(text.append("ab"));
  EXPECT_FALSE(text.append("abab"));
  EXPECT_TRUE(text.append("!"));
  EXPECT_EQ(text.text(), "ab");
}

TEST(StopText, AStopStringMayLieInsideACharacterOfSeveralBytes) {
  StopText text({"\xC3\xA9"});
  EXPECT_FALSE(text.append("caf\xC3"));
  EXPECT_TRUE(text.append("\xA9s"));
  EXPECT_EQ(text.text(), "caf");
}

TEST(StopText, WithoutStopStringsNothingEndsIt) {
  StopText text({""});
  EXPECT_FALSE(text.append(std::string("a\0b", 3)));
  EXPECT_EQ(text.text(), std::string("a\0b", 3));
}

TEST(StopText, WhatMayBecomeAStopStringIsNotSettled) {
  StopText text({"\nFeedback:", "ab"});
  text.append("x\nFee");
  EXPECT_EQ(text.settled(), 1u);
  text.append("a");
  EXPECT_EQ(text.settled(), 5u);
  text.append("c");
  EXPECT_EQ(text.settled(), 7u);
  EXPECT_EQ(StopText({}).settled(), 0u);
}

}  // namespace
}  // namespace tripost
