#!/usr/bin/env python3
"""Drives a real `tripost serve` with the official `openai` package: chat, streams, n, log-probabilities, abort, errors.

    python3 -m venv /tmp/openai-venv && /tmp/openai-venv/bin/pip install openai
    /tmp/openai-venv/bin/python scripts/check_serve.py [--tripost build/src/tripost] [--model models/base]

Its speed is measured by bench/serve_against_engine.py.
"""
import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

KEY = "a-key-for-this-check"


class Server:
    def __init__(self, arguments, *options):
        environment = dict(os.environ, TRIPOST_API_KEY=KEY)
        command = [arguments.tripost, "serve", "--model", arguments.model, "--port", "0", *options]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        line = self.process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:(\d+)/v1", line)
        if not address:
            sys.exit(f"tripost serve did not start: {line}{self.process.stderr.read()}")
        self.port = int(address.group(1))
        self.url = f"http://127.0.0.1:{self.port}"

    def metric(self, name):
        request = urllib.request.Request(self.url + "/metrics", headers={"Authorization": f"Bearer {KEY}"})
        text = urllib.request.urlopen(request).read().decode()
        return float(re.search(rf"^{name} (\S+)$", text, re.M).group(1))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def check(name, is_right, shown=""):
    print(f"{'ok  ' if is_right else 'FAIL'} {name} {shown}", flush=True)
    check.failed += not is_right


check.failed = 0


def wait_until(is_true, seconds=30):
    end = time.time() + seconds
    while time.time() < end:
        if is_true():
            return True
        time.sleep(0.05)
    return False


def check_answers(client, model):
    messages = [{"role": "user", "content": "Evaluate ((1 + 2) * 3)."}]
    # A base model may end at once; it shall write something to compare.
    on = {"extra_body": {"ignore_eos": True}}
    answer = client.chat.completions.create(model=model, messages=messages, max_tokens=40, temperature=0, **on)
    text = answer.choices[0].message.content
    check("chat", answer.usage.completion_tokens > 0 and answer.choices[0].finish_reason in ("stop", "length"), repr(text))

    stream = client.chat.completions.create(
        model=model, messages=messages, max_tokens=40, temperature=0, stream=True, stream_options={"include_usage": True},
        **on)
    chunks = list(stream)
    streamed = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    check("stream equals the whole answer", streamed == text, f"{len(chunks)} chunks")
    check("stream ends in usage", chunks[-1].usage == answer.usage)

    four = client.chat.completions.create(model=model, messages=messages, max_tokens=30, n=4, seed=7, temperature=1.0, **on)
    again = client.chat.completions.create(model=model, messages=messages, max_tokens=30, n=4, seed=7, temperature=1.0, **on)
    texts = [choice.message.content for choice in four.choices]
    check("n = 4 gives four texts that differ", len(texts) == 4 and len(set(texts)) > 1)
    check("the same seed gives the same texts", texts == [choice.message.content for choice in again.choices])

    logs = client.chat.completions.create(
        model=model, messages=messages, max_tokens=10, temperature=0, logprobs=True, top_logprobs=3, **on)
    content = logs.choices[0].logprobs.content
    greedy = all(abs(t.logprob - t.top_logprobs[0].logprob) < 1e-6 and t.logprob <= 0 for t in content)
    check("greedy tokens are the likeliest ones", bool(content) and greedy, f"{len(content)} tokens")

    prompt = "Q: Evaluate (1 + 2).\nAnswer:"
    plain = client.completions.create(model=model, prompt=prompt, max_tokens=30, temperature=0)
    stop = plain.choices[0].text[5:9]
    stopped = client.completions.create(model=model, prompt=prompt, max_tokens=30, temperature=0, stop=[stop], logprobs=2)
    expected = plain.choices[0].text.split(stop)[0]
    check("stop ends the text before it", stopped.choices[0].text == expected, repr(stop))
    check("tokens before the stop make the text", expected.startswith("".join(stopped.choices[0].logprobs.tokens)))
    many = client.completions.create(model=model, prompt=[prompt, prompt + " "], n=2, max_tokens=3)
    check("two prompts with n = 2 give four choices", [c.index for c in many.choices] == [0, 1, 2, 3])
    check("models are listed", [m.id for m in client.models.list()] == [model])


def check_batched(client, model):
    def ask(number, texts):
        texts[number] = client.completions.create(
            model=model, prompt=f"Q: Evaluate ({number} + 2).\nAnswer:", max_tokens=60, seed=number, temperature=1.0,
            extra_body={"ignore_eos": True}).choices[0].text

    alone, together = {}, {}
    for number in range(16):
        ask(number, alone)
    threads = [threading.Thread(target=ask, args=(number, together)) for number in range(16)]
    for number, thread in enumerate(threads):
        thread.start()
        time.sleep(0.01)  # they join while others decode
    for thread in threads:
        thread.join()
    check("16 texts in one batch are those of one at a time", alone == together)


def check_abort(server, client, model):
    stream = client.completions.create(
        model=model, prompt="Q:", max_tokens=4000, stream=True, n=4, extra_body={"ignore_eos": True})
    next(iter(stream))
    running = server.metric("tripost_sequences")
    stream.close()
    check("abort of a stream frees its sequences", running == 4 and wait_until(lambda: server.metric("tripost_sequences") == 0))
    body = json.dumps({"prompt": "Q:", "max_tokens": 4000, "n": 4, "ignore_eos": True})
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(
            f"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        began = wait_until(lambda: server.metric("tripost_sequences") == 4)
    check("abort of a whole answer, too", began and wait_until(lambda: server.metric("tripost_sequences") == 0))
    check("both are counted", server.metric("tripost_aborted_requests_total") == 2)


def check_errors(openai, server, client, model):
    def raises(name, kind, call, words):
        try:
            call()
        except kind as error:
            check(name, words in f"{error.code} {error}", str(error)[:140])
        else:
            check(name, False, "nothing was raised")

    messages = [{"role": "user", "content": "Hi"}]
    create = client.chat.completions.create
    raises("wrong key", openai.AuthenticationError,
           lambda: openai.OpenAI(base_url=server.url + "/v1", api_key="wrong").models.list(), "invalid_api_key")
    raises("unknown model", openai.NotFoundError, lambda: create(model="other", messages=messages), "model_not_found")
    raises("unknown field", openai.BadRequestError,
           lambda: create(model=model, messages=messages, extra_body={"temprature": 1}), "temperature")
    raises("tools", openai.BadRequestError,
           lambda: create(model=model, messages=messages, tools=[{"type": "function", "function": {"name": "f"}}]), "tools")
    raises("too many tokens", openai.BadRequestError,
           lambda: create(model=model, messages=messages, max_tokens=10**6), "maximum context length")
    raises("n too large", openai.BadRequestError, lambda: create(model=model, messages=messages, n=10**9), "'n'")
    raises("a body of 5 MB", openai.APIStatusError,
           lambda: client.completions.create(model=model, prompt="x" * 5_000_000), "request_too_large")


def check_queue(openai, arguments, model):
    server = Server(arguments, "--max-batch", "2", "--max-waiting", "0")
    client = openai.OpenAI(base_url=server.url + "/v1", api_key=KEY, max_retries=0)
    stream = client.completions.create(
        model=model, prompt="Q:", max_tokens=4000, stream=True, n=2, extra_body={"ignore_eos": True})
    next(iter(stream))
    try:
        client.completions.create(model=model, prompt="Q:", max_tokens=1)
        check("more than it takes is 429", False)
    except openai.RateLimitError as error:
        check("more than it takes is 429 with Retry-After", error.response.headers.get("retry-after") == "1")
    started = time.time()
    stream.close()
    check("SIGTERM ends it with 0", server.stop() == 0, f"{time.time() - started:.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tripost", default="build/src/tripost")
    parser.add_argument("--model", default="models/base")
    arguments = parser.parse_args()
    import openai

    print("openai", openai.__version__)
    server = Server(arguments)
    client = openai.OpenAI(base_url=server.url + "/v1", api_key=KEY, max_retries=0)
    model = client.models.list().data[0].id
    check_answers(client, model)
    check_batched(client, model)
    check_abort(server, client, model)
    check_errors(openai, server, client, model)
    check("SIGTERM ends it with 0", server.stop() == 0)
    check_queue(openai, arguments, model)
    sys.exit(1 if check.failed else 0)


if __name__ == "__main__":
    main()
