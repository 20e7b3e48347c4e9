from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.components.driver import Canvas

PAGE = Path(__file__).with_name("widgets_page.py")


@pytest.fixture
def open_canvas(serve: Callable[..., str], open_page: Callable[..., Page]) -> Callable[..., Canvas]:
    """open_canvas(**as open_page) -> the canvas on a fresh page."""

    def visit(**how: object) -> Canvas:
        canvas = Canvas(open_page(serve(PAGE), **how))
        canvas.stage.wait_for()
        return canvas

    return visit


@pytest.fixture
def canvas(open_canvas: Callable[..., Canvas]) -> Canvas:
    return open_canvas()
