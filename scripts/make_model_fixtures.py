"""Makes tests/data/model: tiny random Llamas saved by transformers, with its logits and gradients as the oracle.

    /work/venv/bin/python scripts/make_model_fixtures.py

tiny-llama         tied, bfloat16, 4 heads over 2 key/value heads
tiny-llama-untied  float32, two shards and an index, head size not hidden / heads, another rope_theta
Each folder's expected.safetensors holds packed sequences (ids, starts), their float32 logits, per-token weights, and the
gradients of sum(weights * cross entropy of the next token) / denominator for some parameters.
"""

import pathlib
import shutil

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

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


def make(name, config, dtype, shard):
    torch.manual_seed(1)
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=128, num_hidden_layers=2, max_position_embeddings=64, initializer_range=0.15,
        bos_token_id=1, eos_token_id=2, attn_implementation="eager", **config))
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if "norm" in parameter_name:
                parameter.copy_(1 + 0.2 * torch.randn_like(parameter))
    model.to(dtype)
    folder = ROOT / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, max_shard_size=shard)
    # Read back, not model.float(): that would keep rotary frequencies rounded to bfloat16, which no loaded model has.
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()

    generator = torch.Generator().manual_seed(2)
    sequences = [torch.randint(0, 128, (length,), generator=generator) for length in LENGTHS]
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
    for parameter_name in GRADIENTS:
        if parameter_name in named:
            expected["gradient." + parameter_name] = named[parameter_name].grad
    save_file(expected, folder / "expected.safetensors")


for model_name, settings in MODELS.items():
    make(model_name, **settings)
