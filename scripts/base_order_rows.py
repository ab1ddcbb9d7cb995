"""Rows of objects for the base's corpus: names, ends of an axis, sentences, rows with open places, joining two rows.

A row is (objects, gaps): gaps[i] = (so many open places, whether there may be more) stands before objects[i], the last
after all. This is what src/task/logical_deduction_pattern.cpp calls a pattern; join() knows the usual cases only and gives
None for the others.
"""
import string

from base_frames import LABELS

OPEN = (0, True)
TIGHT = (0, False)

ORDINALS = "first second third fourth fifth sixth seventh eighth".split()
NUMBERS = "zero one two three four five six seven eight".split()
# First end and last end: label, extreme, what follows an ordinal, comparison.
AXES = {
    "position": (("left", "leftmost", " from the left", "to the left of"), ("right", "rightmost", " from the right", "to the right of")),
    "age": (("oldest", "oldest", "-oldest", "older than"), ("newest", "newest", "-newest", "newer than")),
    "price": (("cheapest", "cheapest", "-cheapest", "less expensive than"),
              ("most expensive", "most expensive", "-most expensive", "more expensive than")),
    "finish": (("above", "first", "", "above"), ("below", "last", "-to-last", "below")),
    "height": (("shortest", "shortest", "-shortest", "shorter than"), ("tallest", "tallest", "-tallest", "taller than")),
    "weight": (("lightest", "lightest", "-lightest", "lighter than"), ("heaviest", "heaviest", "-heaviest", "heavier than")),
}
COLORS = "white,gray,purple,yellow,black,blue,green,red,orange,brown,pink"
MATERIALS = "wooden,paper,glass,copper,silver,leather,clay,marble,iron,bamboo"
PEOPLE = "Ana,Rob,Amy,Joe,Eve,Dan,Mya,Eli,Mel,Ada,Ben,Kim,Leo,Nina,Omar,Pia,Sam,Tess,Uma,Vera"
SCENES = [(axis, kind, names.split(","), noun) for axis, kind, names, noun in (
    ("position", "books", COLORS, "book"),
    ("position", "birds", "blue jay,quail,falcon,robin,hawk,raven,crow,owl,cardinal,hummingbird,sparrow,finch,magpie", ""),
    ("position", "houses", COLORS, "house"), ("position", "boxes", MATERIALS, "box"), ("position", "friends", PEOPLE, ""),
    ("position", "things", "pencil,stapler,lamp,notebook,mug,ruler,telephone,calendar,clock,tape measure", ""),
    ("age", "vehicles", "truck,motorcycle,limousine,station wagon,sedan,minivan,bus,convertible,hatchback,tractor,van", ""),
    ("age", "instruments", "violin,flute,harp,trumpet,drum,piano,cello,organ,guitar,French horn", ""),
    ("age", "buildings", "library,school,town hall,theater,bakery,hospital,bank,train station,mill,inn", ""),
    ("price", "fruits", "plums,pears,kiwis,oranges,mangoes,cantaloupes,peaches,loquats,watermelons,apples,grapes,figs", ""),
    ("price", "vegetables", "carrots,onions,leeks,turnips,peppers,radishes,beans,cucumbers,sweet potatoes,beets", ""),
    ("price", "pastries", "muffins,croissants,pretzels,bagels,waffles,cookies,donuts,scones,brownies,apple turnovers", ""),
    ("finish", "golfers", PEOPLE, ""), ("finish", "cyclists", PEOPLE, ""), ("finish", "players", PEOPLE, ""),
    ("height", "trees", "oak,maple,birch,apple tree,pine,willow,cherry tree,elm,fir,chestnut", ""),
    ("height", "students", PEOPLE, ""),
    ("weight", "animals", "goat,pig,donkey,calf,sheep,turkey,guinea pig,dog,horse,rabbit", ""),
    ("weight", "crates", COLORS, "crate"))]


class Style:
    """A scene and how a document writes its rows and sentences."""

    def __init__(self, rng):
        self.axis, self.kind, self.names, self.noun = rng.choice(SCENES)
        self.first, self.last = AXES[self.axis]
        self.one, self.many = rng.choice((("?", "??"), ("?", "??"), ("?", "??"), ("_", "__"), ("*", "**"), (".", "..")))
        self.ends = rng.choice(("(%s) %s (%s)", "(%s) %s (%s)", "[%s] %s [%s]", "%s: %s :%s", "from %s %s to %s"))
        self.quote = rng.choice(('"', '"', ""))
        self.verb = "came" if self.axis == "finish" else rng.choice(("was", "were", "seems", "stays"))
        self.full = rng.random() < 0.7
        self.capital = rng.random() < 0.5
        self.label = rng.choice(LABELS)

    def draw(self, rng, count):
        return rng.sample(self.names, count)

    def listed(self, name):
        if name[0].isupper() and name != "French horn" or self.axis == "price":
            return name
        return f"{'an' if name[0] in 'aeiou' else 'a'} {name}" + (f" {self.noun}" if self.noun else "")

    def spoken(self, name):
        """The name inside a sentence."""
        if not self.full or name[0].isupper() and name != "French horn":
            return name
        return f"the {name} {self.noun}".rstrip()

    def row(self, row, quoted=True):
        objects, gaps = row
        words = []
        for i, (least, more) in enumerate(gaps):
            words += [self.one] * least + [self.many] * more + objects[i:i + 1]
        text = self.ends % (self.first[0], " ".join(words), self.last[0])
        return self.quote + text + self.quote if quoted else text

    def before(self, rng, a, b):
        """A sentence that a comes before b, from either side."""
        if rng.random() < 0.5:
            return self.opened(f"{self.spoken(a)} {self.verb} {self.first[3]} {self.spoken(b)}")
        return self.opened(f"{self.spoken(b)} {self.verb} {self.last[3]} {self.spoken(a)}")

    def opened(self, sentence):
        return sentence[0].upper() + sentence[1:] if self.capital else sentence

    def rank(self, distance, from_last):
        end = self.last if from_last else self.first
        return end[1] if distance == 0 else ORDINALS[distance] + end[2]

    def at(self, name, distance, from_last):
        article = "" if self.axis == "finish" else "the "
        return self.opened(f"{self.spoken(name)} {self.verb} {article}{self.rank(distance, from_last)}")

    def clue(self, rng, order, kinds=(0, 1, 1)):
        """A true sentence about the order, and its row."""
        if rng.choice(kinds) == 0:
            place = rng.randrange(len(order))
            behind = len(order) - 1 - place
            from_last = behind < place or behind == place and rng.random() < 0.5
            distance = behind if from_last else place
            return self.at(order[place], distance, from_last), placed(order[place], distance, from_last)
        i, j = sorted(rng.sample(range(len(order)), 2))
        return self.before(rng, order[i], order[j]), chain(order[i:j + 1:j - i])


def placed(name, distance, from_last):
    return [name], [OPEN, (distance, False)] if from_last else [(distance, False), OPEN]


def chain(objects):
    return list(objects), [OPEN] * (len(objects) + 1)


def tight(objects):
    return list(objects), [TIGHT] * (len(objects) + 1)


def side(outer, inner_gap, inner_gaps):
    """The gaps on one side of the shared object, inner side first: one row says inner_gap, the other has objects there."""
    if len(inner_gaps) == 1:
        known = [g for g in (inner_gap, inner_gaps[0]) if g != OPEN]
        return None if len(known) == 2 and known[0] != known[1] else (known or [OPEN])[:1]
    if inner_gap == OPEN:
        return inner_gaps
    return [TIGHT] * (outer + 1) if outer == inner_gap[0] and not inner_gap[1] else None


def join(p, q):
    """One row for two: they meet in an object at the end of one and the start of the other, or one is a block at an end."""
    for a, b in ((p, q), (q, p)):
        shared = set(a[0]) & set(b[0])
        if len(shared) == 1 and a[0][-1] == b[0][0]:
            right = side(len(b[0]) - 1, a[1][-1], b[1][1:])
            left = side(len(a[0]) - 1, b[1][0], a[1][:-1])
            if left and right:
                return a[0] + b[0][1:], left + right
        if not shared and a[1][-1] == OPEN and b[1][0] == OPEN:
            if all(g == TIGHT for g in b[1][1:]) or all(g == TIGHT for g in a[1][:-1]):
                return a[0] + b[0], a[1][:-1] + [OPEN] + b[1][1:]
    return None


def slip(rng, row, names):
    """The row with one mistake, or None."""
    objects, gaps = list(row[0]), list(row[1])
    kind = rng.randrange(5)
    if kind == 0 and len(objects) > 1:
        i = rng.randrange(len(objects) - 1)
        objects[i], objects[i + 1] = objects[i + 1], objects[i]
    elif kind == 0:
        gaps.reverse()
    elif kind == 1:
        i = rng.randrange(len(gaps))
        gaps[i] = (max(0, gaps[i][0] + rng.choice((-1, 1))), gaps[i][1])
    elif kind == 2:
        i = rng.randrange(len(gaps))
        gaps[i] = TIGHT
    elif kind == 3 and len(objects) > 2:
        i = rng.randrange(len(objects))
        del objects[i], gaps[i]
        gaps[i] = TIGHT  # an open gap would say less, which is no mistake
    else:
        others = [n for n in names if n not in objects]
        objects[rng.randrange(len(objects))] = rng.choice(others)
    return None if (objects, gaps) == (row[0], row[1]) else (objects, gaps)


def singular(kind):
    for plural, one in (("ies", "y"), ("boxes", "box"), ("s", "")):
        if kind.endswith(plural):
            return kind.removesuffix(plural) + one
    return kind


def letters(rng):
    return [f"({c})" for c in string.ascii_uppercase[:8]] if rng.random() < 0.7 else [f"{c}." for c in string.ascii_uppercase[:8]]


def draw_count(rng):
    return rng.choice((3, 3, 4, 5, 5, 5, 6, 7, 7))
