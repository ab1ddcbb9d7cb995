"""What the comparisons share: models of a given shape, prompts of a given length, runs of tripost and of llama.cpp, and medians.

Every comparison runs both sides on the same weights and the same tokens, in turns, so that a change of the machine's mood hits
both; it checks that both did the same work, and prints ours, theirs, the ratio of the medians and the spread.
"""
import contextlib
import json
import math
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRIPOST = ROOT / "build/src/tripost"
LLAMA_CPP = ROOT / "build-bench/llama.cpp/bin"
SMOLLM2 = ROOT / "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"

# Shapes of the issue on speed. The small ones have random weights, with the vocabulary and tokenizer of models/base; 135M is
# SmolLM2 itself, so that its texts say something.
SHAPES = {
    "0.9M": dict(hidden_size=128, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2, intermediate_size=344),
    "3.3M": dict(hidden_size=256, num_hidden_layers=4, num_attention_heads=8, num_key_value_heads=4, intermediate_size=688),
    "135M": dict(hidden_size=576, num_hidden_layers=30, num_attention_heads=9, num_key_value_heads=3, intermediate_size=1536,
                 vocab_size=49152),
}


def make_model(shape, folder):
    """A Llama of that shape as a Hugging Face folder. Returns its parameter count."""
    if shape == "135M":
        return convert_smollm2(folder)
    return make_random_model(shape, folder)


def convert_smollm2(folder):
    from safetensors import safe_open

    run_script("scripts/get_smollm2.sh")
    # bfloat16, as for the random ones.
    run_tripost("convert", SMOLLM2, folder, "--dtype", "bfloat16")
    with safe_open(folder / "model.safetensors", "pt") as file:
        return sum(math.prod(file.get_slice(name).get_shape()) for name in file.keys())


def make_random_model(shape, folder):
    import shutil

    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(1)
    values = {"vocab_size": json.loads((ROOT / "models/base/config.json").read_text())["vocab_size"], **SHAPES[shape]}
    # A wide initialisation keeps greedy texts from standing still on one token.
    config = LlamaConfig(max_position_embeddings=4096, tie_word_embeddings=True, bos_token_id=None, eos_token_id=0,
                         pad_token_id=0, initializer_range=0.1, **values)
    # Values that bfloat16 holds: tripost starts its float32 master weights from the rounded ones.
    model = LlamaForCausalLM(config).to(torch.bfloat16).float()
    model.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(ROOT / "models/base" / name, folder)
    return sum(p.numel() for p in model.parameters())


def prompts_of(tokenizer, count, length):
    """Texts of the base's corpus, joined where one is too short, each of exactly `length` tokens."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from make_base_corpus import SKILLS, document

    texts, seed = [], 0
    while len(texts) < count:
        joined, ids = "", []
        while len(ids) < length:
            joined += document(f"bench:{seed}", SKILLS)["text"]
            ids = tokenizer(joined, add_special_tokens=False)["input_ids"]
            seed += 1
        text = tokenizer.decode(ids[:length])
        if tokenizer(text, add_special_tokens=False)["input_ids"] == ids[:length]:
            texts.append(text)
    return texts


def run_tripost(*arguments):
    """(everything it wrote to the terminal); stops the comparison when it fails."""
    done = subprocess.run([str(TRIPOST), *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"tripost {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout + done.stderr


def has_fast_bfloat16():
    """False on a processor without BF16 instructions, where PyTorch multiplies bfloat16 in a plain loop: hundreds of times slower
    than float32, so that its runs would take hours."""
    import torch

    def seconds(dtype):
        a = torch.randn(256, 256).to(dtype)
        times = []
        for _ in range(4):
            began = time.time()
            a @ a
            times.append(time.time() - began)
        return min(times)

    return seconds(torch.bfloat16) < 4 * seconds(torch.float32)


def generate_ours(model, work, prompts, new_tokens, dtype):
    """(texts, tokens per second), greedy."""
    write_lines(work / "prompts.jsonl", [{"prompt": prompt} for prompt in prompts])
    said = run_tripost("generate", "--model", model, "--input", work / "prompts.jsonl", "--output", work / "out.jsonl",
                       "--max-new-tokens", new_tokens, "--ignore-eos", "--dtype", dtype)
    texts = [json.loads(line)["completion"] for line in open(work / "out.jsonl")]
    return texts, figure(said, r"\((\d+) tokens/s\)")


def tripost_usage(*arguments):
    """What a run of tripost took from the machine (resource.getrusage's fields). ru_maxrss, its largest resident size in KiB, is
    never below this process's own: Linux counts from the fork on, so small models cannot be told apart by it."""
    process = subprocess.Popen([TRIPOST, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"tripost {arguments[0]} failed: {said.strip()}")
    return usage


def run_script(script):
    """One of ours that makes what is missing."""
    if subprocess.run([ROOT / script], stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit(f"{script} failed")


def get_peers_of_smollm2():
    """llama.cpp and SmolLM2-135M."""
    run_script("bench/llama_cpp.sh")
    run_script("scripts/get_smollm2.sh")


@contextlib.contextmanager
def llama_server(model, *options):
    """The port of a llama-server of `model`, which ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [LLAMA_CPP / "llama-server", "-m", model, "--port", port, "-t", os.cpu_count(), *options]
    server = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health")
                break
            if server.poll() is not None:
                break
            time.sleep(0.1)
        else:
            sys.exit("llama-server did not become ready within a minute")
        if server.poll() is not None:
            sys.exit(f"llama-server ended at once: {' '.join(map(str, command))}")
        yield server, port
    finally:
        server.terminate()
        server.wait()


def summary(name, ours, theirs, unit="tokens/s"):
    """One line of the table: medians, their ratio, and the spread of each as lowest to highest."""
    low = lambda values: f"{min(values):,.0f}-{max(values):,.0f}"
    a, b = statistics.median(ours), statistics.median(theirs)
    return (f"{name:<44} ours {a:>9,.0f} ({low(ours)})  theirs {b:>9,.0f} ({low(theirs)}) {unit}  ratio {a / b:5.1f}", a / b)


def write_lines(path, lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def figure(text, pattern):
    found = re.findall(pattern, text)
    if not found:
        sys.exit(f"no figure like {pattern!r} in:\n{text[-400:]}")
    return float(found[-1].replace(",", ""))
