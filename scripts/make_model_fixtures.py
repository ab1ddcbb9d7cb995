"""Makes tests/data/model: tiny random models saved by transformers, with its logits and gradients as the oracle.

    /work/venv/bin/python scripts/make_model_fixtures.py [NAME ...]

tiny-llama         tied, bfloat16, 4 heads over 2 key/value heads
tiny-llama-untied  float32, two shards and an index, head size not hidden / heads, another rope_theta
tiny-llama3        rotary scaling of Llama 3.1, with frequencies in each of its three ranges
tiny-llama-bias    attention and MLP biases, linear rotary scaling
tiny-mistral       a sliding window shorter than the sequences, in every layer
tiny-qwen2         biases of queries, keys and values, tied
tiny-qwen2-window  the same with a sliding window in the second layer only
tiny-qwen3         norms of queries and keys, head size not hidden / heads
Each folder's expected.safetensors holds packed sequences (ids, starts), their float32 logits, per-token weights, and the
gradients of sum(weights * cross entropy of the next token) / denominator for some parameters (for all of them in the
architectures' folders). bfloat16_error is the root mean square difference of transformers' own bfloat16 logits.
"""

import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

ROOT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data" / "model"
DENOMINATOR = 7.5
LENGTHS = [5, 17, 1, 30]

MODELS = {
    "tiny-llama": dict(
        config=dict(hidden_size=64, intermediate_size=96, num_attention_heads=4, num_key_value_heads=2,
                    tie_word_embeddings=True, rms_norm_eps=1e-5),
        dtype=torch.bfloat16, shard="5GB"),
    "tiny-llama-untied": dict(
        config=dict(hidden_size=32, intermediate_size=48, num_attention_heads=4, num_key_value_heads=1, head_dim=16,
                    tie_word_embeddings=False, rms_norm_eps=1e-6,
                    rope_parameters={"rope_type": "default", "rope_theta": 500000.0}),
        dtype=torch.float32, shard="60KB"),
}

SMALL = dict(hidden_size=32, intermediate_size=40, num_attention_heads=4, num_key_value_heads=2, vocab_size=64)
ARCHITECTURES = {
    "tiny-llama3": (LlamaConfig, dict(
        head_dim=16, tie_word_embeddings=True,
        rope_parameters={"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
                         "high_freq_factor": 4.0, "original_max_position_embeddings": 32})),
    "tiny-llama-bias": (LlamaConfig, dict(
        attention_bias=True, mlp_bias=True,
        rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0})),
    "tiny-mistral": (MistralConfig, dict(sliding_window=7)),
    "tiny-qwen2": (Qwen2Config, dict(tie_word_embeddings=True)),
    "tiny-qwen2-window": (Qwen2Config, dict(use_sliding_window=True, sliding_window=5, max_window_layers=1)),
    "tiny-qwen3": (Qwen3Config, dict(head_dim=16, tie_word_embeddings=True)),
}
for name, (kind, config) in ARCHITECTURES.items():
    MODELS[name] = dict(kind=kind, config=SMALL | config, dtype=torch.bfloat16, shard="5GB")

GRADIENTS = [
    "model.embed_tokens.weight",
    "model.layers.0.input_layernorm.weight",
    "model.layers.0.self_attn.q_proj.weight",
    "model.layers.0.self_attn.v_proj.weight",
    "model.layers.0.mlp.gate_proj.weight",
    "model.layers.1.post_attention_layernorm.weight",
    "model.layers.1.self_attn.k_proj.weight",
    "model.layers.1.self_attn.o_proj.weight",
    "model.layers.1.mlp.up_proj.weight",
    "model.layers.1.mlp.down_proj.weight",
    "model.norm.weight",
    "lm_head.weight",
]


def bfloat16_error(folder, sequences, logits):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, attn_implementation="eager").eval()
    with torch.no_grad():
        theirs = torch.cat([model(ids[None]).logits[0].float() for ids in sequences])
    return (theirs - logits).square().mean().sqrt()


def make(name, config, dtype, shard, kind=LlamaConfig):
    torch.manual_seed(1)
    settings = dict(vocab_size=128, num_hidden_layers=2, max_position_embeddings=64, initializer_range=0.15,
                    bos_token_id=1, eos_token_id=2, attn_implementation="eager") | config
    model = AutoModelForCausalLM.from_config(kind(**settings))
    vocab_size = settings["vocab_size"]
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if "norm" in parameter_name:
                parameter.copy_(1 + 0.2 * torch.randn_like(parameter))
            if parameter_name.endswith(".bias"):
                parameter.copy_(0.3 * torch.randn_like(parameter))
    model.to(dtype)
    folder = ROOT / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, max_shard_size=shard)
    # Read back, not model.float(): that would keep rotary frequencies rounded to bfloat16, which no loaded model has.
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()

    generator = torch.Generator().manual_seed(2)
    sequences = [torch.randint(0, vocab_size, (length,), generator=generator) for length in LENGTHS]
    weights = [torch.rand(length, generator=generator) * (torch.rand(length, generator=generator) < 0.7)
               for length in LENGTHS]
    for weight in weights:
        weight[-1] = 0.0  # no next token
    loss, logits, log_probabilities = 0.0, [], []
    for ids, weight in zip(sequences, weights):
        out = model(ids[None]).logits[0]
        logits.append(out.detach())
        targets = torch.cat([ids[1:], ids[:1]])
        chosen = out.log_softmax(-1).gather(1, targets[:, None])[:, 0]
        loss = loss - (weight * chosen).sum() / DENOMINATOR
        log_probabilities.append(chosen.detach())
    loss.backward()

    lengths = torch.tensor([0] + LENGTHS)
    expected = {
        "ids": torch.cat(sequences),
        "starts": torch.cumsum(lengths, 0).to(torch.int32),
        "weights": torch.cat(weights),
        "denominator": torch.tensor(DENOMINATOR),
        "loss": loss.detach(),
        "logits": torch.cat(logits),
        "log_probabilities": torch.cat(log_probabilities),
    }
    named = dict(model.named_parameters())
    if name in ARCHITECTURES:
        expected["bfloat16_error"] = bfloat16_error(folder, sequences, expected["logits"])
    for parameter_name in named if name in ARCHITECTURES else GRADIENTS:
        if parameter_name in named:
            expected["gradient." + parameter_name] = named[parameter_name].grad
    save_file(expected, folder / "expected.safetensors")


for model_name in sys.argv[1:] or MODELS:
    make(model_name, **MODELS[model_name])
