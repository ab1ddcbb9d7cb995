"""Checking and redoing lists of tagged and sorted words: sub-skills of word sorting.

A block is a few labelled lines: words tagged with their letters at one place, the same words in order of those letters, and
groups put back. One slip is planted; what rests on it is carried on. Never a list of words and its alphabetical order.
"""
from base_frames import RANDOM, length
from base_word_lists import (
    ALL_WORDS, LETTERS, ORDINALS, Style, draw_count, draw_words, entries_at, filler, number, put_back_row, ranks_of,
    sorts)


def other(rng, choices, than):
    return rng.choice([choice for choice in choices if choice != than])


def misspelt(rng, word):
    at = rng.randrange(len(word))
    return word[:at] + other(rng, LETTERS, word[at]) + word[at + 1:]


def slip_in_entries(rng, style, entries):
    """(entries with a slip, the wrong part, what is right): a letter, a number, a word left out, twice or misspelt."""
    entries, at, kind = list(entries), rng.randrange(len(entries)), rng.choice((0, 0, 1, 1, 1, 2, 3, 4))
    word, letter, value = entries[at]
    if kind < 2:
        wrong = other(rng, LETTERS, letter)
        near = max(1, value + rng.choice((-2, -1, 1, 2, 3)))
        if kind == 0:
            entries[at] = (word, wrong, number(wrong) if rng.random() < 0.6 else value)
        else:
            entries[at] = (word, letter, near if near != value else value + 1)
        return entries, style.tag(*entries[at]), style.tag(word, letter, value)
    if kind == 2 and len(entries) > 2:
        del entries[at]
        return entries, style.tags(entries), f"{style.word(word)} is missing"
    if kind == 3:
        entries.insert(rng.randint(at + 1, len(entries)), entries[at])
        return entries, style.tag(word, letter, value), f"{style.word(word)} stands twice"
    entries[at] = (misspelt(rng, word), letter, value)
    return entries, style.tag(*entries[at]), f"there is no {style.word(entries[at][0])}"


def slip_in_ranks(rng, style, ranks):
    """(line of groups with a slip, what is right): two swapped, one left out, a wrong number, a word moved, sorted too early."""
    ranks, kind = [(value, list(words)) for value, words in ranks], rng.randrange(5)
    at = rng.randrange(len(ranks))
    full = [i for i, (_, words) in enumerate(ranks) if len(words) > 1]
    if kind == 3 and full and len(ranks) > 1:
        source = rng.choice(full)
        value, word = ranks[source][0], ranks[source][1].pop()
        ranks[other(rng, range(len(ranks)), source)][1].append(word)
        return style.groups(ranks), f"{style.word(word)} belongs to {value}"
    if kind == 4 and full:
        value, words = ranks[full[0]]
        ranks[full[0]:full[0] + 1] = [(value, [word]) for word in words]
        return style.groups(ranks), f"{value} should be {style.group(words)}"
    if kind == 1 and len(ranks) > 1:
        value, words = ranks.pop(at)
        return style.groups(ranks), f"{value} is missing: {style.group(words)}"
    if kind == 0 and at + 1 < len(ranks):
        ranks[at], ranks[at + 1] = ranks[at + 1], ranks[at]
        return style.groups(ranks), f"{ranks[at + 1][0]} comes before {ranks[at][0]}"
    value, words = ranks[at]
    ranks[at] = (value + rng.randint(1, 3), words)
    return style.groups(ranks), f"{style.group(words)} has {value}"


def slip_in_order(rng, style, words):
    """(words with a slip, what is right): two swapped, one left out, one twice."""
    words, at, kind = list(words), rng.randrange(len(words) - 1), rng.randrange(3)
    if kind == 0:
        words[at], words[at + 1] = words[at + 1], words[at]
        return words, f"{style.word(words[at + 1])} comes before {style.word(words[at])}"
    word = words[at]
    if kind == 1:
        del words[at]
        return words, f"{style.word(word)} is missing"
    words.insert(rng.randint(at + 1, len(words)), word)
    return words, f"{style.word(word)} stands twice"


def tagged_lines(rng, style, count, slip):
    """(given lines, right lines, slipped lines, which, wrong part, reason) of words tagged and grouped."""
    while True:
        words = draw_words(rng, count)
        place = rng.choice((0, 0, 1, 1, 2, 3))
        if place < min(map(len, words)):
            right = entries_at(words, place)
            if not sorts(words, place):
                break
            if count < 5 and rng.random() < 0.5:
                continue
            right = [(w, c, number(c)) for w, c in zip(words, rng.choices(LETTERS, k=count))]
            place = None
            break
    given = [" ".join(words) if place is not None else style.tags(right)]
    name = f"{ORDINALS[place]} letters " if place is not None else "tags "
    lines = [name + style.tags(right), style.groups(ranks_of(right))]
    if not slip:
        return given, lines, lines, None, "", ""
    if rng.random() < 0.5:
        entries, part, reason = slip_in_entries(rng, style, right)
        return given, lines, [name + style.tags(entries), style.groups(ranks_of(entries))], 0, part, reason
    line, reason = slip_in_ranks(rng, style, ranks_of(right))
    return given, lines, [lines[0], line], 1, line, reason


def order_lines(rng, style, count, slip):
    """The same of groups put back: a chain and the plain list, the latter carried on or slipped itself."""
    line, known, words = put_back_row(rng, style, count)
    given, lines = [line] + known, [style.chain(words), " ".join(words)]
    if not slip:
        return given, lines, lines, None, "", ""
    wrong, reason = slip_in_order(rng, style, words)
    if rng.random() < 0.6:
        return given, lines, [style.chain(wrong), " ".join(wrong)], 0, style.chain(wrong), reason
    return given, lines, [lines[0], " ".join(wrong)], 1, " ".join(wrong), reason


def draw_block(rng, size, slip):
    """Several such rows, at most one of them slipped: (given, right lines, slipped lines, which, wrong part, reason, labels)."""
    style = Style(rng)
    label = rng.choice(("({}) ", "({}) ", "{}. ", "[{}] ", "line {}: "))
    rows, budget = [], size
    while not rows or (budget > 250 and len(rows) < 3):
        count = max(2, draw_count(rng, budget, 60))
        rows.append((rng.choice((tagged_lines, tagged_lines, order_lines)), count))
        budget -= count * 75
    where = rng.randrange(len(rows)) if slip else None
    given, right, slipped, at, part, reason = [], [], [], None, "", ""
    for i, (draw, count) in enumerate(rows):
        one = draw(rng, style, count, i == where)
        if i == where:
            at, part, reason = len(right) + one[3], one[4], one[5]
        given, right, slipped = given + one[0], right + one[1], slipped + one[2]
    frame = rng.choice(("", "", filler(rng, 3).capitalize() + ": ", filler(rng, 4) + " "))
    labels = [label.format(i + 1) for i in range(len(right))]
    dress = lambda lines: [f"{label}{frame}{line}{style.end}" for label, line in zip(labels, lines)]
    return "\n".join(given) + "\n", dress(right), dress(slipped), at, part, reason, [tag.strip().rstrip(":") for tag in labels]


def note_on(rng, tags, at, part, reason, free):
    """What is wrong, in one of many wordings: the reader must learn to look at the quoted part."""
    if at is None:
        return rng.choice(("No slip.", "All good.", "Every line holds.", f"{tags[0]} to {tags[-1]} hold.", "Nothing wrong."))
    if free:
        before = f"{filler(rng, 4).capitalize()} {tags[at - 1]} {filler(rng, 3)}. " if at else ""
        return (f"{before}{filler(rng, 3).capitalize()} {tags[at]} {filler(rng, 3)} \" {part} \" {filler(rng, 3)}. "
                f"{filler(rng, 3).capitalize()}, {reason}.")
    before = rng.choice(("", f"{tags[0]} to {tags[at - 1]} hold. ", f"Good up to {tags[at - 1]}. ")) if at else ""
    place = rng.choice((f"In {tags[at]}", f"At {tags[at]}", f"{tags[at]}:", f"Look at {tags[at]}:", f"But in {tags[at]}"))
    shown = rng.choice((f' the piece " {part} "', f' this: " {part} "', f" {part}", f' the words " {part} "'))
    judged = rng.choice((" is wrong", " is off", " is a slip", " cannot stand", " must change"))
    return f"{before}{place}{shown}{judged}: {reason}."


def check(rng, size):
    """Blocks and what is wrong with each, the first slip only; by walking the lines or at once."""
    parts = []
    while length(parts) < size * 0.5:
        parts += checked_block(rng, size)
    return parts


def checked_block(rng, size):
    given, _, slipped, at, part, reason, tags = draw_block(rng, rng.choice((200, 400, size * 0.6)), rng.random() < 0.55)
    if rng.random() < 0.3:
        upto = len(tags) if at is None else at
        text = "Check:\n" + "".join(f"{tag} good\n" for tag in tags[:upto])
        text += "all good\n" if at is None else f"{tags[at]} slip: {part}; {reason}\n"
    else:
        text = rng.choice(("", "Check: ", "Verdict: ")) + note_on(rng, tags, at, part, reason, False) + "\n"
    return [(given, RANDOM), ("".join(slipped), 0.4 if at is None else 0.0), (text, 1.0)]


def check_entries(rng, size):
    """Single tags, each judged: the smallest form of checking."""
    style, parts = Style(rng), []
    good, bad = rng.choice((("true", "false"), ("good", "slip"), ("yes", "no"), ("right", "wrong")))
    while length(parts) < min(size, 1000):
        place = rng.choice((0, 0, 1, 1, 2, 3, 4))
        words = draw_words(rng, 1)
        if place >= len(words[0]):
            continue
        word, letter, value = entries_at(words, place)[0]
        shown = letter if rng.random() < 0.75 else rng.choice(LETTERS)
        written = number(shown) if rng.random() < 0.7 else max(1, number(shown) + rng.choice((-2, -1, 1, 2)))
        right = (shown, written) == (letter, value)
        fix = "" if right else f", {style.tag(word, letter, value)}"
        parts += [(f"{ORDINALS[place]} {style.tag(word, shown, written)}", 0.0 if not right else RANDOM),
                  (f" {good if right else bad}{fix}\n", 1.0)]
    return parts


def compare_lists(rng, size):
    """A list and a copy of it, in order or not: complete, or which word is missing, twice or none of it."""
    style, parts = Style(rng), []
    while length(parts) < size * 0.8:
        words = rng.sample(ALL_WORDS, draw_count(rng, size, 40))
        copy, kind = list(words), rng.choice((0, 0, 1, 2, 3, 3))
        if rng.random() < 0.5:
            rng.shuffle(copy)
        at, text = rng.randrange(len(copy)), "all there"
        if kind == 1 and len(words) > 2:
            text = f"{style.word(copy.pop(at))} is missing"
        elif kind == 2:
            copy.insert(rng.randint(at + 1, len(copy)), copy[at])
            text = f"{style.word(copy[at])} stands twice"
        elif kind == 3:
            copy[at] = misspelt(rng, copy[at]) if rng.random() < 0.5 else rng.choice(ALL_WORDS)
            text = f"{style.word(copy[at])} stands twice"
            if copy[at] not in words:
                text = f"there is no {style.word(copy[at])}"
            elif len(set(copy)) == len(copy):
                text = "all there"
        wrong = text != "all there"
        parts += [(" ".join(words) + "\n", RANDOM), (style.chain(copy) + "\n", 0.0 if wrong else RANDOM), (f"{text}\n", 1.0)]
    return parts


def redo(rng, size):
    """A block with a slip, a note on it, and the block again, right. The mended line weighs most."""
    given, right, slipped, at, part, reason, tags = draw_block(rng, rng.choice((250, 450, size * 0.5)), True)
    free = rng.random() < 0.5
    again = rng.choice(("Redone:\n", "Again, mended:\n", "Better:\n", "Now right:\n", f"{filler(rng, 3).capitalize()}:\n",
                        f"{filler(rng, 2).capitalize()}: {filler(rng, 6)}.\n"))
    parts = [(given, RANDOM), ("".join(slipped), 0.0), (note_on(rng, tags, at, part, reason, free) + "\n", RANDOM if free else 0.3),
             (again, RANDOM), ("".join(right[:at]), 0.4), (right[at], 2.5), ("".join(right[at + 1:]), 0.8)]
    return [(text, weight) for text, weight in parts if text]
