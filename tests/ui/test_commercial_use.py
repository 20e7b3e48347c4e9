"""The switch “Commercial use only”, on the pages that models are chosen on."""

from collections.abc import Callable, Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from models.catalog import MODELS
from tests.ui.tables import table_of_models


def compare() -> None:
    from photos.samples import SAMPLES
    from ui import compare
    from ui.state import bench

    bench().add(SAMPLES[2].open().data, "coffee.png")
    compare.page()


def prompt() -> None:
    from photos.samples import SAMPLES
    from ui import prompt
    from ui.state import bench

    bench().add(SAMPLES[2].open().data, "coffee.png")
    prompt.page()


def library() -> None:
    from ui import library

    library.page()


@pytest.fixture
def open_page() -> Iterator[Callable[[Callable[[], None]], AppTest]]:
    yield lambda script: AppTest.from_function(script, default_timeout=60).run()
    st.cache_resource.clear()


def switch(at: AppTest, on: bool) -> None:
    at.toggle("commercial_only").set_value(on).run()
    assert not at.exception


def test_other_models_are_hidden_and_do_not_run(
    open_page: Callable[[Callable[[], None]], AppTest],
) -> None:
    at = open_page(compare)
    at.button_group("preset").select("None").run()
    for name in ("ben2", "mobile-sam", "rmbg-2.0"):
        at.checkbox(f"model_{name}").check().run()
    assert at.button("run").label == "Run 2 models"  # one waits for a prompt
    switch(at, True)
    shown = {box.key for box in at.checkbox}
    barred = {f"model_{spec.name}" for spec in MODELS if spec.conditions}
    assert shown == {f"model_{spec.name}" for spec in MODELS} - barred
    assert not any("non-commercial" in each.value for each in at.markdown)
    assert at.button("run").label == "Run 1 model"
    at.button_group("preset").select("All").run()
    ready = [spec for spec in MODELS if not spec.conditions and not spec.needs_prompt]
    assert at.button("run").label == f"Run {len(ready)} models"
    switch(at, False)
    assert at.checkbox("model_mobile-sam").value
    assert not at.checkbox("model_yolo-seg").value


def test_the_prompt_page_lets_go_of_a_model_that_is_hidden(
    open_page: Callable[[Callable[[], None]], AppTest],
) -> None:
    at = open_page(prompt)
    at.selectbox("prompt_model").set_value("mobile-sam").run()
    assert not at.exception
    switch(at, True)
    assert at.selectbox("prompt_model").value == "u2netp"
    assert "MobileSAM" not in at.selectbox("prompt_model").options


def test_every_fact_of_every_model_is_on_the_models_page(
    open_page: Callable[[Callable[[], None]], AppTest],
) -> None:
    rows = table_of_models(open_page(library))
    assert list(rows) == [spec.name for spec in MODELS]
    for spec in MODELS:
        told = rows[spec.name]
        assert told["Good at"] == spec.summary
        assert told["Licence"] == spec.licences
        assert told["Model"].startswith(spec.label)
        assert ("not verified" in told["Model"]) == (not spec.verified)
        assert ("ask for access" in told["Download"]) == spec.gated


def test_the_models_page_tells_what_the_words_mean_and_lists_fewer(
    open_page: Callable[[Callable[[], None]], AppTest],
) -> None:
    at = open_page(library)
    rows = {name: facts["Commercial"] for name, facts in table_of_models(at).items()}
    told = at.expander[0].markdown[0].value
    for word in set(rows.values()):
        assert f"**{word}**: you may" in told
    assert (rows["ben2"], rows["rmbg-2.0"], rows["mobile-sam"]) == ("yes", "no", "conditions")
    assert rows["silueta"] == "no"  # an unclear licence isn't one that sets conditions
    assert "unclear" in next(line for line in told.splitlines() if "**no**" in line)
    assert "**soft**: partly transparent" in told
    switch(at, True)
    assert {facts["Commercial"] for facts in table_of_models(at).values()} == {"yes"}
