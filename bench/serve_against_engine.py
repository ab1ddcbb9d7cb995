#!/usr/bin/env python3
"""`tripost serve` with many concurrent streams beside the engine alone and beside llama.cpp's server: the same model and prompts.

    python bench/serve_against_engine.py [--model FILE] [--streams 64] [--tokens 128] [--no-llama-cpp]

The engine alone is `tripost generate`. Both servers answer the same client, which is a thread for each stream and reads nothing but
the final count. Greedy, without stopping. Tokens per second are around the work only. CPU time per token, which a busy machine
changes less, is that of the server's process, and of generate's less its start-up.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import resource
import socket
import sys
import tempfile
import threading
import time
import types

from peer import ROOT, SMOLLM2, TRIPOST, figure, get_peers_of_smollm2, llama_server, run_tripost, summary, write_lines

sys.path.insert(0, str(ROOT / "scripts"))
from check_serve import KEY, Server  # noqa: E402


def prompts_of(count):
    return [f"Q: Evaluate (({n} + {n % 7}) * {n % 5 + 1}).\nAnswer: Let's think step by step." for n in range(count)]


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(port, prompt, tokens, extra):
    """The tokens of one stream."""
    body = json.dumps({"prompt": prompt, "max_tokens": tokens, "temperature": 0, "ignore_eos": True, "stream": True,
                       "stream_options": {"include_usage": True}, **extra})
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                           f"Content-Type: application/json\r\nAuthorization: Bearer {KEY}\r\n"
                           f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    found = re.search(rb'"completion_tokens":\s*(\d+)', answer)
    return int(found.group(1)) if found else sys.exit(f"no count of tokens in an answer that ends in {answer[-300:]}")


def serve_all(process, port, prompts, tokens, extra):
    """(tokens per second, CPU microseconds per token) of all prompts as concurrent streams."""
    counts = [0] * len(prompts)

    def work(number):
        counts[number] = ask(port, prompts[number], tokens, extra)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(prompts))]
    began, cpu = time.time(), cpu_seconds(process)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.time() - began
    if sum(counts) != len(prompts) * tokens:
        sys.exit(f"{sum(counts)} tokens came, {len(prompts) * tokens} were asked for")
    return sum(counts) / seconds, 1e6 * (cpu_seconds(process) - cpu) / sum(counts)


def generate_all(model, prompts, tokens, work):
    """(tokens per second, CPU seconds of the whole process)"""
    write_lines(work / "prompts.jsonl", [{"prompt": prompt} for prompt in prompts])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = run_tripost("generate", "--model", model, "--input", work / "prompts.jsonl", "--output", work / "out.jsonl",
                       "--max-new-tokens", tokens, "--ignore-eos")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return figure(said, r"\((\d+) tokens/s\)"), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=SMOLLM2)
    parser.add_argument("--streams", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=128, help="of each stream")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-llama-cpp", action="store_true")
    args = parser.parse_args()
    get_peers_of_smollm2()
    prompts = prompts_of(args.streams)
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as servers:
        work = pathlib.Path(name)
        model = work / "model.gguf"
        run_tripost("convert", args.model, model, "--dtype", "bfloat16")
        ours = Server(types.SimpleNamespace(tripost=TRIPOST, model=model), "--max-batch", str(args.streams))
        servers.callback(ours.stop)
        sides = {"serve": lambda tokens: serve_all(ours.process.pid, ours.port, prompts, tokens, {})}
        if not args.no_llama_cpp:
            process, port = servers.enter_context(
                llama_server(model, "-np", args.streams, "-c", args.streams * (args.tokens + 128), "-fa", "on"))
            one_likeliest = {"top_k": 1, "cache_prompt": False}
            sides["llama-server"] = lambda tokens: serve_all(process.pid, port, prompts, tokens, one_likeliest)
        for serve in sides.values():
            serve(8)  # the first requests touch the memory
        start_up = min(generate_all(model, prompts, 1, work)[1] for _ in range(2))  # loading and the first step

        def engine(tokens):
            speed, cpu = generate_all(model, prompts, tokens, work)
            return speed, 1e6 * (cpu - start_up) / (len(prompts) * (tokens - 1))

        sides["engine"] = engine
        figures = {side: [] for side in sides}
        for _ in range(args.rounds):
            for side, run in sides.items():
                figures[side].append(run(args.tokens))
    print(f"{pathlib.Path(args.model).name} in bfloat16, {args.streams} streams of {args.tokens} tokens, {os.cpu_count()} cores")
    for place, unit in enumerate(("tokens/s", "CPU us/token")):
        values = {side: [pair[place] for pair in pairs] for side, pairs in figures.items()}
        for side in list(sides)[1:][::-1]:
            print(summary(f"serve, {args.streams} streams, against {side}", values["serve"], values[side], unit)[0])


if __name__ == "__main__":
    main()
