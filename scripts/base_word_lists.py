"""What the sub-skills of word sorting share: words, how a document writes them, tags, groups and orders of words."""
import functools
import os

import base_frames


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
filler = functools.partial(base_frames.filler, words=FILLERS)


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


def sorts(words, place):
    """Whether the letters at this place alone sort the words, so that grouping by them would solve a problem of the task."""
    return len({word[:place] for word in words}) == 1 and len({word[place] for word in words}) == len(words)


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


def put_back_row(rng, style, count):
    """A line of groups, their orders in lines of their own, and the whole order."""
    ranks = draw_ranks(rng, count)
    orders = [rng.sample(words, len(words)) for _, words in ranks]
    known = [style.chain(order) for order in orders if len(order) > 1]
    line = style.groups(ranks) if rng.random() < 0.7 else style.less.join(style.group(words) for _, words in ranks)
    return line, known, [word for order in orders for word in order]
