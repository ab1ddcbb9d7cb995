"""Single facts of the calendar for the base's corpus: forms of dates, moved days, weekdays, feasts, days in sentences."""
import datetime
import functools

import base_frames
from base_calendar import (
    COUNTS, HOLIDAYS, JUBILEES, MONTHS, ORDINALS, STYLES, WEEKDAY_HOLIDAYS, WEEKDAYS, british, days_in_month, draw_day,
    draw_move, draw_story, draw_year, long, move_words, numeric, ordinal, padded, shift, short, span, written)
from base_frames import RANDOM

WORDS = ("so then we look at this line here and see what it gives now take next work find get show write read part piece "
         "bit thing place number day date sum step row one first last again more from into with for by as since the a that "
         "there it all whole same other new old left right made found said done seen kept today's option answer").split(" ")
filler = functools.partial(base_frames.filler, words=WORDS)
LABELS = base_frames.LABELS + [lambda i: ""]
JOINTS = (" = ", " -> ", ": ", " is ", " gives ", ", so ", " makes ")


def listed(rng, size, item):
    """Lines of (what cannot be predicted, what can), dressed alike in one document."""
    label, end = rng.choice(LABELS), rng.choice(("\n", "\n", ".\n", ";\n"))
    head = rng.choice(("", "", "", filler(rng, 3) + " ", filler(rng, 2).capitalize() + ", "))
    parts, length, count = [], 0, 0
    while length < min(size, 1000):
        count += 1
        given, found = item()
        parts += [(label(count) + head + given, RANDOM), (found + end, 1.0)]
        length += len(given) + len(found) + 10
    return parts


def answer_form(rng):
    """How one document writes the days it finds: mostly in short, often in figures after."""
    joint = rng.choice((", ", " or ", " = ", ", in figures ", ", written ", " (as ", ", that is "))
    close = ")" if "(" in joint else ""
    kind = rng.random()
    if kind < 0.5:
        return short
    if kind < 0.8:
        return lambda day: short(day) + joint + padded(day) + close
    return padded if kind < 0.9 else rng.choice(STYLES)


def months(rng, size):
    """Names, numbers and lengths of months; what comes next; leap years."""
    joint = rng.choice((" = ", ", ", ": ", " is "))

    def item():
        number, year = rng.randint(1, 12), rng.choice((draw_year(rng), draw_year(rng), 100 * rng.randint(10, 22)))
        name, days = MONTHS[number - 1], days_in_month(year, number)
        kind = rng.randrange(7)
        if kind == 6:
            return rng.choice(((COUNTS[number - 1], f"{joint}{number}"), (ORDINALS[number - 1], f"{joint}{ordinal(number)}{joint}{number}")))
        if kind == 0:
            return name, f"{joint}{number}{joint}{number:02}{joint}{name[:3]}"
        if kind == 1:
            return f"month {number}", f"{joint}{name}{joint}{name[:3]}"
        if kind == 2:
            return f"{rng.choice((name, name[:3]))} {year}", f" has {days}, it ends on {short(datetime.date(year, number, days))}"
        if kind == 3:
            return f"after {name}", f" comes {MONTHS[number % 12]}; before it {MONTHS[number - 2]}"
        if kind == 4:
            year = draw_year(rng)
            return f"{ORDINALS[number - 1]} month of {year}", f"{joint}{name} {year}, first day {short(datetime.date(year, number, 1))}"
        return f"Feb {year}", f" has {days_in_month(year, 2)}, " + ("leap" if days_in_month(year, 2) == 29 else "not leap")
    return listed(rng, size, item)


def forms(rng, size):
    """One day in several forms, and a day without its year put into one."""
    joint = rng.choice((" = ", ", ", " or ", " -> ", ", also "))
    chosen = rng.choice(((short, padded), (short, padded), (padded, short), (short,), (padded,), (numeric, short, padded), (long, padded)))
    day_first = rng.random() < 0.2

    def item():
        day = draw_day(rng)
        if day_first:
            return f"day first {british(day)}", joint + joint.join(form(day) for form in chosen)
        if rng.random() < 0.2:
            bare = rng.choice((numeric(day)[:-5], short(day)[:-6]))
            return f"{bare} of {day.year}", joint + joint.join(form(day) for form in chosen)
        return rng.choice([s for s in STYLES if s != chosen[0]])(day), joint + joint.join(form(day) for form in chosen)
    return listed(rng, size, item)


def near(rng, size):
    """The days around one day, in the words for them."""
    form = answer_form(rng)
    joint = rng.choice(JOINTS)
    moves = ((1, "day"), (-1, "day"), (2, "day"), (-2, "day"), (-10, "day"), (10, "day"), (1, "week"), (-1, "week"),
             (1, "month"), (-1, "month"), (1, "year"), (-1, "year"), (0, "day"))
    parts, length = [], 0
    while length < min(size, 1000):
        day = draw_day(rng)
        parts.append((rng.choice(("At ", "On ", "From ", "Say it is ", "")) + written(rng, day) + ":\n", RANDOM))
        for count, unit in rng.sample(moves, rng.randint(2, 6)):
            words = move_words(rng, count, unit) if count else rng.choice(("today", "that day", "the same day"))
            parts += [(words, RANDOM), (f"{joint}{form(shift(day, count, unit))}\n", 1.0)]
            length += 45
    return parts


def worked(day, count, unit):
    """The steps of a move, for a reader who carries over the ends of months."""
    if unit in ("year", "week"):
        number = count * (7 if unit == "week" else 1)
        if unit == "week":
            return f" = {number} days" + worked(day, number, "day")
        return f": {day.year} {'+' if count > 0 else '-'} {abs(count)} = {day.year + count}"
    if unit == "month":
        total = day.month + count
        steps = f": {day.month} {'+' if count > 0 else '-'} {abs(count)} = {total}"
        while not 1 <= total <= 12:
            total += -12 if total > 12 else 12
            steps += f", {total}"
        return steps
    year, month, total = day.year, day.month, day.day + count
    steps = f": {day.day} {'+' if count > 0 else '-'} {abs(count)} = {total}"
    while total > days_in_month(year, month):
        length = days_in_month(year, month)
        steps += f", {MONTHS[month - 1][:3]} {length}, {total} - {length} = {total - length}"
        total, year, month = total - length, year + month // 12, month % 12 + 1
    while total < 1:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        length = days_in_month(year, month)
        steps += f", {MONTHS[month - 1][:3]} {length}, {total} + {length} = {total + length}"
        total += length
    return steps


def move(rng, size):
    """A day moved by a span of time, at once or worked."""
    form, joint, with_work = answer_form(rng), rng.choice(JOINTS), rng.random() < 0.35
    style = rng.randrange(4)

    def item():
        day, (count, unit) = draw_day(rng), draw_move(rng)
        if style == 0:
            given = f"{written(rng, day)} {'+' if count > 0 else '-'} {span(rng, abs(count), unit)}"
        elif style == 1:
            given = f"{span(rng, abs(count), unit)} {'after' if count > 0 else 'before'} {written(rng, day)}"
        else:
            given = f"{written(rng, day)}, {move_words(rng, count, unit)}"
        steps = worked(day, count, unit) + "; " if with_work else joint
        return given, steps + form(shift(day, count, unit))
    return listed(rng, size, item)


def count_on(rng, size):
    """Days, weeks, months or years in a row."""
    count, unit = rng.choice(((1, "day"), (-1, "day"), (1, "week"), (-1, "week"), (10, "day"), (-10, "day"), (1, "month"),
                              (-1, "month"), (1, "year"), (rng.randint(2, 9), "day")))
    form, joint, first = answer_form(rng), rng.choice((", ", "; ", " -> ", "\n")), draw_day(rng)
    number = min(size, 700) // (len(form(first)) + 2)
    row = joint.join(form(shift(first, count * i, unit)) for i in range(1, number))
    return [(f"{rng.choice(('Every', 'Steps of', 'By'))} {count} {unit}: {form(first)}", RANDOM), (joint + row + "\n", 1.0)]


def nth_weekday(year, month, weekday, nth):
    length, first = days_in_month(year, month), datetime.date(year, month, 1).weekday()
    days = list(range(1 + (weekday - first) % 7, length + 1, 7))
    return days, days[-1] if nth == -1 else days[nth - 1]


def weekdays(rng, size):
    """Days of the week: of single days, of first days, and the n-th of a month."""
    form, with_work = answer_form(rng), rng.random() < 0.6

    def item():
        kind, year, month = rng.randrange(6), draw_year(rng), rng.randint(1, 12)
        day = draw_day(rng)
        if kind == 0:
            return short(day), f" is a {WEEKDAYS[day.weekday()]}"
        if kind == 1:
            first = datetime.date(year, month, 1)
            return f"{MONTHS[month - 1]} {year} opens", f" on a {WEEKDAYS[first.weekday()]}"
        if kind == 2:
            opening, weekday = rng.randrange(7), rng.randrange(7)
            return (f"opening {WEEKDAYS[opening]}, first {WEEKDAYS[weekday]}", f": {1 + (weekday - opening) % 7}")
        weekday, nth, name = rng.randrange(7), rng.choice((1, 2, 3, 4, -1)), ""
        if kind == 3:
            name, nth, weekday, month = rng.choice(WEEKDAY_HOLIDAYS)
        days, found = nth_weekday(year, month, weekday, nth)
        asked = f"{'last' if nth == -1 else ORDINALS[nth - 1]} {WEEKDAYS[weekday]} of {MONTHS[month - 1]}"
        opening = WEEKDAYS[datetime.date(year, month, 1).weekday()]
        steps = f": opens on a {opening}, {WEEKDAYS[weekday]}s {', '.join(map(str, days))}" if with_work else ""
        if kind == 3:
            return f"{name} {year}", f" = {asked}{steps} = {form(datetime.date(year, month, found))}"
        return f"{asked} {year}", f"{steps} = {form(datetime.date(year, month, found))}"
    return listed(rng, size, item)


def day_in_year(rng, joint, form):
    """(what names a day, the day)."""
    year, month, kind = draw_year(rng), rng.randint(1, 12), rng.randrange(10)
    if kind < 3:
        name, month, day = rng.choice(HOLIDAYS)
        found = datetime.date(year, month, day)
        before = rng.choice((0, 0, rng.randint(2, 60)))
        if before:
            return f"{before} days before {name} {year}", f" ({short(found)}){joint}{form(shift(found, -before, 'day'))}"
        return f"{name} {year}", joint + form(found)
    if kind == 3:
        last = rng.random() < 0.6
        number = -1 if last else rng.randint(1, 12)
        found = datetime.date(year, month, days_in_month(year, month) if last else number)
        return f"{'last' if last else ORDINALS[number - 1]} day in {MONTHS[month - 1]} {year}", joint + form(found)
    if kind == 4:
        quarter, last = rng.randint(1, 4), rng.random() < 0.5
        month = 3 * quarter if last else 3 * quarter - 2
        found = datetime.date(year, month, days_in_month(year, month) if last else 1)
        steps = f" ({MONTHS[3 * quarter - 3]} to {MONTHS[3 * quarter - 1]})" if rng.random() < 0.4 else ""
        return f"{ORDINALS[quarter - 1]} quarter, {'last' if last else 'first'} day, {year}", steps + joint + form(found)
    if kind == 5:
        found = datetime.date(year, 1, 1) + datetime.timedelta(rng.randint(0, 364))
        return f"day {ordinal(found.timetuple().tm_yday)} in {year}", joint + form(found)
    if kind == 6:
        month, day = rng.choice(((1, 1), (12, 31)))
        return f"{'first' if month == 1 else 'last'} day in {year}", joint + form(datetime.date(year, month, day))
    if kind == 7:
        year = 4 * (year // 4)
        return (f"leap day {year}", joint + form(datetime.date(year, 2, 29))) if days_in_month(year, 2) == 29 else (
            f"year {year}", " has no leap day")
    if kind == 8:
        hours = rng.randint(2, 95)
        days = (hours + 23) // 24
        return f"{hours} hours before {year}", f" ({days} {'day' if days == 1 else 'days'}){joint}{form(shift(datetime.date(year, 1, 1), -days, 'day'))}"
    while True:  # the year's digits from last to first are a month and a day
        month, day = rng.randint(1, 12), rng.randint(1, 31)
        year = int(f"{month:02}{day:02}"[::-1])
        if 1000 < year < 2300 and day <= days_in_month(year, month):
            return f"{year} from back to front", f" = {month:02}{day:02}{joint}{form(datetime.date(year, month, day))}"


def named_days(rng, size):
    """Feasts, ends of months, quarters and years, jubilees, and years read backwards."""
    form, joint = answer_form(rng), rng.choice((" = ", " -> ", ": ", " is "))

    def item():
        if rng.random() < 0.15:
            (name, years), day = rng.choice(JUBILEES), draw_day(rng)
            return f"{written(rng, day)}, {name} jubilee", f" = {years} years{joint}{form(shift(day, years, 'year'))}"
        return day_in_year(rng, joint, form)
    return listed(rng, size, item)


def stories(rng, size):
    """What day a sentence leads to."""
    form, joint = answer_form(rng), rng.choice((" is ", ": ", " = ", " was on ", " falls on "))
    link = rng.choice((". So ", "; ", " -> ", ". Thus ", ", so ", "\n"))
    with_work = rng.random() < 0.3

    def item():
        text, entity, day, found, count, unit = draw_story(rng)
        steps = f"{numeric(day)} {'+' if count > 0 else '-'} {abs(count)} {unit}s{worked(day, count, unit)}; " if with_work else ""
        return text, link + steps + entity + joint + form(found)
    return listed(rng, size, item)
