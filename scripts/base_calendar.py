"""Days for the base's corpus: drawing them, moving them, writing them, and sentences that speak of them.

The vocabulary is that of src/task/date_short_contexts.cpp and its neighbours; the sentences are not.
"""
import calendar
import datetime

MONTHS = calendar.month_name[1:]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
            "twelfth")
HOLIDAYS = (("Christmas Eve", 12, 24), ("Christmas Day", 12, 25), ("New Year's Day", 1, 1), ("New Year's Eve", 12, 31),
            ("Valentine's Day", 2, 14), ("Halloween", 10, 31), ("the Fourth of July", 7, 4), ("April Fools' Day", 4, 1),
            ("Saint Patrick's Day", 3, 17), ("Boxing Day", 12, 26))
WEEKDAY_HOLIDAYS = (("Thanksgiving", 4, 3, 11), ("Labor Day", 1, 0, 9), ("Memorial Day", -1, 0, 5),
                    ("Mother's Day", 2, 6, 5), ("Columbus Day", 2, 0, 10))  # name, nth, weekday, month
JUBILEES = (("tin", 10), ("crystal", 15), ("china", 20), ("silver", 25), ("pearl", 30), ("ruby", 40), ("golden", 50),
            ("diamond", 60))
WOMEN = "Jane Mary Alice Emma Sara Olivia Anna Lucy Grace Ruth Clara Nora Ida Helen Julia Rosa".split(" ")
MEN = "John Bob Tom Peter Mark Paul David Sam Leo Max".split(" ")
THINGS = ("concert race wedding match lecture meeting exam party trial auction shop bakery school book film camera tent letter "
          "plan stay visit trip lesson interview flight train deadline loan birthday").split(" ")
PLACES = "Rome Paris Lima Cairo Tokyo Delhi Oslo Boston".split(" ")
FOODS = "eggs apples oranges yogurts cookies pizzas wings tulips pages miles".split(" ")


def days_in_month(year, month):
    return calendar.monthrange(year, month)[1]


def draw_year(rng):
    return rng.randint(1880, 2049)


def draw_day(rng):
    """A third of the days are near the turn of a month, where there is something to carry."""
    year, month = draw_year(rng), rng.randint(1, 12)
    if rng.random() < 0.33:
        return datetime.date(year, month, 1) + datetime.timedelta(rng.randint(-4, 3))
    return datetime.date(year, month, rng.randint(1, days_in_month(year, month)))


def shift(day, count, unit):
    """A month or a year that has not this day ends before it."""
    if unit in ("day", "week"):
        return day + datetime.timedelta(count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    return datetime.date(year, month, min(day.day, days_in_month(year, month)))


def ordinal(number):
    ending = "th" if 11 <= number % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def numeric(day):
    return f"{day.month}/{day.day}/{day.year:04}"


def padded(day):
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def short(day):
    return f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year:04}"


def long(day):
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year:04}"


def with_ordinal(day):
    return f"{MONTHS[day.month - 1]} {ordinal(day.day)}, {day.year:04}"


def british(day):
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


STYLES = (numeric, padded, short, long, with_ordinal)


def written(rng, day):
    return rng.choice(STYLES)(day)


def span(rng, count, unit):
    """"10 days", "two weeks", "a year"."""
    if unit == "day" and count < 4 and rng.random() < 0.1:
        return f"{24 * count} hours"
    if count == 1:
        return rng.choice((f"a {unit}", f"one {unit}", f"1 {unit}"))
    return f"{COUNTS[count - 1] if count < 13 and rng.random() < 0.4 else count} {unit}s"


def draw_move(rng):
    """(signed count, unit), as often as the task needs them."""
    kind = rng.random()
    if kind < 0.4:
        return rng.choice(((1, "day"), (-1, "day"), (1, "day"), (-10, "day"), (1, "week"), (-1, "week"), (-1, "month"),
                           (-1, "year"), (2, "day"), (-2, "day")))
    sign = rng.choice((-1, 1))
    if kind < 0.55:
        return sign * rng.randint(2, 12), "day"
    if kind < 0.75:
        return sign * rng.randint(2, 62), "day"
    if kind < 0.83:
        return sign * rng.randint(1, 6), "week"
    if kind < 0.88:
        return sign * rng.randint(1, 13), "month"
    return rng.choice((-1, 1, 1)) * rng.randint(1, 90), "year"


NAMED_MOVES = {1: ("tomorrow", "the next day", "one day later", "24 hours later", "the day after"),
               -1: ("yesterday", "the day before", "one day ago", "24 hours earlier", "the last day"),
               2: ("the day after tomorrow", "two days later"), -2: ("the day before yesterday", "two days ago")}


def move_words(rng, count, unit):
    """"10 days ago", "one week later", "tomorrow"."""
    if unit == "day" and count in NAMED_MOVES and rng.random() < 0.75:
        return rng.choice(NAMED_MOVES[count])
    words = span(rng, abs(count), unit)
    ends = (" later", " from then", " after", " on", " from that day", " from today") if count > 0 else (
        " ago", " before", " earlier", " back", " ago from that day", " ago from today")
    return words + rng.choice(ends)


# {n} a woman, {m} a man, {t} a thing, {p} a place, {d} a day, {k} a span of time; what is found, and the sign of the move.
STORIES = (
    ("{n} planted a rose on {d} and cut it {k} after", "the cut", 1), ("{n} set out on {d}. The way took her {k}", "the arrival", 1),
    ("From {d} on {m} walked for {k}. Then he was in {p}", "the end of the walk", 1),
    ("The {t} of {d} was put off by {k}", "the new day", 1), ("They paid the rent for {k} on {d}", "the end of the rent", 1),
    ("{n} began to write on {d} and was done {k} later", "the end", 1), ("The {t} was due on {d} but came {k} late", "its day", 1),
    ("{m} got the {t} on {d} and gave it back after {k}", "the return", 1), ("{d} was {k} before the {t}", "the day of the {t}", 1),
    ("{n} saw {p} on {d}, and {m} saw it {k} later", "his visit", 1), ("It is {k} since {d}, when {n} came to {p}", "the present", 1),
    ("The {t} began on {d} and has gone on for {k}", "the present", 1), ("{m} slept in {p} for {k} and came there on {d}", "the way home", 1),
    ("On {d} {n} had food for {k}", "the last meal", 1), ("{n} was delayed by {k}. She was to be in {p} on {d}", "the arrival", 1),
    ("They opened the {t} on {d}; they count {k} since", "the count", 1), ("{k} ago {m} wrote the date {d}", "the present", 1),
    ("{n} has {k} left until {d}", "the present", -1), ("The {t} of {d} was moved ahead by {k}", "the new day", -1),
    ("{m} rang {k} before {d}", "the call", -1), ("{n} had waited {k} when the {t} began on {d}", "the start of the wait", -1),
    ("The {t} comes in {k}, which will be {d}", "the present", -1), ("Only {k} to go: {n} flies to {p} on {d}", "the present", -1),
    ("{k} away from now, on {d}, is the {t}", "the present", -1), ("{d} is {k} ahead of {m}", "the present", -1),
    ("The {t} was planned for {d}, but {n} came {k} earlier", "her day", -1), ("By {d} {m} had been in {p} for {k}", "the first day", -1))
DAY_STORIES = (
    ('{n} said: "yesterday", and meant {d}', "the day she spoke", 1), ('{m} wrote "tomorrow", and it meant {d}', "the day he wrote", -1),
    ("The day before {m} left {p} was {d}", "the day he left", 1), ("{d} followed the {t}", "the day of the {t}", -1),
    ('{m} wrote "the day before yesterday" for {d}', "the day he wrote", 2), ("One night after the {t} it was {d}", "the {t}", -1),
    ('{n} called {d} "the day after tomorrow"', "the day she spoke", -2), ("After one night in {p} it was not {d} any more", "the new day", 1))


def draw_story(rng):
    """(sentence without full stop, what is found, the day it says, the day that follows, signed count, unit)."""
    day = draw_day(rng)
    if rng.random() < 0.25:
        text, entity, count = rng.choice(DAY_STORIES)
        unit = "day"
    else:
        text, entity, sign = rng.choice(STORIES)
        count, unit = draw_move(rng)
        count = sign * abs(count)
    names = {"n": rng.choice(WOMEN), "m": rng.choice(MEN), "t": rng.choice(THINGS), "p": rng.choice(PLACES)}
    filled = text.format(d=written(rng, day), k=span(rng, abs(count), unit), **names)
    return filled[0].upper() + filled[1:], entity.format(**names), day, shift(day, count, unit), count, unit
