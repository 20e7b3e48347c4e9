"""The chart and the table of timings, however many models there are."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest


def app(models: int) -> None:
    from dataclasses import replace

    from models.catalog import GRABCUT
    from tests.cuts import left_half_cut, red_photo
    from ui.timings import timings

    cuts = []
    for number in range(models):
        cut = left_half_cut(red_photo())
        stages = {"network": 1.0, "composite": 0.1} | ({"edges": 0.1} if number else {})
        label = f"A model with quite a long name, number {number}"
        cuts.append(replace(cut, spec=replace(GRABCUT, label=label), seconds=stages))
    timings(cuts)


@pytest.mark.parametrize("models", [1, 3, 20])
def test_every_stage_has_its_name_and_every_model_its_row(models: int) -> None:
    at = AppTest.from_function(app, kwargs={"models": models}).run()
    assert not at.exception
    (legend,) = at.get("html")
    stages = ["network", "composite"] if models == 1 else ["network", "edges", "composite"]
    assert re.findall(">(\\w+)</li>", legend.proto.body) == stages
    (chart,) = at.get("vega_lite_chart")
    spec = json.loads(chart.proto.spec)
    colours = spec["encoding"]["color"]
    assert colours["legend"] is None  # the list above is the legend
    assert colours["scale"]["domain"] == stages
    table = at.dataframe[0]
    assert len(table.value) == models
    assert table.proto.placeholder == "–"
