"""Blocks of labelled lines for the base's corpus: drawing them, slipping once, dressing them, and saying what is wrong."""
import re

from base_expressions import LIMIT, chain_of_leaf, chain_of_tree, draw_tree, final_value, reduction, show, slip_in_chain
from base_frames import LABELS, filler

NAMES = ["ABCDEFGHIJ", "ABCDEFGHIJ", "ABCDEFGHIJ", "PQRSTUVWXY", "KLMNOPQRST", "FGHIJKLMNO"]


def draw_line(rng, names, place):
    kind = rng.random()
    if kind < 0.75:
        chain = chain_of_leaf(rng)
    else:
        chain = chain_of_tree(rng)
    head = f"{names[place % 8]} = " if rng.random() < 0.8 else ""
    return head, chain


def draw_block(rng, size):
    """Labelled lines: (label, head, chain). Often the last line puts the named results of the others back."""
    names, label = rng.choice(NAMES), rng.choice(LABELS)
    if rng.random() < 0.5:
        chains = [chain_of_leaf(rng) for _ in range(min(8, max(2, int(size) // 70)))]
        places = iter(range(len(chains)))
        skeleton = show(draw_tree(rng, len(chains), lambda: next(places)))
        short = re.sub(r"\d+", lambda m: names[int(m.group(0))], skeleton)
        filled = re.sub(r"\d+", lambda m: chains[int(m.group(0))][-1], skeleton)
        if abs(final_value(filled)) < LIMIT:
            lines = [(f"{names[i]} = ", c) for i, c in enumerate(chains)]
            lines.append((short + " = ", [filled] + reduction(filled)))
            return [(label(i + 1), head, chain) for i, (head, chain) in enumerate(lines)]
    block, length = [], 0
    while length < size or len(block) < 2:
        head, chain = draw_line(rng, names, len(block))
        block.append((label(len(block) + 1), head, chain))
        length += sum(len(c) + 3 for c in chain)
    return block


def draw_frame(rng):
    """How the lines of a block are dressed: words before, an end, and perhaps a closing line that repeats the last value."""
    before = rng.choice(("", "", filler(rng, 3) + " ", filler(rng, 4).capitalize() + ", "))
    end = rng.choice(("", ".", ".", ";"))
    close = rng.choice((None, None, "(" + filler(rng, 2).capitalize() + ") " + filler(rng, 4) + " ", "Result: "))
    return before, end, close


def show_block(block, frame=("", "", None)):
    before, end, close = frame
    return "".join(f"{label}{before}{head}{' = '.join(chain)}{end}\n" for label, head, chain in block)


def closing(block, frame):
    return "" if frame[2] is None else f"{frame[2]}{block[-1][2][-1]}{frame[1]}\n"

def show_mended(right, at, frame):
    """The block as it should be, in parts; line `at`, which had the slip, weighs most."""
    return [(show_block(right[:at], frame), 0.4), (show_block(right[at:at + 1], frame), 2.5),
            (show_block(right[at + 1:], frame) + closing(right, frame), 0.8)]


def slipped_block(rng, size):
    """A block, where its slip is (or None), the wrong part, and the block as it should be."""
    right = draw_block(rng, size)
    if rng.random() < 0.45:
        return right, None, "", right
    at = rng.randrange(len(right))
    label, head, chain = right[at]
    names = [head[:-3]] if head.startswith("(") and rng.random() < 0.5 else []
    slip = slip_in_chain(rng, names + chain)
    if slip is None:
        return right, None, "", right
    slipped, part = slip
    return right[:at] + [(label, head, slipped[len(names):])] + right[at + 1:], at, part, right


def tag_of(line):
    return line[0].strip().rstrip(":")


def note_on(rng, tags, at, part, words=False):
    """What is wrong with a list, in one of some thousand wordings: the reader must learn to look at the quoted part."""
    if at is None:
        return rng.choice(("No slip.", "All good.", "Nothing wrong.", "Every line holds.", "All of it stands.",
                           f"{tags[0]} to {tags[-1]} hold.", f"Good from {tags[0]} to {tags[-1]}. The end is right too."))
    before = ""
    if words:  # to be read, not to be written: any words around the tag and the quoted part
        pieces = [rng.choice((f"{filler(rng, 5).capitalize()} {tags[0]} {filler(rng, 2)} {tags[at - 1]} {filler(rng, 3)}. ", "")) if at else "",
                  f"{filler(rng, 3).capitalize()} {tags[at]} {filler(rng, 3)}", rng.choice((f' "{part}" ', f' " {part} " ')),
                  f"{filler(rng, 3)}.", rng.choice(("", f" {filler(rng, 6).capitalize()}.", f" {filler(rng, 4).capitalize()}, {filler(rng, 2)} {part}."))]
        return "".join(pieces)
    if at > 0 and rng.random() < 0.7:
        before = rng.choice((f"Good up to {tags[at - 1]}. ", f"{tags[0]} to {tags[at - 1]} hold. ", f"Until {tags[at - 1]} all is right. ",
                             f"{tags[0]} to {tags[at - 1]} good. Then: "))
    place = rng.choice((f"In {tags[at]}", f"At {tags[at]}", f"{tags[at]}:", f"Look at {tags[at]}:", f"The trouble is in {tags[at]}:",
                        f"Now {tags[at]}:", f"But in {tags[at]}"))
    shown = rng.choice((f' "{part}"', f' the piece " {part} "', f" the part {part}", f' this: " {part} "', f' the words " {part} "'))
    judged = rng.choice((" is wrong", " is off", " does not hold", " is a slip", " cannot stand", " is not right", " is a mistake",
                         " must change"))
    reason = ""
    if " = " in part and rng.random() < 0.6:
        left, right = part.split(" = ", 1)
        reason = rng.choice((f", since {left} is not {right}", f": {left} gives something else", f", for {left} differs from {right}",
                             f", because {right} is not what {left} makes"))
    return f"{before}{place}{shown}{judged}{reason}."
