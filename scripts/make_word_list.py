#!/usr/bin/env python3
"""Makes src/task/word_list.cpp, the words that questions of word sorting are drawn from.

    scripts/make_word_list.py /usr/share/dict/american-english-small > src/task/word_list.cpp

The source is Debian's package wamerican-small (SCOWL; its licence, docs/licences/scowl.txt, lets anyone copy, change and
distribute it). Words are taken as the paper's lists have them: in lower case, names among them, a few with an apostrophe,
most of them in their base form, 2 to 14 letters. Which ones is decided by a hash, so the file is the same whoever makes it.
"""
import hashlib
import re
import sys
import textwrap

COUNT = 5000
COARSE = re.compile(r"fuck|shit|cunt|nigg|faggot|whore|slut|bitch|rapist|retard$|spic$|kike|dyke|tits|penis|vagina|pussy|piss|arse|turd")


def is_inflected(word, known):
    """Whether the word is a form of another one of the list: "abided", "abbeys"."""
    for suffix in ("s", "es", "ies", "d", "ed", "ied", "ing", "ings", "r", "er", "ier", "st", "est", "iest", "ly"):
        if word.endswith(suffix) and len(word) > len(suffix) + 1:
            stem = word[:-len(suffix)]
            if known & {stem, stem + "e", stem + "y", stem[:-1] if stem[-2:-1] == stem[-1] else stem}:
                return True
    return False


def words_of(path):
    with open(path, encoding="utf-8") as lines:
        known = {line.strip().lower() for line in lines}
    for word in known:
        plain = re.fullmatch(r"[a-z]{2,14}", word) and not is_inflected(word, known)
        contraction = re.fullmatch(r"[a-z]+'[a-z]+", word) and not word.endswith("'s")
        if (plain or contraction) and not COARSE.search(word):
            yield word


def main():
    chosen = sorted(words_of(sys.argv[1]), key=lambda word: hashlib.sha256(word.encode()).digest())[:COUNT]
    print('// Made by scripts/make_word_list.py from Debian\'s wamerican-small (SCOWL,\n'
          '// docs/licences/scowl.txt). Do not edit.\n'
          '#include "task/word_list.h"\n\n'
          'namespace tripost {\n\n'
          'const char* const kWords =\n'
          '    R"(' + "\n".join(textwrap.wrap(" ".join(sorted(chosen)), 99, break_on_hyphens=False)) + ')";\n\n'
          '}  // namespace tripost')


if __name__ == "__main__":
    main()
