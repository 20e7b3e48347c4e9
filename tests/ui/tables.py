"""Tables of models, as a page without a browser has them."""

from html.parser import HTMLParser

from streamlit.testing.v1 import AppTest


class _Rows(HTMLParser):
    """By models' names: what stands in which column."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, dict[str, str]] = {}
        self._row: dict[str, str] = {}
        self._fact: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if name := told.get("data-model"):
            self._row = self.rows[name] = {}
        if tag in ("th", "td"):
            self._fact = told.get("data-fact") or "Model"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._fact = None

    def handle_data(self, data: str) -> None:
        if self._fact:
            self._row[self._fact] = self._row.get(self._fact, "") + data


def table_of_models(at: AppTest, number: int = 0) -> dict[str, dict[str, str]]:
    """Of the page's tables the one with that number: by models' names, the text in each column."""
    found = [each.proto.body for each in at.get("html") if 'class="facts"' in each.proto.body]
    rows = _Rows()
    rows.feed(found[number])
    return rows.rows
