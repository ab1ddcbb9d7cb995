"""Looking up: the letter of an option, the object at a place of a row, from symbols of one token to whole dates.

Many short blocks to a document, and the looked-up letter or object weighs most: among longer texts these skills got so little
of the loss that ten stages of the base did not teach them (25 of 100 letters right, by chance 20).
"""
import base_dates
from base_frames import RANDOM, filler, length, print_samples
from base_order_rows import NUMBERS, ORDINALS

ANSWER = 3.0  # the weight of what is looked up
WORDS = "apple book cat dog elm fox goat hat ink jar kite lamp moon nut oak pen quilt rose ship tree urn vase wolf yarn".split()


def draw_values(rng, number, kind):
    """Different values of one kind, from one token to a date among dates that are easily mistaken for it."""
    if kind == 0:
        return rng.sample("0123456789", number)
    if kind == 1:
        return [str(value) for value in rng.sample(range(10, 1000), number)]
    if kind == 2:
        return rng.sample(WORDS, number)
    if kind == 3:
        return [f"{rng.choice(WORDS)} {word}" for word in rng.sample(WORDS, number)]
    days = base_dates.draw_choices(rng, number)
    if kind == 4:
        year = rng.randint(1900, 2030)
        return [f"{m:02d}/{d:02d}/{year}" for m, d in rng.sample([(m, d) for m in range(1, 13) for d in range(1, 29)], number)]
    return [base_dates.padded(day) for day in days]


def choices(rng, size):
    """Lettered values, then letters of values, in the order of asking."""
    mark, kind = rng.choice(("({}) ", "({}) ", "({}) ", "{}: ")), rng.choice((0, 1, 1, 2, 3, 4, 4, 5, 5, 5, 5, 5))
    bare = mark.strip(" :")
    joint = rng.choice((" ", ": ", " is ", ". So the letter is ", " -> "))
    parts, between = [], rng.choice(("\n", "\n", " "))
    while length(parts) < min(size, 1200):
        values = draw_values(rng, rng.choice((2, 3, 4, 5, 6, 6)), kind)
        letters = "ABCDEFGH"[:len(values)]
        parts.append((between.join(mark.format(a) + value for a, value in zip(letters, values)) + "\n" + rng.choice(("", "", filler(rng, 6) + "\n")), RANDOM))
        for at in rng.sample(range(len(values)), len(values)):
            left, right = bare.split("{}")
            parts += [(values[at], RANDOM), (joint + left, 0.2), (letters[at], ANSWER), (right + "\n", 0.2)]
    return parts


def places(rng, size):
    """Rows of single words or digits, and what stands at a place counted from either end."""
    symbols = rng.choice((list("123456789"), WORDS))
    first, last = rng.choice((("left", "right"), ("above", "below"), ("oldest", "newest"), ("lightest", "heaviest")))
    form = rng.choice(("the {} from the {}", "{} from {}", "{} on the side of {}"))
    parts = []
    while length(parts) < min(size, 1200):
        row = rng.sample(symbols, rng.choice((3, 4, 5, 5, 6, 7)))
        parts.append((f"({first}) {' '.join(row)} ({last})\n", RANDOM))
        for _ in range(rng.randint(2, 5)):
            place, from_last = rng.randrange(len(row)), rng.random() < 0.5
            end, walked = (last, row[::-1]) if from_last else (first, row)
            parts += [(form.format(ORDINALS[place], end), RANDOM), (": ", 0.2), (walked[place], ANSWER), ("\n", 0.2)]
    return parts


def missing(rng, size):
    """Symbols, a row in which some of them are open, and what is missing; then the row closed."""
    symbols = rng.choice((list("123456789"), WORDS, WORDS))
    hole, arrow = rng.choice("?_*."), rng.choice((": ", " -> ", " is "))
    parts = []
    while length(parts) < min(size, 1200):
        row = rng.sample(symbols, rng.choice((3, 4, 5, 5, 6, 7)))
        gone = sorted(rng.sample(range(len(row)), rng.choice((1, 1, 1, 2))))
        shown = [hole if i in gone else symbol for i, symbol in enumerate(row)]
        parts.append((f"{', '.join(rng.sample(row, len(row)))}\n{' '.join(shown)}\n", RANDOM))
        if len(gone) == 2:  # their order cannot be told from the row
            parts.append((f"{row[gone[0]]} before {row[gone[1]]}\n", RANDOM))
        parts.append(("missing", 0.2))
        for i in gone:
            parts += [(arrow if i == gone[0] else ", ", 0.2), (row[i], ANSWER)]
        parts.append(("\nclosed: ", 0.2))
        for i, symbol in enumerate(row):
            parts.append((symbol + (" " if i + 1 < len(row) else "\n"), ANSWER if i in gone else 1.0))
    return parts


def distances(rng, size):
    """An ordinal as numbers of places before and after, in a row of known length."""
    first, last = rng.choice((("left", "right"), ("above", "below"), ("oldest", "newest"), ("lightest", "heaviest")))
    form = rng.choice(("{} from {} of {}", "{}-{} of {}"))
    parts = []
    while length(parts) < min(size, 900):
        count = rng.randint(3, 7)
        place, end = rng.randrange(count), rng.randrange(2)
        side, other = ((first, last), (last, first))[end]
        row = ["_"] * count
        row[place if end == 0 else count - 1 - place] = "X"
        parts += [(form.format(ORDINALS[place], side, NUMBERS[count]), RANDOM), (": ", 0.2), (str(place), ANSWER), (f" to {side}, ", 0.2),
                  (str(count - 1 - place), ANSWER), (f" to {other}: ({first}) ", 0.5), (" ".join(row), 2.0), (f" ({last})\n", 0.5)]
    return parts


SKILLS = [(choices, 16), (places, 7)]
ROWS = [(places, 10), (missing, 9), (distances, 6)]

if __name__ == "__main__":
    print_samples(SKILLS + ROWS[1:])
