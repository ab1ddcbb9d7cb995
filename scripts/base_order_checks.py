"""Lists of rows for the base's corpus: sentences as rows and their joins, finding the first slip, doing a list again."""
from base_frames import RANDOM, filler, length
from base_order_rows import Style, chain, draw_count, join, placed, slip, tight


def draw_links(rng, style):
    """Rows of two neighbours or of a place, in any order, and the order they are about."""
    order = style.draw(rng, draw_count(rng))
    rows = [chain(order[i:i + 2]) for i in range(len(order) - 1)]
    if rng.random() < 0.5:
        cut = rng.randrange(len(rows))
        place = rng.randrange(2)
        rows[cut] = placed(order[0], rng.choice((0, 1)), False) if place else placed(order[-1], rng.choice((0, 1)), True)
    rng.shuffle(rows)
    return order, rows


def next_join(live):
    """The two rows that go together next: the latest found with the earliest that fits, else the earliest two."""
    pairs = [(i, len(live) - 1) for i in range(len(live) - 1)] if live[-1][2] else []
    pairs += [(i, j) for i in range(len(live)) for j in range(i + 1, len(live))]
    for i, j in pairs:
        row = join(live[i][1], live[j][1])
        if row:
            return i, j, row
    return None


def work_rows(rows, start=1, between=0):
    """Joins one after another: (number, number of one, of the other, row)."""
    live = [(i + start, row, False) for i, row in enumerate(rows)]
    number, steps = start + len(rows) + between, []
    while len(live) > 1:
        found = next_join(live)
        if not found:
            break
        i, j, row = found
        steps.append((number, live[i][0], live[j][0], row))
        live = [fact for k, fact in enumerate(live) if k not in (i, j)] + [(number, row, True)]
        number += 1
    return steps


def judge(rng, size):
    """Whether a sentence fits a row; a sentence and its row, right or not."""
    style, parts = Style(rng), []
    yes, no = rng.choice((("true", "false"), ("good", "slip"), ("yes", "no"), ("right", "wrong")))
    whole = rng.random() < 0.5
    while length(parts) < min(size, 1200):
        order = style.draw(rng, draw_count(rng))
        said, row = style.clue(rng, order)
        good = rng.random() < 0.5
        if whole:
            shown = order if good else None
            while shown is None or not good and holds(row, shown):
                shown = rng.sample(order, len(order))
            parts += [(f"{style.row(tight(shown))}\n", RANDOM), (said, RANDOM), (f": {yes if good else no}\n", 1.0)]
            continue
        wrong = None if good else slip(rng, row, style.names)
        shown = style.row(wrong or row)
        parts += [(f"{said}: {shown}", 0.0), (f" {no if wrong else yes}" + (f", {style.row(row)}" if wrong else "") + "\n", 1.0)]
    return parts


def holds(row, order):
    """Whether a row of one or two objects, as a sentence gives it, is true of an order."""
    objects, gaps = row
    if len(objects) == 2:
        return order.index(objects[0]) < order.index(objects[1])
    place = order.index(objects[0])
    return place == gaps[0][0] if not gaps[0][1] else len(order) - 1 - place == gaps[1][0]


def draw_list(rng, style):
    """Numbered lines: (tag, what is given, row), first of sentences, then joins."""
    order, rows = draw_links(rng, style)
    lines = []
    for i, row in enumerate(rows):
        if len(row[0]) == 2:
            said = style.before(rng, *row[0])
        else:
            from_last = row[1][0] == (0, True)
            said = style.at(row[0][0], row[1][from_last][0], from_last)
        lines.append((i + 1, said, row))
    if rng.random() < 0.7:
        lines += [(n, f"({a}) and ({b})", row) for n, a, b, row in work_rows(rows)[:rng.randint(1, 5)]]
    return lines[:rng.randint(2, len(lines))]


def show(style, lines):
    return "".join(f"{style.label(n)}{said}: {style.row(row)}\n" for n, said, row in lines)


def slipped_list(rng, style):
    lines, wrong = draw_list(rng, style), None
    while not wrong:
        at = rng.randrange(len(lines))
        wrong = slip(rng, lines[at][2], style.names)
    bad = lines[:at] + [(lines[at][0], lines[at][1], wrong)] + lines[at + 1:]
    return lines, bad, at, style.row(wrong)


def check(rng, size):
    """A list of rows and its first slip: number and the row quoted."""
    parts = []
    while length(parts) < size * 0.5:
        style = Style(rng)
        good, bad, at, quoted = slipped_list(rng, style)
        if rng.random() < 0.45:
            parts += [(show(style, good), RANDOM), (rng.choice(("All good.", "No slip.", f"1 to {len(good)} hold.")) + "\n", 1.0)]
            continue
        before = f"1 to {at} hold. " if at > 1 else "1 holds. " if at else ""
        parts += [(show(style, bad), 0.0), (f"{before}Slip in {at + 1}: {quoted}", 1.0)]
        parts.append((rng.choice(("\n", f" should be {style.row(good[at][2])}\n")), 1.0))
    return parts


def redo(rng, size):
    """A list with a slip, a note that quotes it, and the list again, right. The mended line weighs most."""
    style = Style(rng)
    good, bad, at, quoted = slipped_list(rng, style)
    note = f"{filler(rng, 4).capitalize()} {at + 1} {filler(rng, 3)} {quoted} {filler(rng, 3)}. "
    note += rng.choice(("", f"{filler(rng, 5).capitalize()}. "))
    again = rng.choice(("Redone", "Again", "Better", "Once more", filler(rng, 3).capitalize()))
    return [(text, weight) for text, weight in (
        (show(style, bad), 0.0), (f"{note}\n{again}:\n", RANDOM), (show(style, good[:at]), 0.4),
        (show(style, good[at:at + 1]), 2.5), (show(style, good[at + 1:]), 0.8)) if text]
