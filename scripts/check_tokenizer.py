"""Compares `tripost tokenize` with Hugging Face `tokenizers` on many adversarial strings, and with real tokenizers.

    .venv/bin/python scripts/check_tokenizer.py --tripost build/src/tripost [--count 20000] [--seed 1] [FOLDER ...]

Each FOLDER holds a tokenizer.json; without any, the tokenizers of tests/data/text are checked. Prints the first differences,
and exits with 1 when there are some.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from tokenizers import Tokenizer

import tokenizer_cases as cases

DATA = pathlib.Path(__file__).resolve().parent.parent / "tests/data/text"


def our_ids(tripost, folder, texts):
    with tempfile.TemporaryDirectory() as temporary:
        source, target = pathlib.Path(temporary, "texts.jsonl"), pathlib.Path(temporary, "ids.jsonl")
        source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
        subprocess.run([tripost, "tokenize", "--model", folder, "--input", source, "--output", target], check=True)
        return [json.loads(line)["ids"] for line in target.read_text().splitlines()]


def differences(tripost, folder, texts):
    reference = Tokenizer.from_file(str(folder / "tokenizer.json"))
    different = 0
    for text, ours in zip(texts, our_ids(tripost, folder, texts), strict=True):
        expected = reference.encode(text).ids
        if ours != expected:
            different += 1
            if different <= 5:
                print(f"{folder.name}: {text!a}\n  expected {expected}\n  found    {ours}")
    print(f"{folder.name}: {different} of {len(texts)} strings differ")
    return different


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tripost", required=True)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("folders", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    folders = options.folders or sorted(path.parent for path in DATA.glob("*/tokenizer.json"))
    texts = cases.strings(options.count, options.seed)
    sys.exit(1 if sum(differences(options.tripost, folder, texts) for folder in folders) else 0)


if __name__ == "__main__":
    main()
