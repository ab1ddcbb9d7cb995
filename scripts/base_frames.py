"""What every sub-skill of the base's corpus is dressed in: the weight of what cannot be predicted, labels, filler words.

A skill is a function of (rng, size in characters) and gives a document as a list of (text, loss weight).
"""
import random

RANDOM = 0.02  # loss weight of what cannot be predicted
LABELS = [lambda i: f"({i}) ", lambda i: f"({i}) ", lambda i: f"{i}. ", lambda i: f"[{i}] ", lambda i: f"line {i}: "]
WORDS = ("so then we look at this line here and see what it gives now take next work find get show write read part piece "
         "bit thing place number value sum step row one first last again more from into with for by as since the a that "
         "there it all whole same other new old left right made found said done seen kept").split(" ")


def filler(rng, most, words=WORDS):
    """A few words without meaning: frames differ in every document, so that the skill cannot hang on their wording."""
    return " ".join(rng.choice(words) for _ in range(rng.randint(1, most)))


def length(parts):
    return sum(len(text) for text, _ in parts)


def print_samples(skills):
    for skill, share in skills:
        print(f"--- {skill.__name__} ({share} %)")
        print("".join(text for text, _ in skill(random.Random(skill.__name__), 300)))
