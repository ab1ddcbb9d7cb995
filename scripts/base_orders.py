#!/usr/bin/env python3
"""Sub-skills of logical deduction for the base's corpus: a sentence as a row, places, joining rows, filling open places,
who is where, finding a statement by its letter, copying names, checking and redoing lists of rows.

    python3 scripts/base_orders.py    prints one sample of each skill

A skill takes a random generator and a size in characters and gives [(text, loss weight), ...]; make_base_corpus.py says what
the weights mean. No document goes from sentences to a whole order and an answer, and none has the task's step sentences.
"""
import random

from base_frames import RANDOM, filler, length, print_samples
from base_order_checks import check, draw_links, judge, redo, work_rows
from base_order_rows import (
    NUMBERS, OPEN, ORDINALS, Style, chain, draw_count, join, letters, placed, singular, tight)


def head(rng):
    return rng.choice(("", "", filler(rng, 2) + ": "))


def sentences(rng, size):
    """A sentence about two objects or one place, and the row that says it."""
    style, arrow = Style(rng), rng.choice((" = ", ": ", " -> ", "; so "))
    parts = []
    while length(parts) < min(size, 1200):
        order = style.draw(rng, draw_count(rng))
        said, row = style.clue(rng, order)
        parts += [(said, RANDOM), (f"{arrow}{style.row(row)}\n", 1.0)]
    return parts


def ranks(rng, size):
    """Ordinals as numbers of open places, from either end of a row of known length."""
    style, parts = Style(rng), []
    while length(parts) < min(size, 900):
        count = draw_count(rng)
        name, place = style.draw(rng, 1)[0], rng.randrange(count)
        from_last = rng.random() < 0.5
        distance = count - 1 - place if from_last else place
        side = style.last[0] if from_last else style.first[0]
        said = f"{style.spoken(name)}, {style.rank(distance, from_last)} of {NUMBERS[count]}"
        work = f": {distance} on the side of {side}, {count - 1 - distance} on the other"
        parts.append((said, RANDOM))
        row = ([name], [(place, False), (count - 1 - place, False)])
        parts.append((work + f": {style.row(row)}\n", 1.0))
    return parts


def draw_pair(rng, style, most):
    """Two rows that fit together, and what they make."""
    while True:
        objects = style.draw(rng, rng.randint(2, most))
        at = rng.randrange(len(objects))
        p, q = chain(objects[:at + 1]), chain(objects[at:])
        kind = rng.randrange(5)
        if kind == 0:
            p = placed(objects[0], rng.randrange(5), False)
            q = chain(objects)
        elif kind == 1:
            p, q = chain(objects), placed(objects[-1], rng.randrange(5), True)
        elif kind == 2:
            p, q = placed(objects[0], 0, False), chain(objects[1:])
            if rng.random() < 0.5:
                p, q = chain(objects[:-1]), placed(objects[-1], 0, True)
        elif len(objects) > 2 and not 0 < at < len(objects) - 1:
            continue
        elif rng.random() < 0.3:
            p[1][0] = (rng.randint(0, 3), False)
        row = join(p, q)
        if row and p != row and q != row:
            return (p, q, row) if rng.random() < 0.5 else (q, p, row)


def joins(rng, size):
    """Two rows made one."""
    style, lead = Style(rng), rng.choice(("together", "both", "joined", "one row", "as one"))
    numbered, parts = rng.random() < 0.5, []
    while length(parts) < size * 0.8:
        p, q, row = draw_pair(rng, style, 7)
        a, b = (style.label(i) if numbered else "" for i in (1, 2))
        parts += [(f"{a}{style.row(p)}\n{b}{style.row(q)}\n", RANDOM), (f"{lead}: {style.row(row)}\n", 1.0)]
    return parts


def work_through(rng, size):
    """Numbered rows joined two by two as long as any two fit."""
    style = Style(rng)
    name = rng.choice((lambda a, b: f"({a}) and ({b})", lambda a, b: f"{a} with {b}", lambda a, b: f"{a} + {b}"))
    parts = []
    while length(parts) < size * 0.6:
        _, rows = draw_links(rng, style)
        gap = rng.choice((0, 1))
        given = "".join(style.label(i + 1) + style.row(row) + "\n" for i, row in enumerate(rows))
        given += style.label(len(rows) + 1) + filler(rng, 4) + "\n" if gap else ""
        steps = work_rows(rows, 1, gap)
        text = "".join(f"{style.label(n)}{name(a, b)}: {style.row(row)}\n" for n, a, b, row in steps)
        parts += [(given, RANDOM), (text + "no more\n", 1.0)]
    return parts


def names_of(rng, style, names):
    """A list of names in the manner of the questions, or plainly."""
    items = [style.listed(n) for n in names] if rng.random() < 0.6 else list(names)
    return ", ".join(items[:-1]) + rng.choice((", and ", ", and ", ", ")) + items[-1]


def fill(rng, size):
    """A row with open places, all names known: which are missing, and the row closed."""
    style, parts = Style(rng), []
    while length(parts) < size * 0.8:
        order = style.draw(rng, draw_count(rng))
        count = len(order)
        gone = set(rng.sample(range(count), rng.choice((0, 0, 1, 1, 1, 2, 2, 3, 4)) if count > 4 else rng.choice((0, 1))))
        objects, gaps, open_places = [], [], 0
        for i, name in enumerate(order):
            if i in gone:
                open_places += 1
            else:
                objects.append(name)
                gaps.append((open_places, rng.random() < 0.7))
                open_places = 0
        gaps.append((open_places, rng.random() < 0.7))
        if rng.random() < 0.5:  # one gap does not say how many it holds: the count of all does
            at = rng.randrange(len(gaps))
            gaps = [OPEN if i == at else (least, False) for i, (least, _) in enumerate(gaps)]
        missing = [order[i] for i in sorted(gone)]
        shuffled = rng.sample(order, count)
        given = f"{NUMBERS[count]} {style.kind}: {names_of(rng, style, shuffled)}\n{style.row((objects, gaps))}\n"
        if len(missing) > 1:
            given += f"also {style.row(chain(missing))}\n"
        answer = f"missing: {', '.join(missing) or 'none'}\n" if rng.random() < 0.6 else ""
        parts += [(given, RANDOM), (f"{answer}full: {style.row(tight(order))}\n", 1.0)]
    return parts


def lookup(rng, size):
    """A full row, and who is at a place from either end; often with the places counted first."""
    style, parts = Style(rng), []
    counted = rng.random() < 0.4
    before = rng.choice(("", "", f"{singular(style.kind)}, ", "finished " if style.axis == "finish" else filler(rng, 3) + " "))
    while length(parts) < min(size, 1500):
        order = style.draw(rng, draw_count(rng))
        parts.append((style.row(tight(order)) + "\n", RANDOM))
        for _ in range(rng.randint(1, 4)):
            place, from_last = rng.randrange(len(order)), rng.random() < 0.5
            distance = len(order) - 1 - place if from_last else place
            walked = list(reversed(order)) if from_last else order
            walk = "".join(f"{ORDINALS[i]} {walked[i]}, " for i in range(distance)) if counted else ""
            end = style.last[0] if from_last else style.first[0]
            if counted:
                parts += [(f"count from {end} to {distance + 1}", RANDOM), (f": {walk}{ORDINALS[distance]} {walked[distance]}\n", 1.0)]
            else:
                parts += [(before + style.rank(distance, from_last), RANDOM), (f": {style.spoken(order[place])}\n", 1.0)]
    return parts


def match(rng, size):
    """Statements with letters, and the letter of one; the statement again."""
    style, parts = Style(rng), []
    while length(parts) < size * 0.8:
        count, marks = draw_count(rng), letters(rng)
        names, distance, from_last = style.draw(rng, count), rng.randrange(count), rng.random() < 0.5
        said = [style.at(name, distance, from_last) for name in names]
        parts.append(("".join(f"{m} {s}\n" for m, s in zip(marks, said)), RANDOM))
        for i in rng.sample(range(count), rng.randint(1, 3)):
            if rng.random() < 0.5:
                parts += [(f"{head(rng)}{said[i]}", RANDOM), (f" {marks[i]}\n", 2.0)]
            else:
                parts += [(f"{head(rng)}{names[i]}", RANDOM), (f" > {said[i]} {marks[i]}\n", 1.5)]
    return parts


def copy_names(rng, size):
    """A list of objects again, counted, and without what all have in common."""
    style, parts = Style(rng), []
    while length(parts) < size * 0.7:
        names = style.draw(rng, draw_count(rng))
        listed = names_of(rng, style, names)
        kind = rng.randrange(3)
        between = ". ".join(style.clue(rng, names)[0] for _ in range(rng.randint(0, 4)))
        parts.append((f"{style.kind}: {listed}. {between}\n", RANDOM))
        if kind == 0:
            parts.append((f"again, {NUMBERS[len(names)]} {style.kind}: {listed}\n", 1.0))
        elif kind == 1:
            parts.append((f"in short: {', '.join(names)} ({len(names)})\n", 1.0))
        else:
            parts.append(("\n".join(style.label(i + 1) + n for i, n in enumerate(names)) + f"\n{NUMBERS[len(names)]} in all\n", 1.0))
    return parts


def copy_sentences(rng, size):
    """Sentences of a paragraph again, one a line, numbered: long-range copying in order."""
    style = Style(rng)
    names = style.draw(rng, draw_count(rng))
    said = [style.clue(rng, names)[0] for _ in range(max(2, min(7, int(size) // 100)))]
    again = "".join(f"{style.label(i + 1)}{s}\n" for i, s in enumerate(said))
    return [(f"{NUMBERS[len(names)]} {style.kind}: {names_of(rng, style, names)}. " + ". ".join(said) + ".\n", RANDOM), (again, 1.0)]


SKILLS = [(sentences, 11), (ranks, 5), (joins, 13), (work_through, 10), (fill, 14), (lookup, 10), (match, 7), (copy_names, 5),
          (copy_sentences, 5), (judge, 5), (check, 7), (redo, 8)]


if __name__ == "__main__":
    print_samples(SKILLS)
