#include "task/calendar.h"

#include <gtest/gtest.h>

#include "task/date_text.h"

namespace tripost {
namespace {

struct Row {
  int date[3];
  int weekday;
  int days;
  int after_days[3];
  int months;
  int after_months[3];
};

Date date_of(const int (&parts)[3]) { return make_date(parts[0], parts[1], parts[2]); }

// Made with Python's datetime (weekday, timedelta) and calendar.monthrange (months, clamped).
constexpr Row kPython[] = {
    {{4186, 12, 31}, 0, 242, {4187, 8, 30}, 24, {4188, 12, 31}},
    {{476, 8, 25}, 2, -45, {476, 7, 11}, -5, {476, 3, 25}},
    {{850, 3, 4}, 5, 80, {850, 5, 23}, 8, {850, 11, 4}},
    {{7686, 4, 13}, 6, 256, {7686, 12, 25}, 25, {7688, 5, 13}},
    {{1671, 10, 31}, 6, -287, {1671, 1, 17}, -29, {1669, 5, 31}},
    {{3551, 7, 9}, 1, -114, {3551, 3, 17}, -12, {3550, 7, 9}},
    {{6381, 3, 25}, 3, -227, {6380, 8, 10}, -23, {6379, 4, 25}},
    {{2076, 3, 31}, 2, -295, {2075, 6, 10}, -30, {2073, 9, 30}},
    {{6279, 5, 31}, 6, 69, {6279, 8, 8}, 6, {6279, 11, 30}},
    {{1082, 5, 31}, 3, 13, {1082, 6, 13}, 1, {1082, 6, 30}},
    {{5860, 7, 31}, 2, 262, {5861, 4, 19}, 26, {5862, 9, 30}},
    {{6863, 6, 13}, 3, 292, {6864, 3, 31}, 29, {6865, 11, 13}},
    {{149, 8, 2}, 6, -115, {149, 4, 9}, -12, {148, 8, 2}},
    {{1771, 10, 24}, 4, 76, {1772, 1, 8}, 7, {1772, 5, 24}},
    {{2440, 12, 31}, 1, 16, {2441, 1, 16}, 1, {2441, 1, 31}},
    {{4100, 8, 31}, 2, 131, {4101, 1, 9}, 13, {4101, 9, 30}},
    {{2386, 1, 30}, 4, -267, {2385, 5, 8}, -27, {2383, 10, 30}},
    {{2140, 12, 19}, 1, -165, {2140, 7, 7}, -17, {2139, 7, 19}},
    {{2016, 2, 29}, 1, -366, {2015, 2, 28}, -12, {2015, 2, 28}},
};

TEST(Calendar, AgreesWithPythonOnWeekdaysDaysAndMonths) {
  for (const Row& row : kPython) {
    const Date date = date_of(row.date);
    const std::string text = write_date(date, DateStyle::kLong);
    EXPECT_EQ(weekday_of(date), row.weekday) << text;
    EXPECT_EQ(plus_days(date, row.days), date_of(row.after_days)) << text;
    EXPECT_EQ(days_between(date, date_of(row.after_days)), row.days) << text;
    EXPECT_EQ(plus(date, {row.months, Unit::kMonth}), date_of(row.after_months)) << text;
  }
}

TEST(Calendar, CenturiesAreLeapYearsOnlyWhenFourHundredDividesThem) {
  EXPECT_EQ(days_in_month(1900, 2), 28);
  EXPECT_EQ(days_in_month(2000, 2), 29);
  EXPECT_EQ(days_in_month(2023, 2), 28);
  EXPECT_EQ(days_in_month(2024, 2), 29);
}

TEST(Calendar, CountsTheWeekdaysOfAMonthFromBothEnds) {
  EXPECT_EQ(nth_weekday(2002, 11, 4, 4), make_date(2002, 11, 28));  // Thanksgiving of 2002
  EXPECT_EQ(nth_weekday(2001, 11, 4, 4), make_date(2001, 11, 22));
  EXPECT_EQ(nth_weekday(2019, 1, 1, 1), make_date(2019, 1, 7));
  EXPECT_EQ(nth_weekday(2021, 5, 1, -1), make_date(2021, 5, 31));
  EXPECT_EQ(nth_weekday(2021, 2, 1, 5), std::nullopt);
  EXPECT_EQ(nth_weekday(2021, 2, 1, 0), std::nullopt);
}

// std::chrono keeps days and months in 8 bits.
TEST(Calendar, ADayOrMonthThatDoesNotFitIsNoOtherDay) {
  EXPECT_FALSE(make_date(2009, 10, 272).ok());
  EXPECT_FALSE(make_date(2009, 10, 256 + 16).ok());
  EXPECT_FALSE(make_date(2009, 266, 16).ok());
  EXPECT_FALSE(make_date(2009, 10, -240).ok());
  EXPECT_FALSE(make_date(2009, 10, 32).ok());
  EXPECT_EQ(day_of(make_date(2009, 10, 32)), 32);
  EXPECT_TRUE(make_date(2009, 10, 31).ok());
}

TEST(DateText, EveryFormThatIsWrittenIsReadAgain) {
  const Date date = make_date(2021, 9, 1);
  for (const DateStyle style : {DateStyle::kNumeric, DateStyle::kPadded, DateStyle::kShort,
                                DateStyle::kLong, DateStyle::kOrdinal}) {
    const std::string text = write_date(date, style);
    const auto read = read_date(text + ", and more");
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->value.date, date) << text;
    EXPECT_EQ(read->length, text.size()) << text;
  }
  EXPECT_EQ(read_british_date(write_british_date(date))->value.date, date);
}

TEST(DateText, TheFormsOfTheReferenceAreRead) {
  for (const char* text : {"Sept. 1st, 2021", "9/1/2021", "09/01/2021", "Sep 1, 2021",
                           "September 01 2021", "september 1st 2021"})
    EXPECT_EQ(read_date(text)->value.date, make_date(2021, 9, 1)) << text;
  EXPECT_EQ(read_date("Feburary 29, 2016")->value.date, make_date(2016, 2, 29));
  EXPECT_FALSE(read_date("3/5, and")->value.has_year);
  EXPECT_FALSE(read_date("Dec 2")->value.has_year);
  EXPECT_FALSE(read_date("Feb 30, 2011")->value.date.ok());
  for (const char* text : {"", "Marchpane 3, 2011", "1/2/20111", "1/2/201", "123/4/2011", "May"})
    EXPECT_FALSE(read_date(text)) << text;
}

TEST(DateText, OrdinalsGoOnBeyondTwenty) {
  // The reference's ordinals end at "twentieth" in one task; figures have no such end.
  for (const auto& [number, text] : {std::pair{1, "1st"},
                                     {2, "2nd"},
                                     {3, "3rd"},
                                     {11, "11th"},
                                     {12, "12th"},
                                     {13, "13th"},
                                     {21, "21st"},
                                     {112, "112th"},
                                     {123, "123rd"}}) {
    EXPECT_EQ(ordinal_number(number), text);
    EXPECT_EQ(read_ordinal(text)->value, number);
  }
  EXPECT_EQ(read_ordinal("last day")->value, -1);
  EXPECT_EQ(read_ordinal("twelfth")->value, 12);
  EXPECT_FALSE(read_ordinal("21"));
}

TEST(DateText, SpansOfTimeAreReadInWordsAndFigures) {
  EXPECT_EQ(read_duration("a week ago")->value, (Duration{1, Unit::kWeek}));
  EXPECT_EQ(read_duration("ten years")->value, (Duration{10, Unit::kYear}));
  EXPECT_EQ(read_duration("24 hours later")->value, (Duration{1, Unit::kDay}));
  EXPECT_FALSE(read_duration("36 hours"));
  EXPECT_FALSE(read_duration("99999 years"));
}

}  // namespace
}  // namespace tripost
