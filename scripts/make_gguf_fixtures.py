"""Makes tests/data/gguf with the `gguf` package (pip install gguf sentencepiece): what llama.cpp's own code reads and computes.

    /work/venv/bin/python scripts/make_gguf_fixtures.py

blocks.gguf            random blocks of every type that we read
blocks.safetensors     the same in float32, dequantised by the package; "numbers", which q8_0 in blocks.gguf was made from
tiny-llama.gguf        tests/data/model/tiny-llama as llama.cpp's converter writes it: rows of queries and keys reordered
tiny-qwen2.gguf        tests/data/model/tiny-qwen2: biases, nothing reordered
tokenizer-NAME.gguf    the tokenizers smollm2, llama3, qwen, gpt2 and llama2 of tests/data/text, without tensors
"""

import json
import pathlib

import gguf
import numpy
import sentencepiece
import torch
from safetensors.torch import load_file, save_file

TESTS = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data"
FOLDER = TESTS / "gguf"
Type = gguf.GGMLQuantizationType
READ = [Type.F32, Type.F16, Type.BF16, Type.Q8_0, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q4_K, Type.Q5_K,
        Type.Q6_K]
# Where the 16-bit scales of a block lie; random bits there would be NaN now and then.
SCALES = {Type.F16: [0], Type.Q8_0: [0], Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2],
          Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208]}
NAMES = {"input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
         "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm",
         "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def random_blocks(random, kind, rows=3, blocks=2):
    numbers, size = gguf.GGML_QUANT_SIZES[kind]
    if numbers == 1:
        blocks = 40
    data = random.integers(0, 256, (rows, blocks, size), dtype=numpy.uint8)
    if kind == Type.F32:
        data = random.standard_normal((rows, blocks, 1)).astype(numpy.float32).view(numpy.uint8)
    if kind == Type.BF16:
        data[..., 1] = data[..., 1] & 0xBF  # no exponent of all ones
    for place in SCALES.get(kind, []):
        scale = random.standard_normal((rows, blocks, 1)).astype(numpy.float16)
        data[..., place:place + 2] = scale.view(numpy.uint8).reshape(rows, blocks, 2)
    return data.reshape(rows, -1)


def make_blocks():
    random = numpy.random.default_rng(4)
    writer = gguf.GGUFWriter(FOLDER / "blocks.gguf", "llama")
    expected = {}
    for kind in READ:
        data = random_blocks(random, kind)
        writer.add_tensor(kind.name.lower(), data, raw_dtype=kind)
        expected[kind.name.lower()] = torch.from_numpy(gguf.quants.dequantize(data, kind).copy())
    numbers = random.standard_normal((5, 96)).astype(numpy.float32)
    numbers[1, :32] = 0
    packed = gguf.quants.quantize(numbers, Type.Q8_0)
    writer.add_tensor("packed", packed, raw_dtype=Type.Q8_0)
    expected["numbers"] = torch.from_numpy(numbers)
    expected["packed"] = torch.from_numpy(gguf.quants.dequantize(packed, Type.Q8_0).copy())
    finish(writer)
    save_file(expected, FOLDER / "blocks.safetensors")


def reordered(tensor, heads):
    """LlamaModel.permute of llama.cpp's convert_hf_to_gguf.py."""
    return (tensor.reshape(heads, 2, tensor.shape[0] // heads // 2, *tensor.shape[1:]).swapaxes(1, 2)
            .reshape(tensor.shape))


def gguf_name(name):
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    _, _, layer, rest = name.split(".", 3)
    middle, kind = rest.rsplit(".", 1)
    return f"blk.{layer}.{NAMES[middle]}.{kind}"


def make_model(name, architecture):
    config = json.loads((TESTS / "model" / name / "config.json").read_text())
    heads, kv_heads = config["num_attention_heads"], config["num_key_value_heads"]
    writer = gguf.GGUFWriter(FOLDER / f"{name}.gguf", architecture)
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_uint32("tokenizer.ggml.bos_token_id", config["bos_token_id"])
    writer.add_uint32("tokenizer.ggml.eos_token_id", config["eos_token_id"])
    for tensor_name, tensor in load_file(TESTS / "model" / name / "model.safetensors").items():
        numbers = tensor.float().numpy()
        if architecture == "llama" and ".q_proj." in tensor_name:
            numbers = reordered(numbers, heads)
        if architecture == "llama" and ".k_proj." in tensor_name:
            numbers = reordered(numbers, kv_heads)
        if numbers.ndim > 1:
            writer.add_tensor(gguf_name(tensor_name), gguf.quants.quantize(numbers, Type.BF16), raw_dtype=Type.BF16)
        else:
            writer.add_tensor(gguf_name(tensor_name), numpy.ascontiguousarray(numbers))
    finish(writer)


def make_tokenizer(name, pre):
    tokenizer = json.loads((TESTS / "text" / name / "tokenizer.json").read_text())
    added = {token["id"]: token for token in tokenizer["added_tokens"]}
    ids = {id: token for token, id in tokenizer["model"]["vocab"].items()} | {i: t["content"] for i, t in added.items()}
    kinds = [(3 if added[i]["special"] else 4) if i in added else 1 for i in range(len(ids))]
    writer = gguf.GGUFWriter(FOLDER / f"tokenizer-{name}.gguf", "llama")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list([ids[i] for i in range(len(ids))])
    writer.add_token_types(kinds)
    writer.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in tokenizer["model"]["merges"]])
    if name == "llama3":
        writer.add_bos_token_id(tokenizer["model"]["vocab"].get("<|begin_of_text|>", next(
            i for i, t in added.items() if t["content"] == "<|begin_of_text|>")))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def make_sentence_pieces(name):
    """As _create_vocab_sentencepiece of llama.cpp's converter does it."""
    model = sentencepiece.SentencePieceProcessor(model_file=str(TESTS / "text" / name / "tokenizer.model"))
    ids = range(model.get_piece_size())
    user_defined = [token["content"] for token in json.loads((TESTS / "text" / name / "tokenizer.json").read_text())["added_tokens"]
                    if not token["special"]]
    kind = lambda i: (2 if model.is_unknown(i) else 3 if model.is_control(i) else 6 if model.is_byte(i)
                      else 4 if model.id_to_piece(i) in user_defined else 1)
    writer = gguf.GGUFWriter(FOLDER / f"tokenizer-{name}.gguf", "llama")
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([model.id_to_piece(i) for i in ids])
    writer.add_token_scores([model.get_score(i) for i in ids])
    writer.add_token_types([kind(i) for i in ids])
    writer.add_bos_token_id(model.bos_id())
    writer.add_eos_token_id(model.eos_id())
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


FOLDER.mkdir(parents=True, exist_ok=True)
make_blocks()
make_model("tiny-llama", "llama")
make_model("tiny-qwen2", "qwen2")
for tokenizer_name, pre_name in [("smollm2", "smollm"), ("llama3", "llama-bpe"), ("qwen", "qwen2"), ("gpt2", "gpt-2")]:
    make_tokenizer(tokenizer_name, pre_name)
make_sentence_pieces("llama2")
