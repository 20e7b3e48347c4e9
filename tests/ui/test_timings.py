"""The table of timings, however many models there are."""

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
        stages = {"network": 1.0, "composite": 0.5} | ({"edges": 0.5} if number else {})
        label = f"Row <{number}> & a long name"
        peak = 36_000_000 * number
        spec = replace(GRABCUT, label=label)
        cuts.append(replace(cut, spec=spec, seconds=stages, peak_bytes=peak))
    timings(cuts)


@pytest.mark.parametrize("models", [1, 3, 20])
def test_every_stage_has_its_name_and_every_model_its_row(models: int) -> None:
    at = AppTest.from_function(app, kwargs={"models": models}).run()
    assert not at.exception
    (table,) = at.get("html")
    heads, body = table.proto.body.split("<tbody>")
    stages = ["Network", "Composite"] if models == 1 else ["Network", "Edges", "Composite"]
    named = re.findall(r'<span style="--stage: (#\w+)">(\w+)<', heads)
    assert [name for _, name in named] == stages
    rows = body.split("</tr>")[:-1]
    names = [re.findall(r'<th scope="row">(.*?)</th>', row) for row in rows]
    assert names == [[f"Row &lt;{number}&gt; &amp; a long name"] for number in range(models)]
    for row in rows:
        assert len(re.findall("</t[hd]>", row)) == len(re.findall("</th>", heads))


def test_a_bar_is_as_long_as_its_seconds_and_its_parts_have_their_stages_colours() -> None:
    at = AppTest.from_function(app, kwargs={"models": 2}).run()
    heads, body = at.get("html")[0].proto.body.split("<tbody>")
    first, second = body.split("</tr>")[:2]
    assert 'columns: 50.00% 25.00%"' in first  # 1.5 s of the longest, 2 s
    assert 'columns: 50.00% 25.00% 25.00%"' in second
    colours = re.findall(r'<span style="--stage: (#\w+)', heads)
    assert re.findall(r'<i style="--stage: (#\w+)', second) == colours
    assert re.findall(r'title="(\w+) ([\d.]+ s)"', second) == [
        ("network", "1.000 s"),
        ("edges", "0.500 s"),
        ("composite", "0.500 s"),
    ]


def test_what_a_model_has_not_done_or_not_needed_is_a_dash() -> None:
    at = AppTest.from_function(app, kwargs={"models": 2}).run()
    first, second = at.get("html")[0].proto.body.split("<tbody>")[1].split("</tr>")[:2]
    assert re.findall(r'data-fact="(\w+)"[^>]*>–</td>', first) == ["Edges", "Memory"]
    assert "–" not in second
    assert '<td data-fact="Memory">36 MB</td>' in second


def test_each_number_says_what_it_is_where_there_is_no_room_for_columns() -> None:
    at = AppTest.from_function(app, kwargs={"models": 1}).run()
    heads, row = at.get("html")[0].proto.body.split("<tbody>")
    columns = re.findall(r"<th scope=\"col\"><span(.*?)>(\w+)</span>", heads)
    assert re.findall(r"<td data-fact=\"(\w+)\"(.*?)>", row) == [
        (name, colour) for colour, name in columns
    ]
