#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/progress_line.h"
#include "cli/terminal.h"

namespace tripost {
namespace {

const ProgressUpdate kUpdate{
    .stage = "train", .done = 1234, .total = 5000, .unit = "steps", .detail = "loss 0.43"};

TEST(ProgressLine, ShowsCountsPaceTimeLeftAndDetail) {
  EXPECT_EQ(progress_line(kUpdate, {.per_second = 41.2, .seconds_left = 185}, 0),
            "train 1,234/5,000 steps, 41/s, 3 min 05 s left, loss 0.43");
  EXPECT_EQ(progress_line(kUpdate, {}, 200),
            "train [######..................] 1,234/5,000 steps, loss 0.43");
}

TEST(ProgressLine, NeverExceedsTheWidthAndDropsTheLeastImportantFirst) {
  const Pace pace{.per_second = 41.2, .seconds_left = 185};
  for (int width = 1; width < 120; ++width) {
    EXPECT_LE(static_cast<int>(progress_line(kUpdate, pace, width).size()), width);
  }
  EXPECT_EQ(progress_line(kUpdate, pace, 60),
            "train 1,234/5,000 steps, 41/s, 3 min 05 s left, loss 0.43");
  EXPECT_EQ(progress_line(kUpdate, pace, 50), "train 1,234/5,000 steps, 41/s, 3 min 05 s left");
  EXPECT_EQ(progress_line(kUpdate, pace, 30), "train 1,234/5,000 steps");
  EXPECT_EQ(progress_line(kUpdate, pace, 8), "train 1,");
}

TEST(ProgressLine, AnUnknownTotalHasNoBarAndNoTimeLeft) {
  EXPECT_EQ(progress_line({.stage = "read", .done = 7, .unit = "lines"}, {.per_second = 2.5}, 80),
            "read 7 lines, 2.50/s");
}

TEST(DurationText, UsesTheUnitThatReads) {
  EXPECT_EQ(duration_text(0.4), "0 s");
  EXPECT_EQ(duration_text(59.6), "1 min 00 s");
  EXPECT_EQ(duration_text(3599), "59 min 59 s");
  EXPECT_EQ(duration_text(7800), "2 h 10 min");
}

// A terminal whose messages go to a pipe and whose clock the test moves.
class Shown : public ::testing::Test {
 protected:
  Shown() { EXPECT_EQ(::pipe2(pipe_, O_NONBLOCK | O_CLOEXEC), 0); }
  ~Shown() override {
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }

  std::string text() {
    char buffer[65536];
    const ssize_t size = ::read(pipe_[0], buffer, sizeof buffer);
    return size > 0 ? std::string(buffer, static_cast<std::size_t>(size)) : "";
  }

  ProgressUpdate at(int64_t done) const {
    return {.stage = "rollout", .done = done, .total = 100, .unit = "attempts"};
  }

  int pipe_[2];
  double now = 100;
};

TEST_F(Shown, OffATerminalALineComesEveryTenSecondsAndAtTheEnd) {
  Terminal terminal(pipe_[1], pipe_[1], 0, [this] { return now; });
  for (int i = 0; i <= 99; ++i, now += 0.25) terminal.update(at(i));
  EXPECT_EQ(
      text(),
      "rollout 40/100 attempts, 4.00/s, 15 s left\nrollout 80/100 attempts, 4.00/s, 5 s left\n");
  terminal.update(at(100));
  EXPECT_EQ(text(), "rollout 100/100 attempts, 4.00/s\n");
}

TEST_F(Shown, OnATerminalOneLineIsDrawnOverAndEndsWithTheStage) {
  Terminal terminal(pipe_[1], pipe_[1], 30, [this] { return now; });
  terminal.update(at(0));
  now += 1;
  terminal.update(at(50));
  now += 0.01;
  terminal.update(at(51));  // too soon to draw again
  now += 1;
  terminal.update(at(100));
  EXPECT_EQ(text(),
            "\rrollout 0/100 attempts\rrollout 50/100 attempts\rrollout 100/100 attempts\n");
}

TEST_F(Shown, AMessageClearsTheLineItStandsOn) {
  Terminal terminal(pipe_[1], pipe_[1], 30, [this] { return now; });
  terminal.update(at(0));
  terminal.message("a warning");
  EXPECT_EQ(text(), "\rrollout 0/100 attempts\r                      \ra warning\n");
}

TEST_F(Shown, WhatWasDoneBeforeAResumeDoesNotCountAsFast) {
  Terminal terminal(pipe_[1], pipe_[1], 0, [this] { return now; });
  terminal.update(at(80));
  now += 10;
  terminal.update(at(90));
  EXPECT_EQ(text(), "rollout 90/100 attempts, 1.00/s, 10 s left\n");
}

TEST_F(Shown, AReaderThatDoesNotReadStopsNothing) {
  Terminal terminal(pipe_[1], pipe_[1], 0, [this] { return now; });
  for (int i = 0; i < 100'000; ++i) {
    now += 11;
    terminal.update({.stage = "forever", .done = i, .detail = std::string(100, 'x')});
  }
  EXPECT_FALSE(text().empty());
}

}  // namespace
}  // namespace tripost
