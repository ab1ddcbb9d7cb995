"""Compares `tripost tokenize` with Hugging Face `tokenizers` on many adversarial strings, and with real tokenizers.

    .venv/bin/python scripts/check_tokenizer.py --tripost build/src/tripost [--count 20000] [--seed 1] [MODEL ...]

Each MODEL is a folder with a tokenizer.json or a tokenizer.model, or a .gguf file; without any, the tokenizers of
tests/data/text (GPT-2, Llama 3, Qwen and SmolLM2 patterns, SentencePiece style, and some made to be odd) and models/base are
checked. The reference of a tokenizer.json is `tokenizers`, of a tokenizer.model the sentencepiece library (strings that hold
its special tokens aside: the library takes them for text), of a .gguf file `tokenizers` on what `tripost convert` makes of
it. Bytes that are not UTF-8 cannot be put into JSON: tests/text covers them. Prints the first differences, and exits with 1
when there are some.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import sentencepiece
from tokenizers import Tokenizer

import tokenizer_cases as cases

ROOT = pathlib.Path(__file__).resolve().parent.parent


def our_ids(tripost, model, texts):
    with tempfile.TemporaryDirectory() as temporary:
        source, target = pathlib.Path(temporary, "texts.jsonl"), pathlib.Path(temporary, "ids.jsonl")
        source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
        subprocess.run([tripost, "tokenize", "--model", model, "--input", source, "--output", target], check=True)
        return [json.loads(line)["ids"] for line in target.read_text().splitlines()]


def their_ids(tripost, model, texts):
    if model.suffix == ".gguf":
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([tripost, "convert", model, f"{folder}/model"], check=True)
            tokenizer = Tokenizer.from_file(f"{folder}/model/tokenizer.json")
    elif (model / "tokenizer.json").exists():
        tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    else:
        processor = sentencepiece.SentencePieceProcessor(model_file=str(model / "tokenizer.model"))
        return [[processor.bos_id(), *processor.encode(text)] if cases.is_plain(text) else None for text in texts]
    return [tokenizer.encode(text).ids for text in texts]


def differences(tripost, model, texts):
    different = compared = 0
    for text, ours, theirs in zip(texts, our_ids(tripost, model, texts), their_ids(tripost, model, texts), strict=True):
        compared += theirs is not None
        if theirs is not None and ours != theirs:
            different += 1
            if different <= 5:
                print(f"{model.name}: {text!a}\n  expected {theirs}\n  found    {ours}")
    print(f"{model.name}: {different} of {compared} strings differ", flush=True)
    return different


def with_only_the_pieces(scratch):
    """llama2 of the test data without its tokenizer.json."""
    folder = scratch / "llama2-tokenizer.model"
    folder.mkdir()
    (folder / "tokenizer.model").write_bytes((ROOT / "tests/data/text/llama2/tokenizer.model").read_bytes())
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tripost", required=True)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("models", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    texts = cases.strings(options.count, options.seed)
    with tempfile.TemporaryDirectory() as scratch:
        models = options.models or [
            *sorted(path.parent for path in (ROOT / "tests/data/text").glob("*/tokenizer.json")), ROOT / "models/base",
            with_only_the_pieces(pathlib.Path(scratch))]
        sys.exit(1 if sum(differences(options.tripost, model, texts) for model in models) else 0)


if __name__ == "__main__":
    main()
