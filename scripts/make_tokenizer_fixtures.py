"""Makes tests/data/text: small tokenizers, strings, and what Hugging Face `tokenizers` gives for them.

    /work/venv/bin/python scripts/make_tokenizer_fixtures.py

Ids are stored as 32-bit FNV-1a hashes of "1 2 3 " so that 24,000 cases fit 500 KB; check_tokenizer.py shows whole ids where
something differs. Strings at odd places are encoded with the post-processor's special tokens.
"""

import json
import pathlib

import tokenizer_cases as cases

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests/data/text"
COUNT = 2000


def fnv1a(data):
    value = 0x811C9DC5
    for byte in data:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def save_tokenizer(folder, tokenizer, merges_as_text):
    content = json.loads(tokenizer.to_str())
    if merges_as_text:  # older files write a merge as one string
        content["model"]["merges"] = [" ".join(merge) for merge in content["model"]["merges"]]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")


def main():
    strings = cases.strings(COUNT, seed=5)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "strings.jsonl").write_text(
        "".join(json.dumps({"text": text}, ensure_ascii=True) + "\n" for text in strings))
    for number, name in enumerate(cases.TOKENIZERS):
        tokenizer = cases.make_tokenizer(name)
        save_tokenizer(FOLDER / name, tokenizer, merges_as_text=number % 2 == 0)
        hashes = []
        for place, text in enumerate(strings):
            ids = cases.expected_ids(tokenizer, text, special=place % 2 == 1)
            hashes.append(f"{fnv1a(''.join(f'{i} ' for i in ids).encode()):08x}")
        (FOLDER / name / "hashes.txt").write_text("\n".join(hashes) + "\n")


if __name__ == "__main__":
    main()
