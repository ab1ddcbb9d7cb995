"""Makes tests/data/text: small tokenizers, strings, and what Hugging Face `tokenizers` gives for them.

    .venv/bin/python scripts/make_tokenizer_fixtures.py       (pip install tokenizers sentencepiece)

Ids are stored as 32-bit FNV-1a hashes of "1 2 3 " so that 28,000 cases fit 700 KB; check_tokenizer.py shows whole ids where
something differs. Strings at odd places are encoded with the post-processor's special tokens. llama2/tokenizer.model is the
SentencePiece model that llama2/tokenizer.json came from; llama2/sentencepiece.txt are the hashes of what the sentencepiece
library itself gives ("-": the string holds a special token, which the library takes for text).
"""

import json
import pathlib

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

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


def train_like_ours(pattern, vocab_size, max_token_length, texts):
    """What src/text/byte_pair_trainer.h promises to give for the same texts."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=vocab_size, special_tokens=["<|endoftext|>", "<|pad|>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=max_token_length + 1))  # theirs is a bound that is not reached
    return tokenizer


def save_case(name, tokenizer, strings, merges_as_text):
    save_tokenizer(FOLDER / name, tokenizer, merges_as_text)
    hashes = []
    for place, text in enumerate(strings):
        ids = cases.expected_ids(tokenizer, text, special=place % 2 == 1)
        hashes.append(hash_of(ids))
    (FOLDER / name / "hashes.txt").write_text("\n".join(hashes) + "\n")


def hash_of(ids):
    return f"{fnv1a(''.join(f'{i} ' for i in ids).encode()):08x}"


def save_sentence_pieces(folder, strings):
    model = cases.sentence_piece_model()
    (folder / "tokenizer.model").write_bytes(model)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    hashes = [hash_of(processor.encode(text)) if cases.is_plain(text) else "-" for text in strings]
    (folder / "sentencepiece.txt").write_text("\n".join(hashes) + "\n")


def main():
    strings = cases.strings(COUNT, seed=5)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "strings.jsonl").write_text(
        "".join(json.dumps({"text": text}, ensure_ascii=True) + "\n" for text in strings))
    for number, name in enumerate(cases.TOKENIZERS):
        save_case(name, cases.make_tokenizer(name), strings, merges_as_text=number % 2 == 0)
    save_sentence_pieces(FOLDER / "llama2", strings)
    texts = [path.read_text() for path in sorted(FOLDER.glob("example_*.txt"))] + strings
    save_case("trained", train_like_ours(cases.ARITHMETIC, 700, 96, texts), strings, merges_as_text=False)
    save_case("trained_short", train_like_ours(cases.LLAMA3, 600, 5, texts), strings, merges_as_text=False)


if __name__ == "__main__":
    main()
