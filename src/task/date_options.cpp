// The options of a question: the answer and dates that a mistake would lead to, in about the shares
// of the reference's options (a fifth with another year, a third within a month, ...).
#include <algorithm>

#include "task/date_question.h"

namespace tripost {
namespace {

Date with_year(Date date, int year) {
  const Date result = make_date(year, month_of(date), day_of(date));
  return result.ok() ? result : last_day_of_month(year, month_of(date));
}

Date moved(Date date, Unit unit, int64_t low, int64_t high, Random& random) {
  const int count = static_cast<int>(random.between(low, high));
  return plus(date, {random.below(2) == 0 ? count : -count, unit});
}

// Another date of the context: today or one on the way to it, or what another of the nine would
// ask for.
Date related(const DateContext& context, Random& random) {
  if (random.below(3) == 0) return random.pick(context.steps).date;
  return plus(context.today(), kAskedDates[random.below(kAskedDates.size())].offset);
}

Date swapped_day_and_month(Date date) {
  const Date swapped = make_date(year_of(date), day_of(date), month_of(date));
  return swapped.ok() ? swapped : date;
}

// May be the answer itself: then it is drawn again.
Date draw_wrong_date(const DateContext& context, Date answer, Random& random) {
  switch (random.below(10)) {
    case 0:
    case 1:
      return with_year(answer, static_cast<int>(year_of(answer) + random.between(-80, 80)));
    case 2:
      return moved(answer, Unit::kDay, 1, 1, random);
    case 3:
      return moved(answer, Unit::kDay, 2, 10, random);
    case 4:
      return moved(answer, Unit::kDay, 11, 31, random);
    case 5:
      return moved(answer, Unit::kDay, 32, 400, random);
    case 6:
      return moved(answer, Unit::kMonth, 1, 11, random);
    case 7:
      return random.below(2) == 0 ? swapped_day_and_month(answer)
                                  : moved(answer, Unit::kYear, 1, 1, random);
    default:
      return related(context, random);
  }
}

}  // namespace

std::vector<std::string> draw_options(const DateContext& context, Date answer, Random& random) {
  const std::size_t count = random.below(7) == 0 ? 5 : 6;
  std::vector<Date> dates = {answer};
  while (dates.size() < count) {
    const Date date = draw_wrong_date(context, answer, random);
    if (is_in_range(date) && std::find(dates.begin(), dates.end(), date) == dates.end())
      dates.push_back(date);
  }
  random.shuffle(dates);
  std::vector<std::string> options;
  for (const Date date : dates) options.push_back(write_date(date, DateStyle::kPadded));
  return options;
}

}  // namespace tripost
