"""Speed of our tokenizer against Hugging Face `tokenizers`, one core each, same texts.

    .venv/bin/python bench/tokenize_against_huggingface.py build/bench/bench_tokenize [FOLDER ...]

Each FOLDER holds a tokenizer.json; without any, some of tests/data/text. The texts are 5,000 adversarial strings, and the ten
languages and the code of scripts/tokenizer_cases.py in documents of 4 KB. Theirs is encode_batch_fast of all texts on one
thread, ours one encode after the other; both keep the words they met. Shown are the first round and the best of
5, by processor time, so that other programs do not count.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from tokenizers import Tokenizer  # noqa: E402

import tokenizer_cases as cases  # noqa: E402

NAMES = ["gpt2", "llama3", "qwen", "smollm2", "llama2", "mistral"]


def documents(count, seed=3):
    rng = random.Random(seed)
    parts = cases.training_texts()
    made = []
    while len(made) < count:
        text = ""
        while len(text) < 4000:
            text += rng.choice(parts) + "\n"
        made.append(text)
    return made


def theirs(folder, texts):
    seconds = []
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    for _ in range(5):
        start = time.process_time()
        tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        seconds.append(time.process_time() - start)
    return seconds[0], min(seconds)


def main(program, *folders):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for kind, texts in [("strings", cases.strings(5000, 2)), ("documents", documents(150))]:
        size = sum(len(text.encode()) for text in texts)
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write("".join(json.dumps({"text": text}) + "\n" for text in texts))
            file.flush()
            for folder in [pathlib.Path(name) for name in folders] or [ROOT / "tests/data/text" / name for name in NAMES]:
                line = json.loads(subprocess.run([program, folder, file.name, "4"], check=True, capture_output=True).stdout)
                first, best = theirs(folder, texts)
                print(f"{kind:9} {folder.name:10} first round: ours {size / line['first'] / 1e6:6.1f} MB/s, theirs "
                      f"{size / first / 1e6:6.1f}, {first / line['first']:5.2f}x; best: ours {size / line['best'] / 1e6:6.1f}, "
                      f"theirs {size / best / 1e6:6.1f}, {best / line['best']:5.2f}x", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
