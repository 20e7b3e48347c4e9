"""Words as MM-Grounding-DINO reads them."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from models.families.sam.sentence import reader, sentence
from models.families.sam.words import phrases
from models.interface import LoadFailed, Prompt, RunFailed
from tests.tiny_grounded import tiny_bert

LONGEST = 32


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("bert")
    tiny_bert().save_pretrained(folder)
    return reader(folder)


def words_of(tokenizer: Tokenizer, tokens: list[int]) -> str:
    return " ".join(str(tokenizer.id_to_token(token)) for token in tokens)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        (Prompt(text=("dog",)), ("dog",)),
        (Prompt(text=("dog, person", "hair")), ("dog", "person", "hair")),
        (Prompt(text=("Dog", "dog", " DOG ")), ("Dog",)),
        (Prompt(text=("dog.", "a dog?", "dog")), ("dog", "a dog")),
        (Prompt(text=("red   dog", "red\tdog")), ("red dog",)),
        (Prompt(text=(" ", ",,", "dog,")), ("dog",)),
        (Prompt(text=("...",)), ("...",)),
        (Prompt(objects=("dog 2", "dog 3", "red dog 1")), ("dog", "red dog")),
        (Prompt(text=("hair",), objects=("dog 2",)), ("hair",)),
        (Prompt(), ()),
    ],
)
def test_what_is_looked_for(prompt: Prompt, expected: tuple[str, ...]) -> None:
    assert phrases(prompt) == expected


@pytest.mark.parametrize(
    ("said", "read", "spans"),
    [
        (["dog"], "[CLS] dog . [SEP]", [[1]]),
        (["Red dog", "PERSON"], "[CLS] red dog . person . [SEP]", [[1, 2], [4]]),
        (["dogs", "dog"], "[CLS] dog ##s . dog . [SEP]", [[1, 2], [4]]),
        (["Café", "dog"], "[CLS] cafe . dog . [SEP]", [[1], [3]]),
        # What ends a phrase for the network doesn't end one within.
        (["red. dog?person", "hair"], "[CLS] red dog person . hair . [SEP]", [[1, 2, 3], [5]]),
        (["red 🐕 dog", "hair"], "[CLS] red [UNK] dog . hair . [SEP]", [[1, 3], [5]]),
        (["İ dog", "hair"], "[CLS] [UNK] dog . hair . [SEP]", [[2], [4]]),
    ],
)
def test_each_phrase_knows_its_tokens(
    said: list[str], read: str, spans: list[list[int]], tokenizer: Tokenizer
) -> None:
    told = sentence(said, tokenizer, LONGEST)
    assert words_of(tokenizer, told.tokens) == read
    assert list(told.spans) == said
    assert list(told.spans.values()) == spans
    assert told.unread == ()


@pytest.mark.parametrize("word", ["🐕", "...", "?", "犬", "zebra", "\u200b", "x" * 300, "[SEP]"])
def test_what_it_can_not_read_is_left_out_and_told(word: str, tokenizer: Tokenizer) -> None:
    told = sentence(["dog", word, "hair"], tokenizer, LONGEST)
    assert words_of(tokenizer, told.tokens) == "[CLS] dog . hair . [SEP]"
    assert told.spans == {"dog": [1], "hair": [3]}
    assert told.unread == (word,)


def test_more_than_it_reads_is_refused(tokenizer: Tokenizer) -> None:
    fits = [f"{'red ' * length}dog" for length in range(6)]  # 27 words and ends, [CLS] and [SEP]
    assert len(sentence(fits, tokenizer, 29).tokens) == 29
    with pytest.raises(RunFailed, match=r"they make 29 tokens, and this model reads 28\. Ask for"):
        sentence(fits, tokenizer, 28)


@pytest.mark.parametrize("content", [None, "", "{}", "no json"])
def test_without_its_tokenizer_words_would_be_noise(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(LoadFailed, match=r"tokenizer\.json can't be read as a tokenizer \("):
        reader(tmp_path)
