"""Working the calculations of a list again, each by itself, before judging the list: a sub-skill of feedback."""
import re

from base_blocks import closing, draw_block, draw_frame, note_on, show_block, show_mended, slipped_block, tag_of
from base_expressions import INNERMOST, LIMIT, draw_number, reduction, value, wrong_number
from base_frames import RANDOM, filler, length

INTEGER = re.compile(r"-?\d+")


def operation_between(before, after):
    """(a, operation, b, what `after` has in its place) of the bracket of `before` that `after` has a number for, or None."""
    for bracket in INNERMOST.finditer(before):
        written = INTEGER.match(after, bracket.start())
        if written and before.replace(bracket.group(0), written.group(0)) == after:
            return int(bracket.group(1)), bracket.group(2), int(bracket.group(3)), int(written.group(0))
    return None


def work_again(block, last, style, noted=None):
    """The operations of each line of the block as text, up to line `last` or the first that comes to another value. What was
    written is said beside each value, or only beside the last where it differs. `noted`, (line, place in its chain, number),
    has that operation come to that number."""
    between, end, beside, mark = style
    worked = []
    for index, line in enumerate(block[:last + 1]):
        chain, items, found = line[2], [], False
        for place, (before, after) in enumerate(zip(chain, chain[1:]), 1):
            operation = operation_between(before, after)
            if operation is None:
                continue
            *calculation, written = operation
            result = noted[2] if noted and noted[:2] == (index, place) else value(tuple(calculation))
            found = result != written
            shown = beside.format(written) if found or mark is not None else ""
            shown += mark if found and mark else ""
            items.append(f"{calculation[0]} {calculation[1]} {calculation[2]} = {result}{shown}")
            if found:
                break
        if items:
            worked.append(f"{tag_of(line)} {between.join(items)}")
        if found:
            break
    return end.join(worked) + end.rstrip(" ") if worked else "Nothing to work out."


# How work is written: between operations, at the end of a line, how what was written is said, and what follows it where it
# differs; None: it is said only where it differs.
def draw_style(rng):
    return rng.choice(((", ", ". ", ", not {}", None), (", ", ". ", ", not {}", None), (", ", ". ", " and not {}", None),
                       ("; ", "\n", ", not {}", None), (" and ", ". ", " instead of {}", None),
                       (", ", "\n", " where it says {}", None)))


def draw_style_beside(rng, mark=""):
    return rng.choice(((", ", ". ", " ({})", mark), (", ", ". ", " ({})", mark), (", ", "\n", " ({})", mark), ("; ", ". ", " ({})", mark),
                       (", ", ". ", " [{}]", mark), (", ", "\n", " for {}", mark)))


def draw_style_marked(rng):
    return draw_style_beside(rng, " wrong")


def draw_list(rng, size, must_slip=False):
    """A block, as slipped_block gives it; more slips than there are in calculations."""
    while True:
        block, at, part, right = slipped_block(rng, size)
        if at is None and must_slip:
            continue
        in_calculation = at is None or " = " in part and operation_between(*part.split(" = ")[-2:]) is not None
        if in_calculation or rng.random() < 0.5:
            return block, at, part, right


def weighed(worked, at, style, weight, weight_of_difference):
    """The text in parts; what was written instead of a value, at its end, weighs most."""
    _, _, beside, mark = style
    place = worked.rfind(beside.split("{}")[0]) if mark is not None and at is not None else -1
    if place < 0:
        return [(worked, weight)]
    return [(worked[:place], weight), (worked[place:], weight_of_difference)]


def opened(rng, share, at, *blocks):
    """Where line `at` is now, and the blocks, alike but for that line: a share of them behind the same line that calculates
    nothing. What is worked again then begins at the second line: whoever counts lines instead of reading labels is misled."""
    if not share or rng.random() >= share:  # without a share nothing is drawn: the corpora of earlier stages stay as they are
        return at, *blocks
    block = blocks[0]
    named = [(head[:-3], chain[0]) for _, head, chain in block if head and not head.startswith("(")]
    said = rng.choice((" as ", " is ", ": ", " = ")).join
    words = rng.choice((", ", "; ", " and ")).join(said(item) for item in named) or filler(rng, 8)
    whole = block[-1][1][:-3] if block[-1][1].startswith("(") else filler(rng, 3)
    first = (re.sub(r"\d+", "1", block[0][0]), "", [f"{whole}{rng.choice((' with ', ', ', ': ', ' for '))}{words}"])
    shifted = ([(re.sub(r"\d+", str(i), label), head, chain) for i, (label, head, chain) in enumerate(lines, 2)] for lines in blocks)
    return None if at is None else at + 1, *([first] + lines for lines in shifted)


def rework(rng, size, draw_style=draw_style, opened_share=0.0):
    """A list, its calculations worked again, and what is wrong with it."""
    block, at, part, _ = draw_list(rng, rng.choice((60, 150, 300, size * 0.7)))
    at, block = opened(rng, opened_share, at, block)
    frame = draw_frame(rng)
    opening = rng.choice(("", f"{filler(rng, 3).capitalize()}: ", "Worked again: ", f"{filler(rng, 2).capitalize()} {filler(rng, 2)}: "))
    style = draw_style(rng)
    worked = work_again(block, len(block) if at is None else at, style)
    verdict = note_on(rng, [tag_of(line) for line in block], at, part)
    return [(show_block(block, frame) + closing(block, frame), RANDOM if at is None else 0.0), (opening, RANDOM),
            *weighed(worked, at, style, 1.0, 3.0), (f" {verdict}\n", 1.0)]


def draw_again(rng, long_share=0.0):
    """What stands before a list that is redone; a share of it long, with labels of its own that are not the list's."""
    if long_share and rng.random() < long_share:
        counted = ", ".join(f"({i}) {filler(rng, 7)}" for i in range(1, rng.randint(3, 5)))
        return f"{filler(rng, 3).capitalize()}: {filler(rng, 16)} {counted}. {filler(rng, 20).capitalize()}.\n"
    return rng.choice(("Redone:\n", "Again, mended:\n", "Now right:\n", f"{filler(rng, 3).capitalize()}: {filler(rng, 6)}.\n",
                       f"{filler(rng, 2).capitalize()}: {filler(rng, 9)} (1) {filler(rng, 5)}, (2) {filler(rng, 7)}.\n"))


def rework_and_redo(rng, size, draw_style=draw_style, opened_share=0.0):
    """A list with a slip, its calculations worked again, the slip named, and the list from the start, right."""
    block, at, part, right = draw_list(rng, rng.choice((120, 250, size * 0.35)), must_slip=True)
    at, block, right = opened(rng, opened_share, at, block, right)
    frame, words = draw_frame(rng), rng.random() < 0.5
    opening = f"{filler(rng, 3).capitalize()}: "
    style = draw_style(rng)
    worked = work_again(block, at, style)
    note = note_on(rng, [tag_of(line) for line in block], at, part, words)
    again = draw_again(rng, 0.5 if opened_share else 0.0)
    parts = [(show_block(block, frame) + closing(block, frame), 0.0), (opening, RANDOM), *weighed(worked, at, style, 0.7, 2.0),
             (f" {note}\n", RANDOM if words else 0.5), (again, RANDOM), *show_mended(right, at, frame)]
    return [(text, weight) for text, weight in parts if text]


def rework_beside(rng, size):
    return rework(rng, size, draw_style_beside)


def rework_and_redo_beside(rng, size):
    return rework_and_redo(rng, size, draw_style_beside)


def rework_marked(rng, size):
    return rework(rng, size, draw_style_marked)


def rework_and_redo_marked(rng, size):
    return rework_and_redo(rng, size, draw_style_marked)


def compare_values(rng, size):
    """Single operations worked out, each with a value beside it that may be another; which are wrong."""
    between = rng.choice((", ", ", ", "; ", ". ", "\n"))
    parts = []
    while length(parts) < min(size, 900):
        digits = rng.choice(((1, 1), (2, 1), (2, 1), (2, 2), (2, 2), (3, 1), (3, 2), (3, 3), (4, 3)))
        a, b = (draw_number(rng, d) for d in digits)
        operation = rng.choice("+-*")
        if operation == "*" and sum(digits) > 4:
            continue
        if rng.random() < 0.5:
            a, b = b, a
        right = value((a, operation, b))
        written = wrong_number(rng, right) if rng.random() < 0.4 else right
        mark = " wrong" if written != right else ""
        parts += [(f"{a} {operation} {b}", RANDOM), (f" = {right} (", 1.0), (f"{written}", RANDOM), (f"){mark}{between}", 3.0)]
    return parts


def calculations(line):
    """(place in the chain, before, bracket, right value) of each reduction of one bracket in a line."""
    chain, found = line[2], []
    for place, (before, after) in enumerate(zip(chain, chain[1:]), 1):
        operation = operation_between(before, after)
        if operation is not None:
            found.append((place, before, "({} {} {})".format(*operation[:3]), operation[3]))
    return found


def carried_on(line, place, bracket, number):
    """The line with `number` for the bracket at that place of its chain, and all that follows from it; where behind its
    label the number stands."""
    label, head, chain = line
    before = chain[place - 1]
    after = before.replace(bracket, str(number), 1)
    start = len(f"{head}{' = '.join(chain[:place])} = ") + before.index(bracket)
    return (label, head, chain[:place] + [after] + reduction(after)), start


def draw_contradiction(rng, size):
    """A block, which line of it is meant and where in its chain, that line as written and as a note will have it, and where in
    the text of the line, behind its label, the note's number stands."""
    while True:
        block = draw_block(rng, size)
        at = len(block) - 1 if block[-1][1].startswith("(") else rng.randrange(len(block))
        choices = calculations(block[at])
        if not choices:
            continue
        place, _, bracket, right = rng.choice(choices[-3:])
        noted = right if rng.random() < 0.3 else wrong_number(rng, wrong_number(rng, right))
        written = right if noted != right and rng.random() < 0.6 else wrong_number(rng, noted)
        (as_written, _), (as_noted, start) = (carried_on(block[at], place, bracket, n) for n in (written, noted))
        if noted != written and all(abs(int(line[2][-1])) < LIMIT for line in (as_written, as_noted)):
            return block, at, (place, noted), as_written, as_noted, start


def redo_from_note(rng, size, opened_share=0.0):
    """A list, its calculations worked again, and the list redone with the value that the note has, be it right or not: the
    only place to know it from is the note. (Where the model can calculate the value in place, it learns to calculate it in
    place; and what it gets wrong in use is what it cannot calculate in place.)"""
    block, at, (place, noted), as_written, as_noted, start = draw_contradiction(rng, rng.choice((120, 250, size * 0.35)))
    frame = draw_frame(rng)
    style = rng.choice((draw_style, draw_style_marked, draw_style_marked))(rng)
    written, redone = (block[:at] + [line] + block[at + 1:] for line in (as_written, as_noted))
    at, written, redone = opened(rng, opened_share, at, written, redone)
    worked = work_again(written, at, style, (at, place, noted))
    note = note_on(rng, [tag_of(line) for line in written], at, " = ".join(written[at][2][place - 1:place + 1]), rng.random() < 0.5)
    again = draw_again(rng, 0.5 if opened_share else 0.0)
    line = show_block(redone[at:at + 1], frame)
    start += len(redone[at][0]) + len(frame[0])
    end = start + len(str(noted))
    parts = [(show_block(written, frame) + closing(written, frame), 0.0),
             (f"{filler(rng, 3).capitalize()}: {worked} {note}\n{again}", RANDOM), (show_block(redone[:at], frame), 0.2),
             (line[:start], 0.4), (line[start:end], 4.0), (line[end:], 1.0),
             (show_block(redone[at + 1:], frame) + closing(redone, frame), 0.5)]
    return [(text, weight) for text, weight in parts if text]


def rework_opened(rng, size):
    return rework(rng, size, draw_style_marked, 0.8)


def rework_and_redo_opened(rng, size):
    return rework_and_redo(rng, size, draw_style_marked, 0.8)


def redo_from_note_opened(rng, size):
    return redo_from_note(rng, size, 0.8)


SKILLS = [(rework, 26), (rework_and_redo, 20)]
SKILLS_BESIDE = [(rework_beside, 36), (rework_and_redo_beside, 24)]
SKILLS_FROM_NOTE = [(redo_from_note, 42), (rework_marked, 14), (rework_and_redo_marked, 8), (compare_values, 9)]
SKILLS_OPENED = [(redo_from_note_opened, 44), (rework_opened, 16), (rework_and_redo_opened, 10), (compare_values, 6)]
SKILLS_MARKED = [(rework_marked, 26), (rework_and_redo_marked, 24), (compare_values, 25)]
