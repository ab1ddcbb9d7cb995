#!/usr/bin/env python3
"""Sub-skills of word sorting for the base's corpus: letters of words and their places in the alphabet, copying lists and
numbering steps; base_word_orders.py and base_word_checks.py have the others.

    python3 scripts/base_words.py    prints one sample of each skill

A skill takes a random generator and a size in characters and gives [(text, loss weight), ...]; make_base_corpus.py says what
the weights mean. No document goes from a list of words to its alphabetical order; orders that are put back are drawn at
random.
"""
import random

from base_frames import RANDOM, length, print_samples
from base_word_checks import check, check_entries, compare_lists, redo
from base_word_lists import (
    ALL_WORDS, LETTERS, ORDINALS, Style, draw_count, draw_words, entries_at, filler, number)
from base_word_orders import group_tags, open_groups, put_back, sort_numbers, work_groups


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


def compare_words(rng, size):
    """Two words letter by letter to where they differ."""
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
        parts.append((f":{text} differ, {min(a, b)} before {max(a, b)}\n", 1.0))
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


# Shares of documents, so chosen that tokens come out as wanted: documents of some skills are shorter.
SKILLS = [(spell, 10), (alphabet, 3), (letter_at, 10), (copy_list, 6), (compare_words, 2), (outline, 1), (sort_numbers, 5),
          (group_tags, 10), (open_groups, 3), (put_back, 6), (work_groups, 4), (check, 12), (check_entries, 3),
          (compare_lists, 4), (redo, 21)]

if __name__ == "__main__":
    print_samples(SKILLS)
