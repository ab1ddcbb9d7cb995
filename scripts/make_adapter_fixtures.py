"""Makes tests/data/adapter: LoRA adapters saved by PEFT on tests/data/model, with its logits and gradients as the oracle.

    python scripts/make_adapter_fixtures.py     (with torch, transformers and peft; made with peft 0.21.2)

tiny-llama-all    rank 4 on all seven linear layers of tiny-llama
tiny-qwen3-some   rank 3 on queries, values and down projections of tiny-qwen3, scaled by alpha / sqrt(rank)
expected.safetensors holds what scripts/make_model_fixtures.py says, with the gradients of every A and B by the names of
their tensors. The sequences and weights are those of the base's fixture.
"""

import json
import pathlib
import shutil

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

DATA = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data"
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
ADAPTERS = {
    "tiny-llama-all": ("tiny-llama", dict(r=4, lora_alpha=8, target_modules=ALL)),
    "tiny-qwen3-some": ("tiny-qwen3", dict(r=3, lora_alpha=5, use_rslora=True,
                                           target_modules=["q_proj", "v_proj", "down_proj"])),
}


def make(name, base, settings):
    torch.manual_seed(4)
    given = load_file(DATA / "model" / base / "expected.safetensors")
    model = AutoModelForCausalLM.from_pretrained(DATA / "model" / base, dtype=torch.float32,
                                                 attn_implementation="eager")
    model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **settings)).eval()
    trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for parameter_name, parameter in trained.items():
            if "lora_B" in parameter_name:
                parameter.copy_(0.2 * torch.randn_like(parameter))
    folder = DATA / "adapter" / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "README.md").unlink()
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = base
    config["target_modules"].sort()
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2))

    loss, logits = 0.0, []
    starts = given["starts"].tolist()
    for begin, end in zip(starts, starts[1:]):
        ids = given["ids"][begin:end]
        out = model(input_ids=ids[None]).logits[0]
        logits.append(out.detach())
        chosen = out.log_softmax(-1).gather(1, torch.cat([ids[1:], ids[:1]])[:, None])[:, 0]
        loss = loss - (given["weights"][begin:end] * chosen).sum() / given["denominator"]
    loss.backward()
    expected = {key: given[key] for key in ("ids", "starts", "weights", "denominator")}
    expected |= {"loss": loss.detach(), "logits": torch.cat(logits)}
    for parameter_name, parameter in trained.items():
        expected["gradient." + parameter_name.replace(".default.", ".")] = parameter.grad
    save_file(expected, folder / "expected.safetensors")


for adapter, (base_name, lora) in ADAPTERS.items():
    make(adapter, base_name, lora)
