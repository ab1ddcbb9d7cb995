#!/usr/bin/env python3
"""Sub-skills of word sorting for the base's corpus: letters of words and their places in the alphabet, sorting and grouping
tagged words, putting sorted groups back, numbering steps, checking and redoing such lists.

    python3 scripts/base_words.py    prints one sample of each skill

A skill takes a random generator and a size in characters and gives [(text, loss weight), ...]; make_base_corpus.py says what
the weights mean. No document goes from a list of words to its alphabetical order; orders that are put back are drawn at
random.
"""
import os
import random

RANDOM = 0.02  # loss weight of what cannot be predicted


def read_words():
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src", "task", "word_list.cpp")
    with open(source, encoding="utf-8") as file:
        return sorted(file.read().split('R"(')[1].split(')"')[0].split())


ALL_WORDS = read_words()
WORDS = [word for word in ALL_WORDS if word.isalpha()]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ORDINALS = ("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
            "fourteenth").split()
FILLERS = ("so then at this line here and see what it gives take next work find get show write read part piece bit thing "
           "place one row again more from into with for by as since the a that there whole same other new old left right "
           "made found said done seen kept order word list").split()


def filler(rng, most):
    return " ".join(rng.choice(FILLERS) for _ in range(rng.randint(1, most)))


def number(letter):
    return LETTERS.index(letter) + 1


def draw_words(rng, count):
    """Distinct words of which none begins another: neighbours in the alphabet half the time, so that later letters count."""
    pool = WORDS
    if rng.random() < 0.5:
        at, width = rng.randrange(len(WORDS)), rng.choice((2, 4, 10, 40)) * count
        pool = WORDS[max(0, at - width):at + width]
    words = []
    for word in rng.sample(pool, min(len(pool), 2 * count + 6)):
        if len(words) < count and not any(word.startswith(w) or w.startswith(word) for w in words):
            words.append(word)
    return words if len(words) == count else draw_words(rng, count)


def draw_count(rng, size, each):
    """How many words of a list: short ones and long ones, as many as the size allows."""
    return min(rng.choice((2, 3, 3, 4, 5, 6, 7, 7, 8, 10, rng.randint(8, 20))), max(2, int(size) // each))


class Style:
    """How one document writes words, tags and groups."""

    def __init__(self, rng):
        self.mark = rng.choice(('"', '"', '"', '"', "", "'"))
        self.form = rng.randrange(8)
        self.head = rng.choice(("({}) ", "({}) ", "{}: ", "{} ", "[{}] ", "{}) "))
        self.open, self.query, self.close = rng.choice((("[", " ? ", "]"), ("[", " ? ", "]"), ("[", " ? ", "]"), ("(", " ? ", ")"),
                                                        ("{", ", ", "}"), ("[", " & ", "]")))
        self.less = rng.choice((" < ", " < ", " < ", " | ", ", ", " then "))
        if (self.mark, self.head, self.query, self.less) == ('"', "({}) ", " ? ", " < "):
            self.less = " << "  # all of it would be the task's own notation
        self.comma = rng.choice((", ", ", ", ", ", "; ", "\n"))
        self.line_comma = ", " if self.comma == "\n" else self.comma
        self.end = rng.choice((".\n", "\n", ".\n", ";\n"))

    def word(self, word):
        return f"{self.mark}{word}{self.mark}"

    def tag(self, word, letter, value):
        w, l = self.word(word), self.word(letter)
        return (f"{w}: {letter} {value}", f'{w} "{letter}" ({value})', f"{w}={l} [{value}]", f"{w}={l} {value}", f"{w} -> {l} ({value})",
                f"{w} has {l} ({value})", f"{w}={letter} ({value})", f"{w}: {l} = {value}")[self.form]

    def tags(self, entries):
        return self.line_comma.join(self.tag(*entry) for entry in entries)

    def group(self, words):
        if len(words) == 1:
            return self.word(words[0])
        return self.open + self.query.join(map(self.word, words)) + self.close

    def groups(self, ranks):
        return self.less.join(self.head.format(value) + self.group(words) for value, words in ranks)

    def chain(self, words):
        return self.less.join(map(self.word, words))


def ranks_of(entries):
    """[(value, words)] by value, the words of one value in their order."""
    values = sorted({value for _, _, value in entries})
    return [(value, [word for word, _, other in entries if other == value]) for value in values]


def entries_at(words, place):
    return [(word, word[place], number(word[place])) for word in words]


def length(parts):
    return sum(len(text) for text, _ in parts)


def spell(rng, size):
    """Words letter by letter, with or without the letters' numbers, and back."""
    style, form = Style(rng), rng.randrange(6)
    between = rng.choice((" ", "-", ", ", " "))
    parts = []
    while length(parts) < min(size, 1000):
        word = rng.choice(ALL_WORDS)
        if form < 3 or not word.isalpha():
            lead = (style.word(word), f"{word} ", f"{word}:")[form % 3]
            parts += [(lead, RANDOM), (" = " + between.join(word) + "\n", 1.0)]
        elif form == 3:
            parts += [(style.word(word), RANDOM), (": " + ", ".join(f"{c} ({number(c)})" for c in word) + "\n", 1.0)]
        elif form == 4:
            parts += [(style.word(word), RANDOM), (": " + ", ".join(f"{o} {c}" for o, c in zip(ORDINALS, word)) + "\n", 1.0)]
        else:
            parts += [(between.join(word), RANDOM), (f" spells {style.word(word)}\n", 1.0)]
    return parts


def alphabet(rng, size):
    """Letters and their numbers, neighbours, and which of two comes first."""
    form, mark, end = rng.randrange(5), rng.choice(('"', '"', "")), rng.choice((", ", "\n", "; "))
    parts = []
    while length(parts) < min(size, 500):
        a, b = rng.sample(LETTERS, 2)
        shown, other = f"{mark}{a}{mark}", f"{mark}{b}{mark}"
        if form == 0:
            parts += [(shown, RANDOM), (f" ({number(a)}){end}", 1.0)]
        elif form == 1:
            parts += [(f"{number(a)}", RANDOM), (f" {shown}{end}", 1.0)]
        elif form == 2:
            low, high = sorted((a, b))
            parts += [(f"{shown} and {other}", RANDOM),
                      (f": ({number(a)}) and ({number(b)}), {mark}{low}{mark} < {mark}{high}{mark}{end}", 1.0)]
        elif form == 3:
            start = rng.randrange(20)
            run = LETTERS[start:start + rng.randint(3, 8)]
            parts += [(f"from {run[0]} to {run[-1]}", RANDOM), (": " + " ".join(f"{c} ({number(c)})" for c in run) + "\n", 1.0)]
        else:
            x, y = rng.sample(range(1, 27), 2)
            parts += [(f"({x}) and ({y})", RANDOM), (f": ({min(x, y)}) < ({max(x, y)}){end}", 1.0)]
    return parts


def place_name(rng, place):
    ordinal = ORDINALS[place]
    return rng.choice((f"{ordinal}: ", f"Their {ordinal}: ", f"At the {ordinal}: ", f"The {ordinal} of each: ", f"{ordinal} ones: ",
                       f"({filler(rng, 2)}) {ordinal}: ", f"{ordinal}, {filler(rng, 3)}: "))


def letter_at(rng, size):
    """The letters at one place of a list of words and their numbers; often the next place after it."""
    style = Style(rng)
    parts = []
    while length(parts) < size * 0.8:
        words = draw_words(rng, draw_count(rng, size, 45))
        most = min(map(len, words))
        place = min(rng.choice((0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6)), most - 1)
        lead = rng.choice((style.group(words), " ".join(words), style.chain(words), " ".join(words)))
        parts.append((lead + "\n", RANDOM))
        for at in range(place, min(most, place + rng.choice((1, 1, 2, 3)))):
            parts += [(place_name(rng, at), RANDOM), (style.tags(entries_at(words, at)) + style.end, 1.0)]
    return parts


def list_in_some_form(rng, words):
    style = Style(rng)
    return rng.choice((" ".join(words) + "\n", " ".join(words) + ".\n", style.chain(words) + "\n", style.group(words) + style.end,
                       ", ".join(map(style.word, words)) + style.end))


def copy_list(rng, size):
    """Lists of words again in another notation: plain, quoted, with signs between, in brackets."""
    parts = []
    first, second = rng.randrange(1 << 30), rng.randrange(1 << 30)
    lead = rng.choice(("Again: ", "The same: ", "Copy: ", "Words: ", filler(rng, 4) + ": ", ""))
    while length(parts) < size * 0.8:
        words = rng.sample(ALL_WORDS, draw_count(rng, size, 30))
        shown = [list_in_some_form(random.Random(seed), words) for seed in (first, second)]
        parts += [(shown[0] + lead, RANDOM), (shown[1], 1.0)]
    return parts


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
    if rng.random() < 0.6 and place < min(map(len, words)):
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


def draw_ranks(rng, count):
    """Ranks of words in a random order, under rising numbers; `count` words, groups of two and more among them."""
    words = draw_words(rng, count)
    sizes = []
    while sum(sizes) < count:
        sizes.append(min(rng.choice((1, 1, 1, 2, 2, 3, rng.randint(1, 5))), count - sum(sizes)))
    values = sorted(rng.sample(range(1, 27), len(sizes)))
    ranks = []
    for value, many in zip(values, sizes):
        ranks.append((value, words[:many]))
        words = words[many:]
    return ranks


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


def put_back_row(rng, style, count):
    """A line of groups, their orders in lines of their own, and the whole order."""
    ranks = draw_ranks(rng, count)
    orders = [rng.sample(words, len(words)) for _, words in ranks]
    known = [style.chain(order) for order in orders if len(order) > 1]
    line = style.groups(ranks) if rng.random() < 0.7 else style.less.join(style.group(words) for _, words in ranks)
    return line, known, [word for order in orders for word in order]


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


def compare_words(rng, size):
    """Two or three words letter by letter to where they differ."""
    style, form = Style(rng), rng.randrange(2)
    parts = []
    while length(parts) < min(size, 1000):
        pair = draw_words(rng, 2)
        if pair[0][0] != pair[1][0] and rng.random() < 0.7:
            continue
        parts.append((f"{style.word(pair[0])} and {style.word(pair[1])}", RANDOM))
        text = ""
        for at, (a, b) in enumerate(zip(*pair)):
            text += f" {ORDINALS[at]} {a} {b}" + ("" if form else f" ({number(a)}) ({number(b)})")
            if a != b:
                break
            text += " same,"
        parts.append((f":{text} differ; {style.word(min(pair))} before {style.word(max(pair))}\n", 1.0))
    return parts


def outline(rng, size):
    """Step numbers: the next beside one, the first below it, the next outside."""
    forms = rng.choice((("beside", "below", "outside"), ("next", "in", "out"), ("then", "under", "back")))
    order, parts = rng.sample(range(3), 3), []
    while length(parts) < min(size, 600):
        path = [rng.randint(1, 9) for _ in range(rng.choice((1, 1, 2, 2, 3, 3, 4)))]
        show = lambda numbers: "(" + ".".join(map(str, numbers)) + ")"
        text = ""
        for move in order:
            if move == 0:
                text += f" {forms[0]} {show(path[:-1] + [path[-1] + 1])}"
            elif move == 1:
                text += f" {forms[1]} {show(path + [1])}"
            elif len(path) > 1:
                text += f" {forms[2]} {show(path[:-2] + [path[-2] + 1])}"
        parts += [(show(path), RANDOM), (text + "\n", 1.0)]
    return parts


def print_samples(skills):
    for skill, share in skills:
        print(f"--- {skill.__name__} ({share} %)")
        print("".join(text for text, _ in skill(random.Random(skill.__name__), 300)))


# base_word_checks.py has the other 36 %.
SKILLS = [(spell, 9), (alphabet, 3), (letter_at, 12), (copy_list, 7), (sort_numbers, 5), (group_tags, 11), (open_groups, 4),
          (put_back, 7), (work_groups, 3), (compare_words, 2), (outline, 1)]

if __name__ == "__main__":
    print_samples(SKILLS)
