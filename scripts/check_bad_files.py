"""Damages small model files in every way that issue 5 names, and opens each with `tripost convert`.

    python scripts/check_bad_files.py build/src/tripost

Each must end with exit code 1, one error line, in less than a second of processor time and with little more memory than a
whole file takes. Prints the line, the seconds and the peak memory of each; exits with 1 when one does otherwise.
"""

import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

DATA = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data"
SECONDS, MORE_KIB = 1.0, 20_000


def put(file, header, data):
    """A safetensors file with this header, text or object."""
    header = (header if isinstance(header, str) else json.dumps(header)).encode()
    file.write_bytes(struct.pack("<Q", len(header)) + header + data)


def change_header(change):
    def damage(folder):
        file = folder / "model.safetensors"
        data = file.read_bytes()
        end = 8 + struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8:end])
        put(file, change(header) or header, data[end:])
    return damage


def change_bytes(change, name="model.safetensors"):
    def damage(folder):
        file = folder / name
        file.write_bytes(change(file.read_bytes()))
    return damage


def repeat_key(header):
    text = json.dumps(header)
    begin = text.index('"model.norm.weight"')
    end = text.index("}", begin) + 1
    return text[:end] + ", " + text[begin:end] + text[end:]


def not_a_number(folder):
    file = folder / "model.safetensors"
    data = file.read_bytes()
    end = 8 + struct.unpack("<Q", data[:8])[0]
    begin = end + json.loads(data[8:end])["model.norm.weight"]["data_offsets"][0]
    file.write_bytes(data[:begin] + b"\xc0\x7f" + data[begin + 2 :])


def entry(name, **fields):
    return change_header(lambda header: header[name].update(fields))


def overlap(header):
    header["model.layers.1.mlp.up_proj.weight"]["data_offsets"] = header["model.layers.0.mlp.up_proj.weight"]["data_offsets"]


FOLDERS = {
    "truncated": change_bytes(lambda data: data[:-100]),
    "truncated header": change_bytes(lambda data: data[:200]),
    "empty": change_bytes(lambda data: b""),
    "header of 10 GB": change_bytes(lambda data: struct.pack("<Q", 10_000_000_000) + data[8:]),
    "overlapping offsets": change_header(overlap),
    "integer dtype": entry("model.norm.weight", dtype="I16"),
    "unknown dtype": entry("model.norm.weight", dtype="F7"),
    "wrong shape": entry("model.norm.weight", shape=[2, 32]),
    "absurd shape": entry("model.norm.weight", shape=[1 << 40, 1 << 40]),
    "duplicate tensor": change_header(repeat_key),
    "duplicate key in config.json": change_bytes(lambda data: data.replace(b"{", b'{"hidden_size": 32,', 1), "config.json"),
    "NaN weight": not_a_number,
}


def gguf_files():
    data = (DATA / "gguf" / "tiny-llama.gguf").read_bytes()
    tokens = (DATA / "gguf" / "tokenizer-gpt2.gguf").read_bytes()
    count = tokens.index(b"tokenizer.ggml.tokens") + 21 + 8
    shape = data.index(b"token_embd.weight") + 17
    replaced = lambda text, at, value: text[:at] + value + text[at + len(value) :]
    yield "GGUF truncated", data[: len(data) // 2]
    yield "GGUF truncated header", data[:100]
    yield "GGUF of 2^60 tensors", replaced(data, 8, struct.pack("<Q", 1 << 60))
    yield "GGUF of 2^60 values", replaced(data, 16, struct.pack("<Q", 1 << 60))
    yield "GGUF key of 10 GB", replaced(data, 24, struct.pack("<Q", 10_000_000_000))
    yield "GGUF list of 2^50 texts", replaced(tokens, count, struct.pack("<Q", 1 << 50))
    yield "GGUF tensor of 2^32-1 dimensions", replaced(data, shape, struct.pack("<I", 0xFFFFFFFF))
    yield "GGUF dimension of 2^62", replaced(data, shape + 4, struct.pack("<Q", 1 << 62))


def bad_models(scratch):
    for name, damage in FOLDERS.items():
        folder = scratch / name
        shutil.copytree(DATA / "model" / "tiny-llama", folder)
        damage(folder)
        yield name, folder
    folder = scratch / "missing shard"
    shutil.copytree(DATA / "model" / "tiny-llama-untied", folder)
    (folder / "model-00002-of-00002.safetensors").unlink()
    yield folder.name, folder
    for name, data in gguf_files():
        file = scratch / (name + ".gguf")
        file.write_bytes(data)
        yield name, file


def convert(tripost, model, scratch):
    """Exit code, messages, seconds of processor time and peak memory in KiB."""
    shutil.rmtree(scratch / "out", ignore_errors=True)
    with open(scratch / "messages", "w+") as messages:
        process = subprocess.Popen([tripost, "convert", model, scratch / "out"], stdout=messages, stderr=messages)
        _, status, usage = os.wait4(process.pid, 0)
        messages.seek(0)
        return os.waitstatus_to_exitcode(status), messages.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def main(tripost):
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        code, messages, _, whole = convert(tripost, DATA / "model" / "tiny-llama", scratch)
        assert code == 0, messages
        for name, model in bad_models(scratch):
            code, messages, seconds, peak = convert(tripost, model, scratch)
            good = code == 1 and messages.count("\n") == 1 and seconds < SECONDS and peak < whole + MORE_KIB
            failed += not good
            print(f"{'' if good else 'WRONG '}{name}: code {code}, {seconds:.2f} s, {peak // 1024} MiB\n"
                  f"  {messages.replace(str(scratch), '...').strip()}")
    print(f"a whole file takes {whole // 1024} MiB; {failed} cases end otherwise than they should")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
