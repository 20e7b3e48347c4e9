"""Phrases as the one sentence that MM-Grounding-DINO reads, and where each phrase is in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from models.interface import LoadFailed, RunFailed

FILE = "tokenizer.json"
UNKNOWN = "[UNK]"
_ENDS = re.compile(r"[.?\s]+")
"""What ends a phrase for the network, and space."""


@dataclass(frozen=True)
class Sentence:
    """tokens: their numbers. spans: of each phrase that has words the network knows, the places of
    these among the tokens. unread: the other phrases."""

    tokens: list[int]
    spans: dict[str, list[int]]
    unread: tuple[str, ...]


def reader(folder: Path) -> Tokenizer:
    """The tokenizer that is published with the weights. Raises LoadFailed."""
    path = folder / FILE
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing finer
        raise LoadFailed(
            f"{path} can't be read as a tokenizer ({error}). "
            "Copy it there from where the weights are from."
        ) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def sentence(phrases: Sequence[str], tokenizer: Tokenizer, longest: int) -> Sentence:
    """“Red dog” and “person” as "red dog. person.".

    longest: how many tokens the network reads. Raises RunFailed if there are more.
    """
    cleaned = {phrase: _ENDS.sub(" ", phrase.lower()).strip() for phrase in phrases}
    unknown = tokenizer.token_to_id(UNKNOWN)
    known = {phrase: words for phrase, words in cleaned.items() if _known(words, tokenizer)}
    encoded = tokenizer.encode("".join(f"{words}. " for words in known.values()).strip())
    if len(encoded.ids) > longest:
        raise RunFailed(
            f"The words are too many: they make {len(encoded.ids)} tokens, and this model reads "
            f"{longest}. Ask for fewer things at once."
        )
    spans, start = {}, 0
    for phrase, words in known.items():
        end = start + len(words)
        spans[phrase] = [
            place
            for place, (first, last) in enumerate(encoded.offsets)
            if start <= first < last <= end and encoded.ids[place] != unknown
        ]
        start = end + len(". ")
    return Sentence(encoded.ids, spans, tuple(each for each in phrases if each not in known))


def _known(words: str, tokenizer: Tokenizer) -> bool:
    tokens = tokenizer.encode(words, add_special_tokens=False).ids
    return any(token != tokenizer.token_to_id(UNKNOWN) for token in tokens)
