"""Working the calculations of a list again, each by itself, before judging the list: a sub-skill of feedback."""
import re

from base_blocks import closing, draw_frame, note_on, show_block, show_mended, slipped_block, tag_of
from base_expressions import INNERMOST, draw_number, value, wrong_number
from base_frames import RANDOM, filler, length

INTEGER = re.compile(r"-?\d+")


def operation_between(before, after):
    """(a, operation, b, what `after` has in its place) of the bracket of `before` that `after` has a number for, or None."""
    for bracket in INNERMOST.finditer(before):
        written = INTEGER.match(after, bracket.start())
        if written and before.replace(bracket.group(0), written.group(0)) == after:
            return int(bracket.group(1)), bracket.group(2), int(bracket.group(3)), int(written.group(0))
    return None


def work_again(block, last, style):
    """The operations of each line of the block as text, up to line `last` or the first that comes to another value. What was
    written is said beside each value, or only beside the last where it differs."""
    between, end, beside, mark = style
    worked = []
    for line in block[:last + 1]:
        chain, items, found = line[2], [], False
        for before, after in zip(chain, chain[1:]):
            operation = operation_between(before, after)
            if operation is None:
                continue
            *calculation, written = operation
            result = value(tuple(calculation))
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


def rework(rng, size, draw_style=draw_style):
    """A list, its calculations worked again, and what is wrong with it."""
    block, at, part, _ = draw_list(rng, rng.choice((60, 150, 300, size * 0.7)))
    frame = draw_frame(rng)
    opening = rng.choice(("", f"{filler(rng, 3).capitalize()}: ", "Worked again: ", f"{filler(rng, 2).capitalize()} {filler(rng, 2)}: "))
    style = draw_style(rng)
    worked = work_again(block, len(block) if at is None else at, style)
    verdict = note_on(rng, [tag_of(line) for line in block], at, part)
    return [(show_block(block, frame) + closing(block, frame), RANDOM if at is None else 0.0), (opening, RANDOM),
            *weighed(worked, at, style, 1.0, 3.0), (f" {verdict}\n", 1.0)]


def rework_and_redo(rng, size, draw_style=draw_style):
    """A list with a slip, its calculations worked again, the slip named, and the list from the start, right."""
    block, at, part, right = draw_list(rng, rng.choice((120, 250, size * 0.35)), must_slip=True)
    frame, words = draw_frame(rng), rng.random() < 0.5
    opening = f"{filler(rng, 3).capitalize()}: "
    style = draw_style(rng)
    worked = work_again(block, at, style)
    note = note_on(rng, [tag_of(line) for line in block], at, part, words)
    again = rng.choice(("Redone:\n", "Again, mended:\n", "Now right:\n", f"{filler(rng, 3).capitalize()}: {filler(rng, 6)}.\n",
                        f"{filler(rng, 2).capitalize()}: {filler(rng, 9)} (1) {filler(rng, 5)}, (2) {filler(rng, 7)}.\n"))
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


SKILLS = [(rework, 26), (rework_and_redo, 20)]
SKILLS_BESIDE = [(rework_beside, 36), (rework_and_redo_beside, 24)]
SKILLS_MARKED = [(rework_marked, 26), (rework_and_redo_marked, 24), (compare_values, 25)]
