"""The longer ways of logical deduction for the base's corpus: clues of a paragraph as numbered rows, rows joined until the
order is full, the place asked for and the letter of its statement with the same names in between.

    python3 scripts/base_order_answers.py    prints one sample of each skill

Each is one part of the way; no document goes from clues to a letter, and none has the task's step sentences, though rows are written
as the task writes them.
"""
from base_frames import RANDOM, filler, length, print_samples
from base_order_checks import work_rows
from base_order_rows import NUMBERS, OPEN, TIGHT, Style, chain, draw_count, letters, placed, singular, tight

ANSWER = 3.0  # the weight of a token that must be looked up


def listed_names(rng, style, names):
    items = [style.listed(n) for n in names]
    return ", ".join(items[:-1]) + rng.choice((", and ", ", and ", " and ")) + items[-1]


def read_clues(rng, size):
    """A paragraph of clues; each again, in order, with its row."""
    parts = []
    while length(parts) < min(size, 1600) * 0.6:
        style = Style(rng)
        order = style.draw(rng, draw_count(rng))
        clues = [style.clue(rng, order) for _ in range(rng.randint(2, len(order)))]
        arrow, end = rng.choice((": ", " = ", " -> ", ", so ")), rng.choice(("\n", ".\n"))
        lead = f"{filler(rng, 4)} {NUMBERS[len(order)]} {style.kind}: {listed_names(rng, style, rng.sample(order, len(order)))}. "
        parts.append((lead + ". ".join(said for said, _ in clues) + ".\n", RANDOM))
        for i, (said, row) in enumerate(clues):
            parts += [(style.label(i + 1), 0.3), (said, 1.0), (arrow, 0.3), (style.row(row), 1.5), (end, 0.3)]
    return parts


def draw_rows(rng, style):
    """Rows that join to one which the number of objects closes, and the order; one object may be in no row."""
    order = style.draw(rng, draw_count(rng))
    known = order
    if len(order) > 3 and rng.random() < 0.5:  # the one that is left over stands at an end
        known = order[1:] if rng.random() < 0.5 else order[:-1]
    rows = [chain(known[i:i + 2]) for i in range(len(known) - 1)]
    if known is not order:
        at_start = known[0] != order[0]
        rows.append(placed(known[0], 1, False) if at_start else placed(known[-1], 1, True))
    elif rng.random() < 0.3:
        rows[-1 if rng.random() < 0.5 else 0] = None
        first = rows[0] is None
        rows = [row for row in rows if row] + [placed(order[0], 0, False) if first else placed(order[-1], 0, True)]
    rng.shuffle(rows)
    return order, rows


def work_to_full(rng, size):
    """Numbered rows joined two by two, then closed with the names of all."""
    parts = []
    while length(parts) < min(size, 1600) * 0.6:
        style = Style(rng)
        order, rows = draw_rows(rng, style)
        steps = work_rows(rows, 1, 1)
        if len(steps) != len(rows) - 1:
            continue
        pair = rng.choice((lambda a, b: f"({a}) and ({b})", lambda a, b: f"{a} with {b}", lambda a, b: f"{a} + {b}"))
        names = len(rows) + 1
        given = "".join(style.label(i + 1) + style.row(row) + "\n" for i, row in enumerate(rows))
        given += f"{style.label(names)}{NUMBERS[len(order)]} {style.kind}: {listed_names(rng, style, rng.sample(order, len(order)))}\n"
        parts.append((given, RANDOM))
        for n, a, b, row in steps:
            parts += [(style.label(n), 0.3), (pair(a, b) + ": ", 1.0), (style.row(row) + "\n", 1.5)]
        last = steps[-1][0]
        parts += [(style.label(last + 1), 0.3), (pair(names, last) + ": ", 0.5), (style.row(tight(order)) + "\n", 2.0)]
    return parts


def distraction(rng, style, order):
    """Rows of the same names, so that the nearest mention of a name is not the one to look up."""
    lines = []
    for _ in range(rng.choice((0, 1, 2, 3, 4, 6))):
        some = rng.sample(order, rng.randint(1, len(order)))
        gaps = [rng.choice((OPEN, OPEN, TIGHT, (1, False))) for _ in range(len(some) + 1)]
        lines.append(style.row((some, gaps)) + "\n")
    return "".join(lines)


def state(rng, size):
    """Lettered statements, rows of the same names, a full row; who stands at the place, and the letter of that statement."""
    parts = []
    while length(parts) < min(size, 1600) * 0.7:
        style = Style(rng)
        marks = letters(rng)
        order = style.draw(rng, draw_count(rng))
        distance, from_last = rng.randrange(len(order)), rng.random() < 0.5
        options = rng.sample(order, len(order))
        said = [style.at(name, distance, from_last) for name in options]
        who = order[len(order) - 1 - distance if from_last else distance]
        at = options.index(who)
        parts.append(("".join(f"{m} {s}\n" for m, s in zip(marks, said)) + distraction(rng, style, order), RANDOM))
        if rng.random() < 0.6:
            ask = rng.choice((f"{singular(style.kind)} ", "who ", "here ")) + style.rank(distance, from_last)
            parts += [(style.row(tight(order)) + "\n" + ask + ": ", RANDOM), (style.spoken(who), ANSWER), ("\n", 0.2)]
        else:
            parts.append((filler(rng, 2) + ": ", RANDOM))
            parts += [(style.spoken(who) + "\n", RANDOM)]
        mark = marks[at].strip("().")
        left, right = marks[at].split(mark)
        parts += [(said[at], 1.0), (rng.choice((" ", ", letter ", ". It is ")) + left, 0.3), (mark, ANSWER), (right + "\n", 0.3)]
        for other in rng.sample(range(len(options)), rng.choice((0, 1, 2))):
            mark = marks[other].strip("().")
            left, right = marks[other].split(mark)
            parts += [(f"{said[other]} {left}", RANDOM), (mark, ANSWER), (right + "\n", 0.2)]
    return parts


SKILLS = [(read_clues, 10), (work_to_full, 12), (state, 10)]


if __name__ == "__main__":
    print_samples(SKILLS)
