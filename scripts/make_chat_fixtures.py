"""Makes tests/data/text/chats.json: what transformers' chat templating gives for the templates that we recognise.

    .venv/bin/python scripts/make_chat_fixtures.py      (pip install transformers jinja2)

The templates are those of SmolLM2-135M-Instruct, Qwen2.5-Instruct, Meta-Llama-3-8B-Instruct, Llama-3.1 (without its tools),
Llama-2-chat and two Mistral-7B-Instruct, shortened to what writes messages.
"""

import json
import pathlib

from transformers.utils.chat_template_utils import render_jinja_template

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests/data/text"

SMOLLM2 = """{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system
You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>
' }}{% endif %}{{'<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %}"""
QWEN25 = r"""{%- if tools %}
    {{- '<|im_start|>system\n' }}
{%- else %}
    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\n' + messages[0]['content'] + '<|im_end|>\n' }}
    {%- else %}
        {{- '<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
{%- endif %}
"""
LLAMA3 = (r"{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + "
          r"message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}"
          r"{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}"
          r"{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}")
LLAMA31 = r"""{{- bos_token }}
{%- if not date_string is defined %}
    {%- set date_string = "26 Jul 2024" %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
{{- "Cutting Knowledge Date: December 2023\n" }}
{{- "Today Date: " + date_string + "\n\n" }}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif %}
"""
LLAMA2 = (r"{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = "
          r"messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
          r"{% for message in loop_messages %}{% if loop.index0 == 0 and system_message != false %}{% set content = "
          r"'<<SYS>>\n' + system_message + '\n<</SYS>>\n\n' + message['content'] %}{% else %}{% set content = "
          r"message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + "
          r"' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}"
          r"{% endfor %}")
MISTRAL = (r"{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] "
           r"+ ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token}}{% endif %}{% endfor %}")
MISTRAL_V3 = MISTRAL.replace("' [/INST]'", "'[/INST]'")

BRIEF, HI, HELLO, SUM = (("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello"), ("user", "1 + 1?"))
CHATS = [[HI], [HI, HELLO, SUM], [BRIEF, HI], [BRIEF, HI, HELLO, SUM]]
TEMPLATES = {  # tokenizer of tests/data/text, layout, end of a turn, template, chats
    "smollm2": ("smollm2", "chatml", "<|im_end|>", SMOLLM2, CHATS),
    "qwen25": ("qwen", "chatml", "<|im_end|>", QWEN25, CHATS),
    "llama3": ("llama3", "llama3", "<|eot_id|>", LLAMA3, [*CHATS, [("user", "  Hi\n")]]),
    "llama31": ("llama3", "llama3", "<|eot_id|>", LLAMA31, CHATS),
    "llama2": ("llama2", "llama2", "</s>", LLAMA2, [*CHATS, [("user", "  Hi\n")]]),
    "mistral": ("llama2", "mistral", "</s>", MISTRAL, CHATS[:2]),
    "mistral_v3": ("llama2", "mistral", "</s>", MISTRAL_V3, CHATS[:2]),
}


def prompt_of(template, chat):
    messages = [{"role": role, "content": content} for role, content in chat]
    rendered, _ = render_jinja_template([messages], chat_template=template, add_generation_prompt=True, bos_token="<s>",
                                        eos_token="</s>")
    return rendered[0].removeprefix("<s>")


result = {}
for name, (tokenizer, layout, end, template, chats) in TEMPLATES.items():
    result[name] = {"tokenizer": tokenizer, "layout": layout, "end": end, "template": template, "chats": [
        {"messages": [{"role": role, "content": content} for role, content in chat], "prompt": prompt_of(template, chat)}
        for chat in chats]}
(FOLDER / "chats.json").write_text(json.dumps(result, indent=1) + "\n")
