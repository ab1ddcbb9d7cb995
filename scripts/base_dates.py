#!/usr/bin/env python3
"""The calendar for the base's corpus: `python3 scripts/base_dates.py` prints a document of each skill.

Sub-skills only: the facts of base_date_facts.py, and here retelling, finding a day among lettered ones, following moves from
day to day, checking lists of days and redoing them. No document goes from a question to its letter.
"""
import datetime
import re

from base_calendar import (
    COUNTS, FOODS, MEN, MONTHS, ORDINALS, PLACES, STYLES, THINGS, WEEKDAYS, WOMEN, british, days_in_month, draw_day, draw_move,
    draw_story, move_words, padded, shift, short, span, written)
from base_date_facts import (
    answer_form, count_on, filler, forms, months, move, named_days, near, stories, weekdays)
from base_frames import LABELS, RANDOM, print_samples

NAMES = {*WOMEN, *MEN, *MONTHS, *(month[:3] for month in MONTHS)}
VERBS = "saw bought lost found moved opened painted sold wrote planned borrowed married visited cleaned baked broke read".split(" ")


def draw_sentence(rng):
    """(sentence without full stop, whether it keeps its capital inside a longer one)."""
    kind = rng.random()
    if kind < 0.3:
        story = draw_story(rng)[0]
        return story, story.split(" ")[0].removesuffix("'s") in NAMES
    woman, man, thing, place = rng.choice(WOMEN), rng.choice(MEN), rng.choice(THINGS), rng.choice(PLACES)
    day, number, time = written(rng, draw_day(rng)), rng.randint(2, 60), span(rng, rng.randint(1, 12), rng.choice(("day", "week", "year")))
    who = rng.choice((woman, man))
    if kind < 0.6:
        return rng.choice((f"{who} {rng.choice(VERBS)} {number} {rng.choice(FOODS)} in {place} on {day}", f"{who}'s {thing} took {time}",
                           f"{who} and {rng.choice(MEN)} {rng.choice(VERBS)} the {thing} of {day}",
                           f"{who} was {number} years old in {rng.randint(1880, 2049)}")), True
    ordinal_word, weekday, month = rng.choice(ORDINALS + ("last",)), rng.choice(WEEKDAYS), rng.choice(MONTHS)
    return rng.choice((
        f"The {ordinal_word} {weekday} of {month} was the {thing}", f"The {thing} in {place} takes {time}", f"It rained in {place} on {day}",
        f"She {rng.choice(VERBS)} the {thing} {time} later", f"He {rng.choice(VERBS)} it on {day}", f"On {day} {who} {rng.choice(VERBS)} the {thing}",
        f"In {place} the {ordinal_word} day of a {thing} is {month} {rng.randint(1, 28)}", f"Her {ordinal_word} {thing} is {number} days old",
        f"They {rng.choice(VERBS)} {number} {rng.choice(FOODS)}, which is {rng.choice(COUNTS)} a day",
        f"This {thing} of {who} is the {ordinal_word} since {day}", f"Exactly {number} days before {day} the {thing} {rng.choice(('began', 'ended'))}",
        filler(rng, 9).capitalize())), False


def retell(rng, size):
    """Sentences word for word in one: without their stops and first capitals, joined."""
    joint = rng.choice((" and ", " and ", " and ", "; ", " | "))
    lead, end = rng.choice((("Retold: ", "\n"), ("", " (all told)\n"), ("As ", ":\n"), (filler(rng, 2) + " ", ".\n"), ("Given that ", " -\n")))
    parts, length = [], 0
    while length < min(size, 1400):
        sentences = [draw_sentence(rng) for _ in range(rng.choice((1, 1, 2, 2, 2, 3)))]
        told = joint.join(text if keeps else text[0].lower() + text[1:] for text, keeps in sentences)
        parts += [(". ".join(text for text, _ in sentences) + ".\n", RANDOM), (lead + told + end, 1.0)]
        length += 2 * len(told)
    return parts


def put_in(rng, size):
    """A found day put behind the word for it, in another sentence."""
    parts, length, style = [], 0, rng.randrange(3)
    while length < min(size, 1000):
        day, thing = short(draw_day(rng)), rng.choice((rng.choice(THINGS), f"{rng.choice(WOMEN)}'s {rng.choice(THINGS)}"))
        rest = f"was {move_words(rng, *draw_move(rng))}"
        name = thing if "'" in thing else f"the {thing}"
        told = (f"{name}, {day}, {rest}", f"{name} is {day} and {rest}", f"{name} was {day} and it {rest}")[style]
        given = f"{name} -> {day}. {rng.choice((filler(rng, 6) + '. ', ''))}{name[0].upper() + name[1:]} {rest}.\n"
        parts += [(given, RANDOM), (told + "\n", 1.0)]
        length += 2 * len(told)
    return parts


def draw_choices(rng, number):
    """Days that are easily mistaken for one another."""
    right = draw_day(rng)
    found = [right]
    while len(found) < number:
        kind = rng.randrange(5)
        if kind == 0:
            other = shift(right, rng.randint(-80, 80), "year")
        elif kind == 1:
            other = shift(right, rng.choice((-1, 1)) * rng.randint(1, 10), "day")
        elif kind == 2:
            other = shift(right, rng.randint(-60, 60), "day")
        elif kind == 3:
            other = shift(right, rng.randint(-11, 11), "month")
        else:
            other = datetime.date(right.year, right.day, right.month) if right.day < 13 and right.month < 29 else draw_day(rng)
        if other not in found:
            found.append(other)
    rng.shuffle(found)
    return found


def find_letter(rng, size):
    """Lettered days; then, with or without words between, letters of days and days of letters."""
    mark = rng.choice(("({}) ", "({}) ", "({}) ", "{}. ", "[{}] ", "{}: "))
    bare, form = mark.strip(" .:"), rng.choice((padded, padded, padded, padded, short))
    other = rng.choice((padded, padded, short, lambda day: f"{short(day)} = {padded(day)}"))
    joint = rng.choice((" stands at ", " -> ", ": ", " is ", ". " + filler(rng, 5).capitalize() + " ", " = ", ".\n" + filler(rng, 6) + " "))
    parts, length, backwards = [], 0, rng.random() < 0.2
    while length < min(size, 1300):
        days = draw_choices(rng, rng.choice((3, 4, 5, 6, 6, 6, 8)))
        letters = "ABCDEFGH"[:len(days)]
        text = rng.choice(("", "Choices\n", "Days:\n", filler(rng, 2) + "\n"))
        text += rng.choice(("\n", "\n", "\n", ", ")).join(mark.format(letter) + form(day) for letter, day in zip(letters, days)) + "\n"
        if rng.random() < 0.6:
            text += filler(rng, 8) + "\n" + "".join(draw_sentence(rng)[0] + ".\n" for _ in range(rng.randint(0, 3)))
        parts.append((text, RANDOM))
        length += len(text)
        for at in rng.sample(range(len(days)), min(len(days), rng.choice((1, 2, 3, 4)))):
            asked = rng.choice((other, padded))(days[at])
            if rng.random() < 0.08:
                parts += [(other(shift(days[at], rng.choice((1000, 2000, 3000)), "day")), RANDOM), (" is not there\n", 0.5)]
            elif backwards:
                parts += [(bare.format(letters[at]), RANDOM), (joint + asked + "\n", 1.0)]
            elif "=" in asked:
                parts += [(asked.split(" = ")[0], RANDOM), (" = " + asked.split(" = ")[1] + joint + bare.format(letters[at]) + "\n", 1.0)]
            else:
                parts += [(asked, RANDOM), (joint + bare.format(letters[at]) + "\n", 1.0)]
            length += 35
    return parts


# Lists of days, each line from the day before it: (label, given, before the day, the day, whether it is in figures too).


def show_list(lines, frame):
    return "".join(f"{label}{given}{lead}{day}{frame['joint'] + form if form else ''}{frame['end']}\n" for label, given, lead, day, form in lines)


def draw_frame(rng):
    return {"joint": rng.choice((", ", " or ", ", in figures ", ", that is ", " = ")), "end": rng.choice((".", ".", "", ";")),
            "lead": rng.choice((", so {} is ", " and {} is ", ": {} = ", "; {}: ", ", {} falls on ", " -> {} "))}


def wrong_day(rng, day):
    kind = rng.random()
    if kind < 0.1:
        days = days_in_month(day.year, day.month)
        return None, f"{MONTHS[day.month - 1][:3]} {days + 1}, {day.year}"
    other = shift(day, *rng.choice(((1, "day"), (-1, "day"), (2, "day"), (-2, "day"), (7, "day"), (-7, "day"), (1, "month"), (-1, "month"),
                                    (1, "year"), (-1, "year"), (10, "day"), (rng.choice((-20, 20)), "day"))))
    return (other, short(other)) if other != day else wrong_day(rng, day)


def change_number(rng, text):
    """(text with one number miscopied, the word that is wrong, the word as it was); empty where there is no number."""
    words = text.split(" ")
    places = [i for i, word in enumerate(words) if any(c.isdigit() for c in word)]
    if not places:
        return "", "", ""
    at = rng.choice(places)
    numbers = [m for m in re.finditer(r"\d+", words[at])]
    number = rng.choice(numbers)
    other = str(int(number.group(0)) + rng.choice((-1, 1, 1, 2, 3, 7, 9)))
    wrong = words[at][:number.start()] + other.zfill(len(number.group(0))) + words[at][number.end():]
    return " ".join(words[:at] + [wrong] + words[at + 1:]), wrong.strip(",."), words[at].strip(",.")


def draw_list(rng, frame):
    """(sentence, lines, lines with one slip, its place or None, the wrong part, what it should be)."""
    text, entity, _, day, _, _ = draw_story(rng)
    label, number = rng.choice(LABELS), rng.choice((1, 2, 2, 3, 3, 4))
    moves = [draw_move(rng) for _ in range(number)]
    words = [text] + [rng.choice(("", "from there ", "then ")) + move_words(rng, *m) for m in moves]
    leads = [frame["lead"].format(entity)] + [rng.choice((" is ", ": ", " = "))] * number
    in_figures = rng.random() < 0.6

    def lines_from(first, at, given):
        days = [first]
        for m in moves[at:]:
            days.append(shift(days[-1], *m))
        return [(label(at + i + 1), given[at + i], leads[at + i], short(d), padded(d) if in_figures and at + i else "") for i, d in enumerate(days)]

    right = lines_from(day, 0, words)
    if rng.random() < 0.4:
        return text, right, right, None, "", ""
    at = rng.randrange(number + 1)
    days = [day]
    for m in moves:
        days.append(shift(days[-1], *m))
    tag, given, lead, shown, form = right[at]
    if at == 0 and rng.random() < 0.3:
        miscopied, wrong, good = change_number(rng, text)
        if miscopied:
            return text, right, [(tag, miscopied, lead, shown, form)] + right[1:], 0, wrong, good
    if form and rng.random() < 0.3:
        wrong = rng.choice((british(days[at]), padded(days[at - 1]), padded(shift(days[at], rng.choice((-1, 1)), "day"))))
        if wrong != form:
            return text, right, right[:at] + [(tag, given, lead, shown, wrong)] + right[at + 1:], at, wrong, form
    other, wrong = wrong_day(rng, days[at])
    if other and rng.random() < 0.6:
        slipped = right[:at] + lines_from(other, at, words)
    else:
        slipped = right[:at] + [(tag, given, lead, wrong, padded(other) if other and form else form)] + right[at + 1:]
    name = entity if at == 0 else given
    part = rng.choice((wrong, f"{name}{' is ' if at == 0 else lead}{wrong}")) if frame["lead"].endswith(" is ") or at else wrong
    return text, right, slipped, at, part, f"{name} is {shown}" if rng.random() < 0.5 else shown


def note_on(rng, lines, at, part, better):
    """What is wrong with a list, as (text, weight): the words can be any, the place and the parts are to be found."""
    tags = [line[0].strip(" .:") for line in lines]
    if at is None:
        return [(rng.choice(("No slip", "All good", "Every day holds", f"{tags[0]} to {tags[-1]} hold")) + ".\n", 1.0)]
    parts = [(f"Good up to {tags[at - 1]}. ", 1.0)] if at and rng.random() < 0.6 else []
    parts += [(rng.choice(("In ", "At ", "Look at ", filler(rng, 3).capitalize() + " ")), RANDOM), (tags[at], 1.0),
              (rng.choice((", ", ": ", " " + filler(rng, 2) + " ", " this: ")), RANDOM), (f'" {part} "' if rng.random() < 0.6 else f'"{part}"', 1.0),
              (rng.choice((" is wrong", " is off", " does not hold", " is a slip", " cannot stand", f" {filler(rng, 3)}")), RANDOM)]
    if rng.random() < 0.7:
        parts += [(rng.choice((", it must be ", ": rather ", ", should be ", f". {filler(rng, 4).capitalize()} ", ", since ", " for ")), RANDOM), (better, 1.0)]
    return parts + [(".\n", 1.0)]


def check(rng, size):
    """Lists of days, and the first slip of each."""
    parts, length, frame = [], 0, draw_frame(rng)
    while length < min(size, 1200) * 0.6:
        text, _, slipped, at, part, better = draw_list(rng, frame)
        source = f"{text}.\n" if slipped[0][1] != text or rng.random() < 0.5 else ""
        given = source + show_list(slipped, frame)
        parts += [(given, RANDOM if at is None else 0.0)] + note_on(rng, slipped, at, part, better)
        length += len(given) + 40
    return parts


def judge(rng, size):
    """Single moves, each judged, the wrong ones mended."""
    words = rng.choice((("true", "false"), ("good", "slip"), ("yes", "no"), ("right", "wrong")))
    parts, length, mends = [], 0, rng.random() < 0.6
    while length < min(size, 900):
        day, (count, unit) = draw_day(rng), draw_move(rng)
        found = shift(day, count, unit)
        given, wrong = f"{written(rng, day)}, {move_words(rng, count, unit)} = ", wrong_day(rng, found)[1]
        if rng.random() < 0.3:
            given, wrong = f"{short(found)} = ", padded(wrong_day(rng, found)[0] or shift(found, 1, "day"))
        right = padded(found) if given.startswith(short(found)) else short(found)
        if rng.random() < 0.5:
            parts += [(given + right, RANDOM), (f" {words[0]}\n", 1.0)]
        else:
            parts += [(given + wrong, 0.0), (f" {words[1]}" + (f", {right}" if mends else "") + "\n", 1.0)]
        length += len(given) + 30
    return parts


def redo(rng, size):
    """A list with a slip, the slip named, and the list again from the start. The mended line weighs most."""
    frame, parts, length = draw_frame(rng), [], 0
    while length < min(size, 1500) * 0.6:
        text, right, slipped, at, part, better = draw_list(rng, frame)
        if at is None:
            continue
        note = [(t, w * 0.5 if w == 1.0 else w) for t, w in note_on(rng, slipped, at, part, better)]
        again = rng.choice(("Redone:\n", "Mended:\n", "Better:\n", f"{filler(rng, 3).capitalize()}: {filler(rng, 6)}.\n"))
        source = f"{text}.\n" if slipped[0][1] != text or rng.random() < 0.6 else ""
        parts += [(source, RANDOM), (show_list(slipped, frame), 0.0)] + note + [(again, RANDOM)]
        parts += [(show_list(right[:at], frame), 0.4), (show_list(right[at:at + 1], frame), 2.5), (show_list(right[at + 1:], frame), 1.0)]
        length += 3 * len(show_list(right, frame))
    return [(t, weight) for t, weight in parts if t]


def follow(rng, size):
    """A sentence, and from its day on from move to move."""
    frame, parts, length = draw_frame(rng), [], 0
    while length < min(size, 1200):
        text, right, _, _, _, _ = draw_list(rng, frame)
        parts.append((text + ".\n" if rng.random() < 0.7 else "", RANDOM))
        for label, given, lead, day, form in right:
            told = parts[-1][0] and given == text
            parts += [(label, 1.0), (given, 1.0 if told else RANDOM), (f"{lead}{day}{frame['joint'] + form if form else ''}{frame['end']}\n", 1.0)]
        length += 2 * len(text) + 60 * len(right)
    return [(t, weight) for t, weight in parts if t]


SKILLS = [(months, 3), (forms, 7), (near, 12), (move, 14), (count_on, 3), (weekdays, 7), (named_days, 6), (stories, 11),
          (retell, 9), (put_in, 2), (find_letter, 10), (follow, 4), (judge, 3), (check, 4), (redo, 5)]


if __name__ == "__main__":
    print_samples(SKILLS)
