"""Looking up: the letter of an option, the object at a place of a row, from symbols of one token to whole dates.

Many short blocks to a document, and the looked-up letter or object weighs most: among longer texts these skills got so little
of the loss that ten stages of the base did not teach them (25 of 100 letters right, by chance 20).
"""
import base_dates
from base_frames import RANDOM, filler, length, print_samples
from base_order_rows import ORDINALS

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


SKILLS = [(choices, 16), (places, 7)]

if __name__ == "__main__":
    print_samples(SKILLS)
