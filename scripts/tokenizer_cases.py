"""Tokenizers and strings on which our tokenizer is compared with Hugging Face `tokenizers`.

Used by make_tokenizer_fixtures.py (stored cases) and check_tokenizer.py (as many as you like, live). Characters are those
of Unicode 14, the version PCRE2 10.42 knows.
"""

import json
import pathlib
import random
import tempfile
import unicodedata

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SHARED = pathlib.Path(__file__).resolve().parent.parent.parent / "shared"

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+")

# kArithmeticPattern of src/text/byte_pair_trainer.h
SPECIAL = r"\d\n()\[\]{}\"<>?.,:;=*+\-/"
ARITHMETIC = (rf" [-+*/=<>?] |\d|[.,:;] ?|[()\[\]{{}}\"<>?=*+\-/\n]|[A-Z](?![^ {SPECIAL}])"
              rf"|(?:(?![A-Z](?![^ {SPECIAL}]))[^ {SPECIAL}]++| (?![-+*/=<>?] ))++").replace('\\"', '"')

TEXTS = [
    "The quick brown fox jumps over the lazy dog; it's what they've always done, and we'll see if you're right. I'd say so!",
    "Der schnelle braune Fuchs springt über den faulen Hund. Straße, Größe, Äpfel, naïve café, señor, œuvre, Åse, Łódź.",
    "Быстрая коричневая лиса прыгает через ленивую собаку. Привет, мир! Как дела?",
    "敏捷的棕色狐狸跳过了懒狗。今天天气很好。日本語のテキストもあります。カタカナ、ひらがな、漢字。한국어 문장도 있습니다.",
    "الثعلب البني السريع يقفز فوق الكلب الكسول. שועל חום מהיר קופץ מעל הכלב העצלן.",
    "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है। ก็ไม่เป็นไร สวัสดีครับ",
    "def f(x):\n    if x > 10:\n        return [i ** 2 for i in range(x)]\n\n\treturn {'a': 1, \"b\": None}  # done\n",
    "for (int i = 0; i < n; ++i) { sum += a[i] * b[i]; }\r\n\r\nHELLO'S WORLD'LL I'VE\r\n",
    "1234567890 3.14159 1,000,000 0x1F 50% $100 2024-11-23 12:34:56 ½ ² Ⅻ ٣٤٥ ४५",
    "🙂 👍🏽 👨‍👩‍👧‍👦 🇩🇪🇫🇷 ❤️ 😀😀😀 🧑🏻‍💻 a🙂b",
]


def training_texts():
    texts = list(TEXTS) * 3
    for path in sorted((SHARED / "reference-data/training").glob("*/*world*.jsonl")):
        lines = path.read_text().splitlines()
        texts += [json.loads(line)["text"] for line in lines[:15]]
    return texts


def train(tokenizer, vocab_size, special=(), alphabet=True):
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, special_tokens=list(special), show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet() if alphabet else [])
    tokenizer.train_from_iterator(training_texts(), trainer)
    return tokenizer


def split(pattern, behavior="isolated", invert=False):
    return pre_tokenizers.Split(pattern if isinstance(pattern, str) else Regex(pattern[0]), behavior, invert)


def byte_level(prefix=False, regex=False):
    return pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=regex)


def gpt2():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = byte_level(regex=True)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    train(tokenizer, 900, ["<|endoftext|>"])
    tokenizer.add_tokens([AddedToken("<tool>", normalized=True), AddedToken("step by", normalized=True)])
    return tokenizer


def llama3():
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split((LLAMA3,)), byte_level()])
    train(tokenizer, 1000)
    tokenizer.add_special_tokens(["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|eot|>"])
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A $B", special_tokens=[
            ("<|begin_of_text|>", tokenizer.token_to_id("<|begin_of_text|>"))])])
    return tokenizer


def qwen():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split((QWEN,)), byte_level()])
    train(tokenizer, 1000)
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.add_tokens([AddedToken("<tool_call>", normalized=False), AddedToken("café", normalized=True),
                          AddedToken("e\u0301\u0323", normalized=True)])
    return tokenizer


def smollm2():
    tokenizer = Tokenizer(models.BPE(unk_token="<|endoftext|>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level(regex=True)])
    return train(tokenizer, 900, ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<repo_name>"])


def stripping():
    """Added tokens that look at their neighbours, and a blank put before every piece."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=False), byte_level(prefix=True, regex=True)])
    train(tokenizer, 500)
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True), AddedToken("</s>", rstrip=True),
                                  AddedToken("<both>", lstrip=True, rstrip=True)])
    tokenizer.add_tokens([AddedToken("word", single_word=True), AddedToken("über", single_word=True, lstrip=True),
                          AddedToken("1", single_word=True), AddedToken("aa"), AddedToken("aaa"), AddedToken(" x")])
    tokenizer.post_processor = processors.TemplateProcessing(single="<mask> $A </s> </s>", special_tokens=[
        ("<mask>", tokenizer.token_to_id("<mask>")), ("</s>", tokenizer.token_to_id("</s>"))])
    return tokenizer


def unknown():
    """A vocabulary without all bytes; unknown ones are fused."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.pre_tokenizer = byte_level(regex=True)
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=["<unk>"], show_progress=False)
    tokenizer.train_from_iterator(TEXTS[:1], trainer)
    return tokenizer


def lacking():
    """A vocabulary without all bytes and without an unknown token: bytes vanish."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = byte_level(regex=True)
    tokenizer.train_from_iterator(TEXTS[:2], trainers.BpeTrainer(vocab_size=250, show_progress=False))
    return tokenizer


def behavior(*steps):
    def make():
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*steps, byte_level()])
        return train(tokenizer, 420)
    return make


def sentence_piece_model():
    """The bytes of a tokenizer.model like Llama 2's, trained small: BPE, byte fallback, no normalisation, digits apart."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = pathlib.Path(folder, "corpus.txt")
        corpus.write_text("\n".join(training_texts()), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus), model_prefix=f"{folder}/tokenizer", model_type="bpe", vocab_size=900, byte_fallback=True,
            normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True,
            allow_whitespace_only_pieces=True, character_coverage=0.98, user_defined_symbols=["<tool>", "  x"],
            max_sentence_length=100000, num_threads=1, minloglevel=2)
        return pathlib.Path(folder, "tokenizer.model").read_bytes()


def model_of_sentence_pieces(bytes_of_model):
    """As transformers' LlamaConverter does it."""
    model = sentencepiece.SentencePieceProcessor(model_proto=bytes_of_model)
    pieces = [model.id_to_piece(i) for i in range(model.get_piece_size())]
    vocab = {piece: i for i, piece in enumerate(pieces)}
    kind = lambda i: model.is_unknown(i) or model.is_control(i) or model.is_byte(i) or pieces[i] in ("<tool>", "  x")
    normal = {piece: model.get_score(i) for i, piece in enumerate(pieces) if not kind(i)}
    merges = []
    for piece, score in normal.items():
        merges += [(score, len(piece[:cut]), piece[:cut], piece[cut:]) for cut in range(1, len(piece))
                   if piece[:cut] in normal and piece[cut:] in normal]
    merges.sort(key=lambda merge: merge[:2], reverse=True)
    tokenizer = Tokenizer(models.BPE(vocab, [merge[2:] for merge in merges], unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in ("<unk>", "<s>", "</s>")])
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in ("<tool>", "  x")])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                           decoders.Strip(" ", 1, 0)])
    return tokenizer


def llama2():
    tokenizer = model_of_sentence_pieces(sentence_piece_model())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    return tokenizer


def mistral():
    tokenizer = model_of_sentence_pieces(sentence_piece_model())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True), AddedToken("<both>", lstrip=True, rstrip=True)])
    tokenizer.add_tokens([AddedToken("step by", normalized=True), AddedToken("word", single_word=True)])
    return tokenizer


def metaspace():
    """Characters without byte fallback: what is unknown stays unknown, and marks may stand inside tokens."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace("a ", "a▁b")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=["<unk>"], show_progress=False, limit_alphabet=120)
    tokenizer.train_from_iterator(TEXTS[:5], trainer)
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def phrases():
    """Tokens that span words, so that a text cannot be cut at its blanks; normalised added tokens begin with a mark."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=["<unk>"], show_progress=False, limit_alphabet=120)
    tokenizer.train_from_iterator([text.replace("\n", "▁") for text in TEXTS[:3]], trainer)
    tokenizer.add_tokens([AddedToken("word", normalized=True), AddedToken("the", normalized=True, single_word=True)])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    return tokenizer


TOKENIZERS = {
    "gpt2": gpt2,
    "llama3": llama3,
    "qwen": qwen,
    "smollm2": smollm2,
    "stripping": stripping,
    "unknown": unknown,
    "lacking": lacking,
    "isolated": behavior(split((r"\b|(?=\d)|\w*?",)), split(".", "isolated")),
    "removed": behavior(split((r"\s+",), "removed"), split((r"\p{L}+|\d",), "removed", True)),
    "previous": behavior(split(" ", "merged_with_previous"), split((r"^\W|[[:upper:]]$",), "merged_with_previous", True)),
    "next": behavior(split((r"\W",), "merged_with_next"), split("e", "merged_with_next", True)),
    "llama2": llama2,
    "mistral": mistral,
    "metaspace": metaspace,
    "phrases": phrases,
    "contiguous": behavior(split((r"[\s\d]",), "contiguous"), split((r"(?i:[a-m])",), "contiguous", True)),
}


def make_tokenizer(name):
    tokenizer = TOKENIZERS[name]()
    if tokenizer.decoder is None:
        tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


# ---------------------------------------------------------------------------------------------------------------------

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<|eot_id|>", "<|eot|>", "<mask>", "</s>",
            "<both>", "<tool>", "<tool_call>", "<unk>", "word", "über", "aa", "aaa", " x", "step by", "café", "cafe\u0301",
            "e\u0323\u0301", "e\u0301\u0323", "<|endof", "1",
            "<s>", "  x", "<0x0A>", "<0x41", "▁word"]
SPACES = [" ", "  ", "   ", "\t", "\n", "\r\n", "\r", "\n\n", "\u00a0", "\u2003", "\u3000", "\u0085", "\u2028", "\u180e",
          "\u200b", "\u202f", "\v", "\f", "\x1c", "\x00", "\ufeff", " \n ", "\u1680",
          "▁", "▁▁", " ▁"]
ENDINGS = ["'s", "'S", "'t", "'LL", "'ve", "'Re", "'\u017f", "'d", "'m", "’s", "''", "'"]
NUMBERS = ["0", "7", "42", "123", "1234", "00", "½", "²", "Ⅻ", "٣", "४५", "𝟘𝟙", "፩", "㊿", "3.14", "-5", "1e-9"]
SYMBOLS = list("()[]{}<>=+-*/.,:;?!\"'`~@#$%^&|\\_") + ["->", "==", "…", "–", "«»", "€", "→", "∑", "_a_", "‿", "\u200d"]
WORDS = ["a", "the", " Let", "calculate", "word", "words", "sword", "Word", "naïve", "Straße", "ﬁ", "ǅ", "İ", "привет", "日本",
         "한국어", "สวัสดี", "हिन्दी", "العربية", "עברית", "e\u0301", "Å", "Å", "x\u0308\u0323", "각", "각", "\u0301",
         "𝒳", "𐍈", "aaaa", "HELLO", "camelCase", "über", " x"]
EMOJI = ["🙂", "👍🏽", "👨‍👩‍👧‍👦", "🇩🇪", "❤️", "#️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\ufe0f"]


def assigned_characters():
    # Surrogates, private use and unassigned aside.
    keep = lambda character: unicodedata.category(character) not in ("Cs", "Cn", "Co")
    assert unicodedata.unidata_version <= "14.0.0", "a newer Unicode than PCRE2 knows"
    return [chr(c) for c in range(0x110000) if keep(chr(c))]


def strings(count, seed):
    rng = random.Random(seed)
    characters = assigned_characters()
    planes = [[c for c in characters if ord(c) >> 16 == plane] for plane in (0, 1, 2, 3, 14)]
    letters = [c for c in characters if ord(c) < 0x3000]
    marks = [c for c in characters if unicodedata.combining(c)]
    reference = [text for text in training_texts()[len(TEXTS) * 3:]]
    pools = [SPECIALS, SPACES, ENDINGS, NUMBERS, SYMBOLS, WORDS, EMOJI]

    def mixture():
        return "".join(rng.choice(rng.choice(pools)) for _ in range(rng.randint(1, 9)))

    def one_pool():
        pool = rng.choice(pools)
        return "".join(rng.choice(pool) for _ in range(rng.randint(1, 8)))

    def any_plane():
        return "".join(rng.choice(rng.choice(planes)) for _ in range(rng.randint(1, 8)))

    def low_planes():
        return "".join(rng.choice(letters) for _ in range(rng.randint(1, 8)))

    def marked():
        return "".join(rng.choice(WORDS) + "".join(rng.choice(marks) for _ in range(rng.randint(0, 4)))
                       for _ in range(rng.randint(1, 3)))

    def repeated():
        return rng.choice(rng.choice(pools)) * rng.randint(2, 20) + rng.choice(rng.choice(pools))

    def reference_part():
        text = rng.choice(reference)
        start = rng.randrange(len(text))
        return text[start:start + rng.randint(1, 60)]

    def in_text():
        return rng.choice(TEXTS)[:rng.randint(1, 30)] + rng.choice(SPACES) + rng.choice(SPECIALS) + rng.choice(WORDS)

    makers = [mixture, mixture, mixture, one_pool, any_plane, low_planes, marked, repeated, reference_part, in_text]
    texts = [""]
    while len(texts) < count:
        text = makers[len(texts) % len(makers)]()
        # `tokenizers` normalises by Unicode 9: marks that came later are not reordered. We do, as Unicode says.
        if normalizers.NFC().normalize_str(text) == unicodedata.normalize("NFC", text):
            texts.append(text)
    return texts


def expected_ids(tokenizer, text, special):
    return tokenizer.encode(text, add_special_tokens=special).ids


def is_plain(text):
    """Whether sentencepiece and Hugging Face mean the same by a text: it holds no token that only the latter looks for."""
    return not any(token in text for token in ("<unk>", "<s>", "</s>", "<tool>", "  x"))
