#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>

#include "base/random.h"
#include "kernels/decode_attention_pages.h"

namespace tripost::kernels {
namespace {

using Tokens = std::vector<int32_t>;

// A page of these tests holds its tokens themselves, so that what is found can be read.
constexpr int64_t kBytes = kPageTokens * static_cast<int64_t>(sizeof(int32_t));

struct Sequence {
  Tokens tokens;
  std::vector<char*> pages;
};

void write(PagePool& pool, Sequence& sequence, std::size_t from) {
  for (std::size_t i = from; i < sequence.tokens.size(); ++i) {
    if (i / kPageTokens == sequence.pages.size()) sequence.pages.push_back(pool.take());
    std::memcpy(sequence.pages[i / kPageTokens] + i % kPageTokens * sizeof(int32_t),
                &sequence.tokens[i], sizeof(int32_t));
  }
}

Tokens read(const std::vector<char*>& pages, std::size_t count) {
  Tokens tokens(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(&tokens[i], pages[i / kPageTokens] + i % kPageTokens * sizeof(int32_t),
                sizeof(int32_t));
  }
  return tokens;
}

std::size_t common_start(const Tokens& a, const Tokens& b) {
  const std::size_t most = std::min(a.size(), b.size());
  return std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(most), b.begin()).first -
         a.begin();
}

Tokens tokens_of(uint64_t identity, int length) {
  Random random(identity);
  Tokens tokens;
  for (int i = 0; i < length; ++i) tokens.push_back(static_cast<int32_t>(random.below(1000)));
  return tokens;
}

int64_t leave(PagePool& pool, const Tokens& tokens) {
  Sequence sequence{tokens, {}};
  const int64_t found = pool.find(tokens, sequence.pages);
  write(pool, sequence, static_cast<std::size_t>(found));
  pool.leave(sequence.pages, tokens);
  return found;
}

int64_t look(PagePool& pool, const Tokens& tokens) {
  std::vector<char*> pages;
  const int64_t found = pool.find(tokens, pages);
  pool.leave(pages, {});
  return found;
}

// Sequences that part from one another in the middle of pages and at their borders, several alive
// at once. The oracle is a list of all that was ever left.
class ManySequences : public ::testing::TestWithParam<int64_t> {};
INSTANTIATE_TEST_SUITE_P(PagePool, ManySequences, ::testing::Values(24, 40, 100'000));

TEST_P(ManySequences, FindTheLongestStartThatIsThereWithItsOwnTokens) {
  const int64_t num_pages = GetParam();
  PagePool pool(num_pages, kBytes, true);
  Random random(3);
  std::vector<Tokens> left;
  std::deque<Sequence> alive;
  for (int round = 0; round < 3000; ++round) {
    Sequence sequence;
    if (!left.empty() && random.below(5) > 0) {
      sequence.tokens =
          left[left.size() - 1 - random.below(std::min<std::size_t>(20, left.size()))];
      sequence.tokens.resize(random.below(2) ? sequence.tokens.size() / 64 * 64
                                             : random.below(sequence.tokens.size() + 1));
    }
    sequence.tokens.resize(std::min<std::size_t>(sequence.tokens.size(), 300));
    for (uint64_t more = random.below(100) + 1; more > 0; --more)
      sequence.tokens.push_back(static_cast<int32_t>(random.below(3)));
    const int64_t known = pool.known(sequence.tokens);
    const auto found = static_cast<std::size_t>(pool.find(sequence.tokens, sequence.pages));
    ASSERT_EQ(static_cast<int64_t>(found), known);
    std::size_t longest = 0;
    for (const Tokens& other : left)
      longest = std::max(longest, common_start(other, sequence.tokens));
    ASSERT_LE(found, longest);
    if (num_pages == 100'000) {
      ASSERT_EQ(found, longest);
    }
    write(pool, sequence, found);
    alive.push_back(std::move(sequence));
    // Three at a time of up to 7 pages each; in an order that is not theirs.
    if (alive.size() < 3) continue;
    const auto done = alive.begin() + static_cast<std::ptrdiff_t>(random.below(3));
    ASSERT_EQ(read(done->pages, done->tokens.size()), done->tokens) << "round " << round;
    pool.leave(done->pages, done->tokens);
    left.push_back(done->tokens);
    alive.erase(done);
    ASSERT_LE(pool.held_pages(), num_pages);
  }
}

TEST(PagePool, TheLeastRecentlyUsedMakesWayFirstAndFromItsEnd) {
  PagePool pool(6, kBytes, true);
  const Tokens a = tokens_of(1, 128), b = tokens_of(2, 128), c = tokens_of(3, 128);
  leave(pool, a);
  leave(pool, b);
  leave(pool, c);
  EXPECT_EQ(look(pool, a), 128);  // b is the oldest now
  leave(pool, tokens_of(4, 64));
  EXPECT_EQ(look(pool, b), 64);  // now c is
  leave(pool, tokens_of(5, 128));
  EXPECT_EQ(look(pool, a), 128);
  EXPECT_EQ(look(pool, b), 64);
  EXPECT_EQ(look(pool, c), 0);
}

TEST(PagePool, WhatIsLeftASecondTimeIsRecentAgain) {
  PagePool pool(4, kBytes, true);
  Sequence first{tokens_of(1, 64), {}}, second = first;
  write(pool, first, 0);
  write(pool, second, 0);  // at the same time, so neither finds the other's
  pool.leave(first.pages, first.tokens);
  leave(pool, tokens_of(2, 64));
  pool.leave(second.pages, second.tokens);
  EXPECT_EQ(pool.held_pages(), 2);
  leave(pool, tokens_of(3, 3 * 64));
  EXPECT_EQ(look(pool, first.tokens), 64);
  EXPECT_EQ(look(pool, tokens_of(2, 64)), 0);
}

TEST(PagePool, ALowerLimitDropsWhatIsLeftAndNotWhatIsInUse) {
  PagePool pool(8, kBytes, true);
  Sequence running{tokens_of(1, 200), {}};
  write(pool, running, 0);
  leave(pool, tokens_of(2, 128));
  EXPECT_EQ(pool.held_pages(), 6);
  pool.limit(5);
  EXPECT_EQ(pool.held_pages(), 5);
  EXPECT_EQ(look(pool, tokens_of(2, 128)), 64);
  pool.limit(1);
  EXPECT_EQ(pool.held_pages(), 4);
  EXPECT_EQ(read(running.pages, 200), running.tokens);
}

TEST(PagePool, ThatDoesNotRetainFindsNothing) {
  PagePool pool(8, kBytes, false);
  EXPECT_EQ(leave(pool, tokens_of(1, 128)), 0);
  EXPECT_EQ(look(pool, tokens_of(1, 128)), 0);
  EXPECT_EQ(pool.held_pages(), 0);
}

TEST(PagePool, APageThatIsTakenIsZeroWhoeverHadIt) {
  PagePool pool(1, kBytes, true);
  leave(pool, tokens_of(1, 64));
  Sequence next;
  next.pages.push_back(pool.take());
  EXPECT_EQ(read(next.pages, 64), Tokens(64, 0));
}

}  // namespace
}  // namespace tripost::kernels
