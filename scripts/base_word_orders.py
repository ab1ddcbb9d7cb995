"""Sorting and grouping tagged words, finding what is still open, putting sorted groups back: sub-skills of word sorting."""
from base_frames import RANDOM, length
from base_word_lists import (
    LETTERS, Style, draw_count, draw_ranks, draw_words, entries_at, filler, number, put_back_row, ranks_of, sorts)


def sort_numbers(rng, size):
    """Numbers from 1 to 26, or letters, in order, each once; or the smallest that is larger than another."""
    style, form = rng.choice(("({})", "{}", "[{}]", "({})")), rng.randrange(4)
    less, shown = rng.choice((" < ", ", ", " ")), style.format
    parts = []
    while length(parts) < min(size, 1200):
        given = [rng.randint(1, 26) for _ in range(rng.choice((2, 3, 4, 5, 6, 7, 8, 10, 14, 20)))]
        values = sorted(set(given))
        if form == 3:
            at = rng.randrange(len(values))
            after = shown(values[at + 1]) if at + 1 < len(values) else "none"
            parts += [(", ".join(map(shown, given)), RANDOM), (f"; smallest {shown(values[0])}, above ", 1.0),
                      (shown(values[at]), RANDOM), (f" {after}\n", 1.0)]
            continue
        if form == 2:
            shown = lambda value: f'"{LETTERS[value - 1]}"' if style == "({})" else LETTERS[value - 1]
        parts += [(", ".join(map(shown, given)), RANDOM), (": " + less.join(map(shown, values)) + "\n", 1.0)]
    return parts


def draw_entries(rng, count):
    """Tagged words: their letters at one place, or letters drawn from a few or from all."""
    words = draw_words(rng, count)
    place = rng.choice((0, 0, 1, 1, 2, 3))
    if rng.random() < 0.6 and place < min(map(len, words)) and not sorts(words, place):
        return entries_at(words, place)
    letters = rng.choice((LETTERS, LETTERS, rng.sample(LETTERS, min(26, count // 2 + 1))))
    drawn = [rng.choice(letters) for _ in words]
    return [(word, letter, number(letter)) for word, letter in zip(words, drawn)]


def group_tags(rng, size):
    """Tagged words in order of their numbers, those with one number together."""
    style = Style(rng)
    lead = rng.choice(("By number: ", "In order: ", "", filler(rng, 4) + ": ", "(2) " + filler(rng, 3) + ": "))
    parts = []
    while length(parts) < size * 0.8:
        entries = draw_entries(rng, draw_count(rng, size, 60))
        parts += [(style.tags(entries) + style.end + lead, RANDOM), (style.groups(ranks_of(entries)) + style.end, 1.0)]
    return parts


def open_groups(rng, size):
    """Which groups of a line hold several words, in their order, numbered on from some number; what is left as they go."""
    style, label = Style(rng), rng.choice(("({}) ", "({}) ", "{}. ", "line {}: "))
    done = rng.choice(("all done", "none open", "no more"))
    parts = []
    while length(parts) < size * 0.8:
        ranks = draw_ranks(rng, draw_count(rng, size, 45))
        start = rng.randint(1, 4)
        groups = [style.group(words) for _, words in ranks if len(words) > 1]
        text = "".join(f"{label.format(start + i)}{group}\n" for i, group in enumerate(groups))
        parts += [(label.format(start - 1) + style.groups(ranks) + style.end, RANDOM),
                  (f"{text}{label.format(start + len(groups))}{done}\n", 1.0)]
    return parts


def put_back(rng, size):
    """Orders of groups put back into the line of groups; the last form is the plain list."""
    style = Style(rng)
    lead = rng.choice(("Whole: ", "Put back: ", "So all of it: ", filler(rng, 4) + ": "))
    plain = rng.choice(("", "Plain: ", "In a row: ", filler(rng, 3) + ": "))
    parts = []
    while length(parts) < size * 0.8:
        line, known, words = put_back_row(rng, style, draw_count(rng, size, 60))
        between = "".join(f"{rng.choice(('', filler(rng, 4) + ': '))}{order}\n" for order in known)
        parts += [(f"{line}\n{between}{lead}", RANDOM), (style.chain(words) + style.end, 1.0)]
        if plain:
            parts.append((plain + " ".join(words) + style.end, 1.0))
    return parts


def work_groups(rng, size):
    """A table of numbers at random; a line of groups; each group ordered by the table, in turn; then all put back."""
    style, label, parts = Style(rng), rng.choice(("({}) ", "{}. ", "{}: ")), []
    while length(parts) < size * 0.6:
        parts += worked_groups(rng, style, label, max(3, draw_count(rng, size, 110)))
    return parts


def worked_groups(rng, style, label, count):
    ranks, table = draw_ranks(rng, count), {}
    for _, words in ranks:
        table.update(zip(words, rng.sample(range(1, 27), len(words))))
    tagged = [word for _, words in ranks if len(words) > 1 for word in words]
    shown = style.line_comma.join(f"{style.word(word)} {table[word]}" for word in rng.sample(tagged, len(tagged)))
    orders, text = [], ""
    for at, (_, words) in enumerate(ranks):
        orders.append(sorted(words, key=table.get))
        if len(words) > 1:
            values = style.line_comma.join(f"{style.word(word)} {table[word]}" for word in words)
            step = label.format(sum(len(o) > 1 for o in orders))
            text += f"{step}{style.group(words)}: {values}: {style.chain(orders[-1])}\n"
    whole = style.chain([word for order in orders for word in order])
    return [(f"{shown}\n{style.groups(ranks)}\n", RANDOM), (f"{text}Together: {whole}\n", 1.0)]
