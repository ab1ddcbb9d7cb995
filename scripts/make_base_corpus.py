#!/usr/bin/env python3
"""Makes the synthetic corpus that the bundled base is trained on, from nothing but a seed.

    scripts/make_base_corpus.py --documents 200000 --seed 1 --output corpus.jsonl

One JSON object a line: {"text": ..., "sections": [{"begin", "end", "weight"}, ...]}, as `tripost train --data` reads it.

The corpus holds sub-skills, each in several surface forms: single operations, reducing one bracketed expression, naming the
groups of an expression, putting named results back, copying long blocks with and without one change, finding the first slip
in a list of lines, and redoing a list after its slip was named; from the fourth stage on also what the other three tasks
need (base_words.py, base_dates.py, base_orders.py). No document solves a problem of a task from question to
answer, none uses the step sentences or the feedback sentences of the tasks' files, and expressions whose split is
validation or test are never used (the same hash as src/task/split.cpp).

What can be predicted carries weight 1, what is drawn at random 0.02, and lists with a planted slip 0: the base must not
learn to make them.
"""
import argparse
import functools
import json
import multiprocessing
import random
import re

import base_choices
import base_dates
import base_order_answers
import base_orders
import base_phrases
import base_rework
import base_words
from base_blocks import NAMES, closing, draw_block, draw_frame, note_on, show_block, show_mended, slipped_block, tag_of
from base_expressions import (
    LIMIT, chain_of_leaf, chain_of_tree, change_number, draw_leaf, draw_number, draw_tree, final_value, flat, in_train_split,
    leaf_value, reduction, show, value, wrong_number)
from base_frames import LABELS, RANDOM, filler, length

# Documents: lists of (text, weight).

LENGTHS = (3, 4, 5, 6, 2)  # numbers in a group


def facts(rng, size):
    form = rng.choice((lambda a, o, b: f"({a} {o} {b})", lambda a, o, b: f"{a} {o} {b}"))
    end = rng.choice(("\n", ", ", ". ", "; "))
    parts = []
    while length(parts) < min(size, 900):
        operation = rng.choice("++--**")
        if rng.random() < 0.5:
            a, b = leaf_value(rng), leaf_value(rng)
            if operation == "*" and rng.random() < 0.6:
                b = rng.randint(-9, 9)
        else:
            digits = rng.choice(((1, 1), (1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (1, 3), (3, 2), (3, 3), (4, 3)))
            a, b = (rng.choice((-1, 1)) * rng.randint(0, 10**d - 1) for d in digits)
        if operation == "*" and abs(a) > 99 and abs(b) > 99:
            continue
        if rng.random() < 0.5:
            a, b = b, a
        parts += [(form(a, operation, b), RANDOM), (f" = {value((a, operation, b))}{end}", 1.0)]
    return parts


DIGITS = ((1, 1), (2, 1), (2, 1), (2, 2), (2, 2), (2, 2), (3, 1), (3, 1), (3, 2), (3, 2), (3, 3))


def equations(rng, size, draw):
    """Single operations, dressed alike in one document; draw(rng) gives (a, operation, b)."""
    form = rng.choice((lambda a, o, b: f"({a} {o} {b})", lambda a, o, b: f"({a} {o} {b})", lambda a, o, b: f"{a} {o} {b}"))
    end = rng.choice(("\n", ", ", ". ", "; "))
    parts = []
    while length(parts) < min(size, 900):
        a, operation, b = draw(rng)
        parts += [(form(a, operation, b), RANDOM), (f" = {value((a, operation, b))}{end}", 1.0)]
    return parts


def operations(rng, size):
    """The numbers that the tasks' problems lead to most; the second stage's arithmetic."""
    def draw(rng):
        while True:
            operation, digits = rng.choice("+-**"), rng.choice(DIGITS)
            # Products of three-digit numbers are rare in problems, and long to learn.
            if operation != "*" or sum(digits) <= 4 or rng.random() >= 0.8:
                break
        a, b = (draw_number(rng, d) for d in digits)
        return (b, operation, a) if rng.random() < 0.5 else (a, operation, b)
    return equations(rng, size, draw)


def operations_of(rng, size, kinds):
    """Single operations of the kinds {(signs, digits, digits): weight}, the numbers in either order."""
    def draw(rng):
        operation, *digits = rng.choices(tuple(kinds), tuple(kinds.values()))[0]
        rng.shuffle(digits)
        a, b = (draw_number(rng, d) for d in digits)
        return a, rng.choice(operation), b
    return equations(rng, size, draw)


def products(rng, size):
    """The products and sums that attempts get wrong most; most of the third stage's arithmetic."""
    return operations_of(rng, size, {("*", 2, 2): 60, ("*", 3, 1): 5, ("*", 2, 1): 4, ("*", 3, 2): 7, ("+-", 2, 2): 8,
                                     ("+-", 3, 2): 6, ("+-", 3, 3): 7, ("+-", 4, 3): 3})


def large_results(rng, size):
    """What the ninth stage still got wrong: sums and differences of three and four digits, products of three by two."""
    return operations_of(rng, size, {("*", 3, 2): 40, ("*", 2, 2): 10, ("+-", 3, 3): 18, ("+-", 4, 2): 16, ("+-", 4, 3): 10, ("+-", 4, 4): 6})


def reduce(rng, size, draw=None):
    """Reducing one expression a line, some lines given a name first."""
    names, named = rng.choice(NAMES), rng.random() < 0.5
    end = rng.choice(("\n", ".\n", ";\n"))
    draw = draw or rng.choice((chain_of_leaf, chain_of_leaf, chain_of_tree))
    head = rng.choice(("", "", "Work out ", "Reduce ", "Brackets first: "))
    parts, count = [], 0
    while length(parts) < size:
        chain = draw(rng)
        label = f"{names[count % 8]} = " if named else ""
        parts += [(head + label + chain[0], RANDOM), (" = " + " = ".join(chain[1:]) + end, 1.0)]
        count += 1
    return parts


def reduce_long(rng, size):
    """Groups of five and six numbers: the reductions that fine-tuning does not practise."""
    return reduce(rng, size, lambda rng: chain_of_leaf(rng, rng.choice((5, 6))))


def draw_question(rng, lengths=LENGTHS):
    """An expression of groups, and the same with names for its groups."""
    while True:
        leaves = rng.choice((2, 2, 4, 4, 6, 8, 8, rng.randint(2, 8)))
        length = rng.choice(lengths)
        groups = [flat(*draw_leaf(rng, length if rng.random() < 0.9 else rng.randint(2, 6))) for _ in range(leaves)]
        places = iter(range(leaves))
        skeleton = draw_tree(rng, leaves, lambda: next(places))
        text = re.sub(r"\d+", lambda m: groups[int(m.group(0))], show(skeleton))
        if in_train_split(text):
            return text, show(skeleton), groups


def name_groups(rng, size, lengths=LENGTHS):
    names, style = rng.choice(NAMES), rng.randrange(4)
    parts = []
    while length(parts) < size * 0.7:
        text, skeleton, groups = draw_question(rng, lengths)
        short = re.sub(r"\d+", lambda m: names[int(m.group(0))], skeleton)
        items = [(names[i], g) for i, g in enumerate(groups)]
        lead = ("Groups of ", "Name the groups in ", "", "Take apart ")[style]
        if style == 0:
            answer = f': "{short}": ' + ", ".join(f"{n} = {g}" for n, g in items) + ".\n"
        elif style == 1:
            answer = "\n" + "\n".join(f"{n} = {g}" for n, g in items) + f"\nwith names: {short}\n"
        elif style == 2:
            answer = f' is "{short}" with ' + " and ".join(f"{n} = {g}" for n, g in items) + "\n"
        else:
            answer = f" -> {short}\n" + "; ".join(f"{n} = {g}" for n, g in items) + "\n"
        parts += [(lead + text, RANDOM), (answer, 1.0)]
    return parts


def name_long_groups(rng, size):
    return name_groups(rng, size, (5, 6))


def put_back(rng, size):
    """Named results, given among other lines, put back into an expression of names."""
    names, style = rng.choice(NAMES), rng.randrange(3)
    parts = []
    while length(parts) < size * 0.7:
        leaves = rng.choice((2, 3, 4, 4, 6, 8))
        with_work = rng.random() < 0.5
        chains = [chain_of_leaf(rng) for _ in range(leaves)]
        places = iter(range(leaves))
        skeleton = show(draw_tree(rng, leaves, lambda: next(places)))
        short = re.sub(r"\d+", lambda m: names[int(m.group(0))], skeleton)
        filled = re.sub(r"\d+", lambda m: chains[int(m.group(0))][-1], skeleton)
        given = ("\n" if with_work else ", ").join(
            f"{names[i]} = {' = '.join(c)}" if with_work else f"{names[i]} = {c[-1]}" for i, c in enumerate(chains))
        ask = ("\nNow ", "\nPut back: ", "\n")[style]
        parts += [(given, RANDOM), (ask, 1.0), (short, RANDOM), (f" = {filled}", 1.0)]
        if rng.random() < 0.4 and abs(final_value(filled)) < LIMIT:
            parts.append((" = " + " = ".join(reduction(filled)), 1.0))
        parts.append(("\n", 1.0))
    return parts


def copy(rng, size):
    """A block again, word for word or with one line replaced."""
    if rng.random() < 0.5:
        block = draw_block(rng, size * 0.4)
        lines = show_block(block).splitlines()
    else:
        lines = [draw_question(rng)[0] for _ in range(max(1, int(size * 0.4) // 90))]
    body = "\n".join(lines) + "\n"
    if rng.random() < 0.4 or len(lines) < 2:
        return [(body, RANDOM), (rng.choice(("Again:\n", "The same:\n", "Copy:\n")) + body, 1.0)]
    at = rng.randrange(len(lines))
    other = re.sub(r"-?\d+", lambda m: str(wrong_number(rng, int(m.group(0)))) if rng.random() < 0.3 else m.group(0), lines[at])
    changed = lines[:at] + [other] + lines[at + 1:]
    style = rng.randrange(3)
    note = (f"Change {at + 1} to {other}\n", f"But {other}\n", f"Instead of {lines[at]} write {other}\n")[style]
    if style == 1 and not lines[at].startswith(other.split(" ")[0]):
        note = f"Change {at + 1} to {other}\n"
    return [(body, RANDOM), (note, RANDOM), ("Again:\n" + "\n".join(changed) + "\n", 1.0)]


def check(rng, size):
    """A list, and what is wrong with it: first slip only, by walking the lines or at once."""
    block, at, part, _ = slipped_block(rng, rng.choice((60, 150, 300, size * 0.8)))
    tags = [tag_of(line) for line in block]
    frame = draw_frame(rng)
    if rng.random() < 0.25:
        upto = len(block) if at is None else at
        text = "Check:\n" + "".join(f"{tags[i]} good\n" for i in range(upto))
        text += "all good\n" if at is None else f"{tags[at]} slip: {part}\n"
    else:
        text = rng.choice(("", "Check: ", "Verdict: ", "Said: ")) + note_on(rng, tags, at, part) + "\n"
    return [(show_block(block, frame) + closing(block, frame), RANDOM if at is None else 0.0), (text, 1.0)]


def check_links(rng, size):
    """Single links, each judged: the smallest form of checking."""
    parts = []
    words = rng.choice((("true", "false"), ("good", "slip"), ("yes", "no"), ("right", "wrong")))
    while length(parts) < min(size, 1200):
        chain = rng.choice((chain_of_leaf, chain_of_tree))(rng)
        at = rng.randrange(1, len(chain))
        left, right, good = chain[at - 1], chain[at], True
        if rng.random() < 0.5:
            right, good = change_number(rng, right), False
            if final_value(right) == final_value(left):
                continue
        parts += [(f"{left} = {right}", 0.0), (f" {words[0] if good else words[1]}\n", 1.0)]
    return parts


def named_list(rng):
    """An expression, its groups named in one line, and the same with one group copied wrong (or None)."""
    names = rng.choice(NAMES)
    text, skeleton, groups = draw_question(rng)
    short = re.sub(r"\d+", lambda m: names[int(m.group(0))], skeleton)
    listed = lambda items: f'"{short}": ' + ", ".join(f"{names[i]} = {g}" for i, g in enumerate(items))
    at = rng.randrange(len(groups))
    slipped = groups[:at] + [change_number(rng, groups[at])] + groups[at + 1:]
    return text, listed(groups), listed(slipped), f"{names[at]} = {slipped[at]}", groups[at]


def check_names(rng, size):
    """Whether groups were named and copied right; the first that was not; often mended."""
    parts = []
    while length(parts) < size * 0.6:
        text, right, slipped, part, group = named_list(rng)
        if rng.random() < 0.45:
            parts += [(f"{text}\n{right}\n", RANDOM), ("Compare: all as given.\n", 1.0)]
            continue
        parts += [(f"{text}\n{slipped}\n", 0.0), (f"Compare: {part} should be {group}.\n", 1.0)]
        if rng.random() < 0.4:
            parts.append((f"Mended: {right}\n", 1.0))
    return parts


def redo(rng, size):
    """A list with a slip, the slip named, and the list again from the start, right. The mended line weighs most."""
    at = None
    while at is None:
        block, at, part, right = slipped_block(rng, rng.choice((120, 250, size * 0.4)))
    frame, words = draw_frame(rng), rng.random() < 0.6
    note = note_on(rng, [tag_of(line) for line in block], at, part, words)
    again = rng.choice(("Redone:\n", "Again, mended:\n", "Better:\n", "Now right:\n", "Once more:\n",
                        f"{filler(rng, 3).capitalize()}: {filler(rng, 6)}.\n",
                        f"{filler(rng, 2).capitalize()}: {filler(rng, 9)} (1) {filler(rng, 5)}, (2) {filler(rng, 7)}.\n"))
    parts = [(show_block(block, frame) + closing(block, frame), 0.0), (note + "\n", RANDOM if words or rng.random() < 0.5 else 0.5), (again, RANDOM)]
    parts += show_mended(right, at, frame)
    return [(text, weight) for text, weight in parts if text]


def work_through(rng, size):
    """Named expressions in one line, then each worked out in a line of its own, in order, to the last."""
    names, label = rng.choice(NAMES), rng.choice(LABELS)
    chains = [chain_of_leaf(rng) for _ in range(rng.choice((2, 3, 4, 5, 6, 7, 8, 8)))]
    given = rng.choice((", ", "; ", " and ")).join(f"{names[i]} is {c[0]}" for i, c in enumerate(chains))
    start = rng.randint(0, 2)
    work = "".join(f"{label(i + 1 + start)}{names[i]} = {' = '.join(c)}\n" for i, c in enumerate(chains))
    return [(given, RANDOM), ("\n" + work + "done\n", 1.0)]


SKILLS = [(facts, 8), (reduce, 14), (name_groups, 12), (put_back, 12), (copy, 6), (work_through, 6), (check, 16),
          (check_links, 6), (check_names, 8), (redo, 18)]
STAGES = {1: SKILLS, 2: SKILLS + [(operations, 170)],  # about half of the second stage's tokens are single operations
          3: SKILLS + [(name_long_groups, 22), (reduce_long, 12), (operations, 20), (products, 190)]}


def shared(skills, share):
    total = sum(weight for _, weight in skills)
    return [(skill, share * weight / total) for skill, weight in skills]


# The fourth stage: two fifths go over the arithmetic again, the rest is for the other three tasks.
STAGES[4] = (shared(SKILLS, 20) + shared([(name_long_groups, 22), (reduce_long, 12), (operations, 20), (products, 60)], 24)
             + shared(base_words.SKILLS, 18) + shared(base_dates.SKILLS, 18) + shared(base_orders.SKILLS, 20))


# The fifth stage: half of it works calculations again before judging them.
STAGES[5] = (shared(SKILLS, 15) + shared([(name_long_groups, 22), (reduce_long, 12), (operations, 20), (products, 60)], 13)
             + base_rework.SKILLS + shared(base_words.SKILLS, 8) + shared(base_dates.SKILLS, 8) + shared(base_orders.SKILLS, 10))
# The sixth: the same with what was written beside every value, so that comparing is of neighbours.
STAGES[6] = (shared(SKILLS, 12) + shared([(name_long_groups, 22), (reduce_long, 12), (operations, 20), (products, 60)], 10)
             + base_rework.SKILLS_BESIDE + shared(base_words.SKILLS, 6) + shared(base_dates.SKILLS, 5) + shared(base_orders.SKILLS, 7))


# The seventh: a difference is called wrong, and single values are compared, many to a document.
STAGES[7] = (shared(SKILLS, 10) + shared([(name_long_groups, 22), (reduce_long, 12), (operations, 20), (products, 60)], 5)
             + base_rework.SKILLS_MARKED + shared(base_words.SKILLS, 4) + shared(base_dates.SKILLS, 3) + shared(base_orders.SKILLS, 3))


# The eighth: redoing a list with the value that the note has.
STAGES[8] = (shared(SKILLS, 10) + shared([(put_back, 4), (reduce_long, 3), (products, 4)], 8) + base_rework.SKILLS_FROM_NOTE
             + shared(base_words.SKILLS, 4) + shared(base_dates.SKILLS, 3) + shared(base_orders.SKILLS, 3))


# The ninth: the same behind a first line that calculates nothing, so that labels must be read; and the arithmetic and the long
# groups that the stages before it wore out.
STAGES[9] = (shared(SKILLS, 10) + shared([(operations, 24), (products, 42), (name_long_groups, 16), (reduce_long, 12), (put_back, 6)], 44)
             + shared(base_rework.SKILLS_OPENED, 46)
             + shared(base_words.SKILLS, 4) + shared(base_dates.SKILLS, 3) + shared(base_orders.SKILLS, 3))


# The tenth, on a tokenizer with more tokens for the other three tasks: as much for them as for arithmetic, which goes on to larger numbers.
STAGES[10] = (shared(SKILLS, 8) + shared([(operations, 16), (large_results, 50), (products, 12), (name_long_groups, 10), (reduce_long, 8), (put_back, 4)], 36)
              + shared(base_rework.SKILLS_OPENED, 20)
              + shared(base_words.SKILLS, 22) + shared(base_dates.SKILLS, 26) + shared(base_orders.SKILLS, 20))


# The eleventh: looking up, which the others did not teach; half of it, the rest goes over the tenth.
STAGES[11] = (shared(base_choices.SKILLS, 46) + shared([(base_dates.find_letter, 3), (base_orders.match, 3), (base_orders.lookup, 3), (base_orders.ranks, 2), (base_orders.fill, 3)], 24)
              + shared(STAGES[10], 30))


# The twelfth: logical deduction's longer ways, places and gaps of rows, and the arithmetic that the eleventh wore out.
STAGES[12] = (shared(base_order_answers.SKILLS, 20) + shared(base_choices.ROWS, 7) + shared(base_choices.SKILLS, 7)
              + shared([(base_dates.find_letter, 2), (base_orders.match, 2), (base_orders.lookup, 3), (base_orders.ranks, 3), (base_orders.fill, 4)], 8)
              + shared([(operations, 16), (large_results, 50), (products, 12), (name_long_groups, 10), (reduce_long, 8), (put_back, 4)], 26)
              + shared(base_rework.SKILLS_OPENED, 8) + shared(STAGES[10], 24))


# Not a stage: what the demo's training on arithmetic mixes in, so that the model does not forget it.
STAGES["rehearsal"] = (shared(SKILLS, 20) + shared([(operations, 16), (large_results, 50), (products, 12), (name_long_groups, 10), (reduce_long, 8), (put_back, 4)], 40)
                       + shared(base_rework.SKILLS_OPENED, 40))


def document(seed, skills):
    rng = random.Random(seed)
    skill = rng.choices([s for s, _ in skills], [w for _, w in skills])[0]
    size = rng.choice((250, 500, 500, 1000, 1000, 2000, 3200))  # characters; about 1.7 a token
    text, sections = "", []
    for piece, weight in skill(rng, size):
        end = len(text) + len(piece)
        if sections and sections[-1]["weight"] == weight:
            sections[-1]["end"] = end
        else:
            sections.append({"begin": len(text), "end": end, "weight": weight})
        text += piece
    return {"text": text, "sections": sections, "skill": skill.__name__}


def tokenizer_text(documents, stage, seed):
    """Documents and fixed sentences: arithmetic for the tokenizer's first tokens, the other tasks for those of the tenth stage.
    Lists of words to sort are left out: they are to be read letter by letter."""
    skills, phrases = STAGES[1], base_phrases.ARITHMETIC
    if stage == 10:
        skills, phrases = base_dates.SKILLS + base_orders.SKILLS, base_phrases.OTHER_TASKS
    return "".join(document(f"{seed}:{i}", skills)["text"] for i in range(documents)) + phrases * (documents // 10)


def line(stage, longest, seed):
    """Nothing for a document of more characters than `longest`, where that is not 0."""
    drawn = document(seed, STAGES[stage])
    return "" if 0 < longest < len(drawn["text"]) else json.dumps(drawn) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stage", type=lambda name: int(name) if name.isdigit() else name, choices=STAGES, default=1, help="2: half of it single operations; 3: products and long groups; 4: words, dates and orders too; 5 to 9: calculations worked again; 10: all tasks alike; 11: looking up; 12: rows, and arithmetic again; rehearsal: what models/base/rehearsal.jsonl holds")
    parser.add_argument("--output", required=True)
    parser.add_argument("--longest", type=int, default=0, help="leaves out documents of more characters; 0: none")
    parser.add_argument("--tokenizer-text", action="store_true", help="plain text to train the tokenizer on instead")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    args = parser.parse_args()
    if args.tokenizer_text:
        with open(args.output, "w") as out:
            out.write(tokenizer_text(args.documents, args.stage, args.seed))
        return
    seeds = (f"{args.seed}:{i}" for i in range(args.documents))
    with multiprocessing.Pool(args.processes) as pool, open(args.output, "w") as out:
        for text in pool.imap(functools.partial(line, args.stage, args.longest), seeds, chunksize=500):
            out.write(text)


if __name__ == "__main__":
    main()
