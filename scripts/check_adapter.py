"""Opens an adapter that tripost saved in PEFT, and compares.

    python scripts/check_adapter.py build/src/tripost ADAPTER      (with torch, transformers, tokenizers and peft)

The adapter's base must be a Hugging Face folder. Checked: log-probabilities in float32 of base + adapter and of the model that
`tripost convert` merges are PEFT's within 1e-4, and the adapter that PEFT saves again holds the same tensors, bit for bit.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import torch
from peft import AutoPeftModelForCausalLM
from safetensors.torch import load_file

TEXTS = ["The capital of France is Paris.", "Q: ((1 + -2 - 3) * (4 - -5 + 6)) =\nAnswer: Let's think step by step.",
         "Sort the following words alphabetically: pear apple fig"]

tripost, adapter = sys.argv[1], pathlib.Path(sys.argv[2])


def run(*arguments):
    subprocess.run([tripost, *map(str, arguments)], check=True)


def log_probabilities(model, folder):
    (folder / "texts").write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))
    run("logprobs", "--model", model, "--input", folder / "texts", "--output", folder / "out", "--dtype", "float32")
    return [json.loads(line) for line in (folder / "out").read_text().splitlines()]


def largest_difference(model, lines):
    worst = 0.0
    for line in lines:
        ids = torch.tensor([line["ids"]])
        with torch.no_grad():
            logits = model(input_ids=ids).logits[0]
        theirs = logits.log_softmax(-1)[:-1].gather(1, ids[0, 1:, None])[:, 0]
        worst = max(worst, (theirs - torch.tensor(line["logprobs"])).abs().max().item())
    return worst


model = AutoPeftModelForCausalLM.from_pretrained(adapter, dtype=torch.float32).eval()
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    unmerged = largest_difference(model, log_probabilities(adapter, folder))
    run("convert", adapter, folder / "merged", "--dtype", "float32")
    merged = largest_difference(model, log_probabilities(folder / "merged", folder))
    model.save_pretrained(folder / "again")
    ours, theirs = (load_file(path / "adapter_model.safetensors") for path in (adapter, folder / "again"))
same = ours.keys() == theirs.keys() and all(torch.equal(ours[key], theirs[key]) for key in ours)
print(f"log-probabilities differ from PEFT's by at most {unmerged:.1e} (adapter), {merged:.1e} (merged)")
print(f"{len(ours)} tensors, saved again by PEFT: {'equal' if same else 'DIFFERENT'}")
sys.exit(0 if same and max(unmerged, merged) < 1e-4 else 1)
