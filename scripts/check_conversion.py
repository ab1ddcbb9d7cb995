"""Compares `tripost convert` and the model behind it with transformers and the `gguf` package (pip install gguf).

    /work/venv/bin/python scripts/check_conversion.py models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf build/src/tripost

1. The file as a float32 folder: every tensor equal to what the `gguf` package dequantises.
2. Log-probabilities of the .gguf in tripost against transformers on that folder, and token ids against its tokenizer.
3. The folder as F16, BF16 and Q8_0 files: read by the `gguf` package, every tensor equal to its own conversion.
4. A small random Llama with a SentencePiece tokenizer.model as a BF16 file and as a folder again: tensors equal for the `gguf`
   package and bit for bit in the folder, pieces, types and the order of scores those of llama.cpp's converter (tests/data/gguf), ids equal.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import gguf
import numpy
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig

DATA = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data"

TEXTS = ["The capital of France is Paris, and 1234 + 5678 = 6912.", "def main():\n    return {'a': [1, 2, 3]}\n",
         "Ünïcödé — 日本語 and emoji 🙂, tabs\tand   blanks.", "<|im_start|>user\nWhy is the sky blue?<|im_end|>\n",
         " ".join(str(i * i) for i in range(60))]
NAMES = {"attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
         "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_norm": "post_attention_layernorm",
         "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}


def plain_name(name):
    if name == "token_embd.weight":
        return "model.embed_tokens.weight"
    if name == "output_norm.weight":
        return "model.norm.weight"
    _, layer, middle, kind = re.match(r"(blk)\.(\d+)\.(\w+)\.(\w+)", name).groups()
    return f"model.layers.{layer}.{NAMES[middle]}.{kind}"


def tensors_of(path):
    """Of a Llama: float32 by Hugging Face's names and row order, and the type stored."""
    reader = gguf.GGUFReader(path)
    heads = {"attn_q": reader.get_field("llama.attention.head_count").contents(),
             "attn_k": reader.get_field("llama.attention.head_count_kv").contents()}
    for tensor in reader.tensors:
        numbers = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        for middle, count in heads.items():
            if f".{middle}.weight" in tensor.name:
                numbers = (numbers.reshape(count, numbers.shape[0] // count // 2, 2, -1).swapaxes(1, 2)
                           .reshape(numbers.shape))
        yield plain_name(tensor.name), numbers, tensor.tensor_type


def check_tensors(path, expected, kind=None):
    count = 0
    for name, numbers, stored in tensors_of(path):
        wanted = expected[name].numpy()
        if kind is not None and wanted.ndim > 1:
            assert stored == kind, (name, stored)
            wanted = gguf.quants.dequantize(gguf.quants.quantize(numpy.ascontiguousarray(wanted), kind), kind)
        assert numpy.array_equal(numbers, wanted), name
        count += 1
    assert count == len(expected), (count, len(expected))
    print(f"{path}: {count} tensors equal")


def run_lines(tripost, command, model, folder, lines, *options):
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    subprocess.run([tripost, command, "--model", model, "--input", source, "--output", target, *options], check=True)
    return [json.loads(line) for line in target.read_text().splitlines()]


def check_logits(tripost, model_file, folder, scratch):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    worst = 0.0
    lines = [{"text": text} for text in TEXTS]
    ids = run_lines(tripost, "tokenize", model_file, scratch, lines)
    ours = run_lines(tripost, "logprobs", model_file, scratch, lines, "--dtype", "float32")
    for text, line, tokens in zip(TEXTS, ours, ids):
        assert tokens["ids"] == tokenizer(text)["input_ids"] == line["ids"], text
        with torch.no_grad():
            logits = model(torch.tensor([line["ids"]])).logits[0].log_softmax(-1)
        theirs = logits[:-1].gather(1, torch.tensor(line["ids"])[1:, None])[:, 0]
        worst = max(worst, (theirs - torch.tensor(line["logprobs"])).abs().max().item())
    print(f"log-probabilities of {sum(len(line['ids']) for line in ours)} tokens: largest difference {worst:.2e}")
    assert worst < 1e-4


def check_sentence_pieces(tripost, scratch):
    expected = gguf.GGUFReader(DATA / "gguf" / "tokenizer-llama2.gguf")
    size = len(expected.get_field("tokenizer.ggml.tokens").contents())
    torch.manual_seed(1)
    config = LlamaConfig(vocab_size=size, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
                         num_key_value_heads=2, bos_token_id=1, eos_token_id=2, tie_word_embeddings=True)
    folders = [scratch / "pieces", scratch / "pieces-again"]
    AutoModelForCausalLM.from_config(config).to(torch.bfloat16).save_pretrained(folders[0])
    shutil.copy(DATA / "text" / "llama2" / "tokenizer.model", folders[0])
    file = scratch / "pieces.gguf"
    subprocess.run([tripost, "convert", folders[0], file], check=True)
    subprocess.run([tripost, "convert", file, folders[1], "--dtype", "bfloat16"], check=True)
    before, after = (load_file(folder / "model.safetensors") for folder in folders)
    assert before.keys() == after.keys() and all(
        before[name].dtype == after[name].dtype and torch.equal(before[name], after[name]) for name in before)
    check_tensors(file, {name: tensor.float() for name, tensor in before.items()}, gguf.GGMLQuantizationType.BF16)
    reader = gguf.GGUFReader(file)
    value = lambda file, key: file.get_field("tokenizer.ggml." + key).contents()
    for key in ["model", "tokens", "token_type", "bos_token_id", "eos_token_id", "add_bos_token", "add_eos_token"]:
        assert value(expected, key) == value(reader, key), key
    # Merging looks only at which score is higher.
    scores = [value(file, "scores") for file in (expected, reader)]
    plain = [i for i, kind in enumerate(value(expected, "token_type")) if kind == 1]
    assert sorted(plain, key=lambda i: -scores[0][i]) == sorted(plain, key=lambda i: -scores[1][i])
    lines = [json.loads(line) for line in (DATA / "text" / "strings.jsonl").read_text(encoding="utf-8").splitlines()]
    lines = [{"text": line["text"]} for line in lines]
    ids = [run_lines(tripost, "tokenize", model, scratch, lines) for model in (folders[0], file, folders[1])]
    assert ids[0] == ids[1] == ids[2]
    print(f"SentencePiece: {len(before)} tensors, {size} pieces and the ids of {len(lines)} texts equal")


def main(model_file, tripost):
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = pathlib.Path(scratch_name)
        folder = scratch / "folder"
        subprocess.run([tripost, "convert", model_file, folder], check=True)
        weights = load_file(folder / "model.safetensors")
        check_tensors(model_file, weights)
        check_logits(tripost, model_file, folder, scratch)
        for kind, name in [("F16", "float16"), ("BF16", "bfloat16"), ("Q8_0", "q8_0")]:
            target = scratch / f"{name}.gguf"
            subprocess.run([tripost, "convert", folder, target, "--dtype", name], check=True)
            check_tensors(target, weights, gguf.GGMLQuantizationType[kind])
            target.unlink()
        before, after = gguf.GGUFReader(model_file), None
        subprocess.run([tripost, "convert", folder, scratch / "again.gguf", "--dtype", "q8_0"], check=True)
        after = gguf.GGUFReader(scratch / "again.gguf")
        for key in ["model", "pre", "tokens", "token_type", "merges", "bos_token_id", "eos_token_id"]:
            key = "tokenizer.ggml." + key
            assert before.get_field(key).contents() == after.get_field(key).contents(), key
        print("tokenizer equal")
        check_sentence_pieces(tripost, scratch)


if __name__ == "__main__":
    main(*sys.argv[1:])
