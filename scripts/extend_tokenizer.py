#!/usr/bin/env python3
"""Gives a model more tokens, learnt from a text: merges behind those that its byte-level BPE has, rows behind its embeddings.

    scripts/extend_tokenizer.py --model DIR --text FILE --tokens N --output DIR

What the tokenizer made of a text before it merges first; the new merges, those of the pairs that are most frequent then, only
join its tokens further. A new token's embedding is the mean of the two that it joins, so the model reads it as something
like them until it is trained. The output takes every other file of the model as it is.

Reads and writes bfloat16 safetensors and tokenizer.json with nothing but the standard library.
"""
import argparse
import collections
import json
import pathlib
import re
import shutil

from redraw_unseen_tokens import NAME, from_bfloat16, to_bfloat16


def byte_letters():
    """The letters that byte-level BPE writes bytes as (GPT-2): printable ones as themselves, the rest from U+0100 on."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    return {**{b: chr(b) for b in plain}, **{b: chr(256 + i) for i, b in enumerate(others)}}


def pieces(tokenizer, text):
    """The pieces that merges stay within, in byte letters, with how often each occurs."""
    split = tokenizer["pre_tokenizer"]["pretokenizers"][0]
    assert split["type"] == "Split" and split["behavior"] == "Isolated"
    # Possessive repetition at the end of an alternative matches what greedy repetition does, and older Pythons lack it.
    pattern, letters = re.compile(split["pattern"]["Regex"].replace("++", "+")), byte_letters()
    counts = collections.Counter(match.group(0) for match in pattern.finditer(text))
    return {"".join(letters[b] for b in piece.encode()): count for piece, count in counts.items()}


def join(tokens, pair):
    joined, i = [], 0
    while i < len(tokens):
        step = 2 if tuple(tokens[i:i + 2]) == pair else 1
        joined.append("".join(tokens[i:i + step]))
        i += step
    return joined


def merged(piece, ranks):
    tokens = list(piece)
    while True:
        known = [pair for pair in zip(tokens, tokens[1:]) if pair in ranks]
        if not known:
            return tokens
        tokens = join(tokens, min(known, key=ranks.get))


def new_merges(tokenizer, text, number):
    """The `number` merges that byte-pair encoding of the text goes on with; equally frequent pairs by their letters."""
    ranks = {tuple(m if isinstance(m, list) else m.split(" ")): rank for rank, m in enumerate(tokenizer["model"]["merges"])}
    words = [(merged(piece, ranks), count) for piece, count in pieces(tokenizer, text).items()]
    known, merges = set(tokenizer["model"]["vocab"]), []
    while len(merges) < number:
        counts = collections.Counter()
        for tokens, count in words:
            for pair in zip(tokens, tokens[1:]):
                counts[pair] += count
        pair = max((p for p in counts if "".join(p) not in known), key=lambda p: (counts[p], p))
        known.add("".join(pair))
        merges.append(pair)
        words = [(join(tokens, pair) if pair[0] in tokens else tokens, count) for tokens, count in words]
    return merges


def extend_embeddings(path, output, parents):
    """Writes the safetensors file again with a row more for each pair of token ids in `parents`."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header, data = json.loads(data[8:8 + size]), data[8 + size:]
    table = header[NAME]
    assert table["dtype"] == "BF16"
    width, (begin, end) = table["shape"][1], table["data_offsets"]
    rows = [from_bfloat16(data[at:at + 2 * width]) for at in range(begin, end, 2 * width)]
    for left, right in parents:
        rows.append([(a + b) / 2 for a, b in zip(rows[left], rows[right])])
    more = b"".join(to_bfloat16(x) for row in rows[table["shape"][0]:] for x in row)
    table["shape"][0] = len(rows)
    for name, tensor in header.items():
        if name != "__metadata__":
            tensor["data_offsets"] = [at + (len(more) if at >= end and (name != NAME or at > begin) else 0) for at in tensor["data_offsets"]]
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    output.write_bytes(len(text).to_bytes(8, "little") + text + data[:end] + more + data[end:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--text", type=pathlib.Path, required=True)
    parser.add_argument("--tokens", type=int, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    args = parser.parse_args()
    args.output.mkdir(parents=True)
    for path in args.model.iterdir():
        shutil.copy(path, args.output)
    tokenizer = json.loads((args.model / "tokenizer.json").read_text())
    model = tokenizer["model"]
    parents = []
    for pair in new_merges(tokenizer, args.text.read_text(), args.tokens):
        parents.append([model["vocab"][token] for token in pair])
        model["vocab"]["".join(pair)] = len(model["vocab"])
        model["merges"].append(list(pair) if isinstance(model["merges"][0], list) else " ".join(pair))
    (args.output / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False, indent=1) + "\n")
    config = json.loads((args.model / "config.json").read_text())
    config["vocab_size"] += len(parents)
    (args.output / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    extend_embeddings(args.model / "model.safetensors", args.output / "model.safetensors", parents)
    print(f"{len(parents)} more tokens, {config['vocab_size']} in all, in {args.output}")


if __name__ == "__main__":
    main()
