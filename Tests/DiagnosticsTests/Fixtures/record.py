#!/usr/bin/env python3
"""Asks CPython 3.11 for its suggestions and keeps them in suggestions.txt, one `name: candidates -> suggestion` per line.

    python3 record.py           check; exits 1 when a suggestion differs from the file's
    python3 record.py --write   make the file anew
"""
import io
import pathlib
import random
import sys

PATH = pathlib.Path(__file__).with_name("suggestions.txt")
WORDS = (
    "append extend insert remove index count sort reverse copy clear pop keys values items update get setdefault fromkeys print range len "
    "enumerate zip map filter sorted reversed isinstance hasattr getattr setattr forward backward parameters named_parameters state_dict "
    "load_state_dict zero_grad step requires_grad grad data shape reshape view size transpose permute unsqueeze squeeze Conv2d Linear "
    "BatchNorm2d ReLU MaxPool2d Sequential Module Dropout CrossEntropyLoss learning_rate batch_size num_workers weight_decay x y a b ab abc "
    "i j ii _private __init__ very_long_identifier_name_that_goes_on_and_on_and_on_for_ever").split()
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"


def suggestion(name, candidates):
    """What CPython's traceback appends for a missing attribute of an object with these attributes, in this order."""

    class Thing:
        def __dir__(self):
            return Candidates(candidates)

    class Candidates(list):
        pass

    error = AttributeError("missing", name=name, obj=Thing())
    captured, sys.stderr = sys.stderr, io.StringIO()
    try:
        sys.__excepthook__(AttributeError, error, None)
        text = sys.stderr.getvalue()
    finally:
        sys.stderr = captured
    return text.split("Did you mean: '")[1].split("'")[0] if "Did you mean" in text else "-"


def damaged(word, source):
    for _ in range(source.choice([0, 1, 1, 2, 2, 3])):
        at = source.randrange(len(word) + 1)
        kind = source.randrange(5)
        if kind == 0:
            word = word[:at] + source.choice(LETTERS) + word[at:]
        elif kind == 1 and len(word) > 1:
            word = word[:at] + word[at + 1 :]
        elif kind == 2:
            word = word[:at] + source.choice(LETTERS) + word[at + 1 :]
        elif kind == 3:
            word = word[:at] + word[at : at + 1].swapcase() + word[at + 1 :]
        elif at + 1 < len(word):
            word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word or "x"


def questions():
    source = random.Random(311)
    for _ in range(500):
        # dir() sorts, so the order of candidates is that of sorting.
        word = source.choice(WORDS)
        others = source.sample(WORDS, source.randint(0, 30))
        yield damaged(word, source), sorted(set(others + [word] * source.choice([0, 1, 1])))


def main():
    assert sys.version_info[:2] == (3, 11), "the suggestions are those of CPython 3.11"
    text = "".join(f"{name}: {' '.join(words)} -> {suggestion(name, words)}\n" for name, words in questions())
    if "--write" in sys.argv:
        PATH.write_text(text, encoding="utf-8")
    elif PATH.read_text(encoding="utf-8") != text:
        sys.exit("suggestions differ; run with --write to take CPython's")


main()
