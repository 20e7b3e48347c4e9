"""Quality × seconds × memory, as a picture in SVG."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 150, 24, 52
_SMALL, _LARGE = 5, 16
"""Radius of the circles that stand for the least and the most memory."""
_STEPS = (1, 2, 5)

type Scale = Callable[[float], float]
"""From a value to a place in the picture."""


@dataclass(frozen=True)
class Dot:
    """A model. value: its mean score; seconds: a photo's; bytes_: the most memory of a run; front:
    whether no other is better, quicker and smaller at once."""

    label: str
    value: float
    seconds: float
    bytes_: int
    front: bool


def chart(dots: Sequence[Dot], title: str, *, lower: bool) -> str:
    """An SVG element. Seconds run to the right in powers of ten; better is up: lower tells whether
    that means smaller values. A circle's area stands for memory; the front is filled and joined."""
    if not dots:
        return ""
    seconds = [max(dot.seconds, 1e-3) for dot in dots]
    values = [dot.value for dot in dots]
    first, last = math.log10(min(seconds)) - 0.15, math.log10(max(seconds)) + 0.15
    low, high = min(values), max(values)
    room = (high - low) * 0.12 or max(abs(high), 1e-3) * 0.1
    low, high = low - room, high + room

    def x(spent: float) -> float:
        part = (math.log10(max(spent, 1e-3)) - first) / (last - first)
        return _LEFT + part * (WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        part = (value - low) / (high - low)
        return _TOP + (part if lower else 1 - part) * (HEIGHT - _TOP - _BOTTOM)

    most = max(max(dot.bytes_ for dot in dots), 1)

    def radius(dot: Dot) -> float:
        return max(_SMALL, _LARGE * math.sqrt(dot.bytes_ / most))

    front = sorted((dot for dot in dots if dot.front), key=lambda dot: dot.seconds)
    joined = " ".join(f"{x(dot.seconds):.1f},{y(dot.value):.1f}" for dot in front)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)} and seconds a '
        'photo of each model">',
        *_ticks_across(10**first, 10**last, x),
        *_ticks_up(low, high, y),
        f'<text class="axis" x="{(_LEFT + WIDTH - _RIGHT) / 2}" y="{HEIGHT - 10}" '
        'text-anchor="middle">seconds a photo</text>',
        f'<text class="axis" x="{_LEFT}" y="14">{escape(title)}, better up</text>',
        f'<polyline class="front" points="{joined}"/>',
    ]
    for dot in dots:
        kind = "dot on-front" if dot.front else "dot"
        told = f"{dot.label}: {dot.value:.4g}, {dot.seconds:.3g} s, {dot.bytes_ / 1e9:.2f} GB"
        across, up, size = x(dot.seconds), y(dot.value), radius(dot)
        parts += [
            f'<circle class="{kind}" cx="{across:.1f}" cy="{up:.1f}" r="{size:.1f}">'
            f"<title>{escape(told)}</title></circle>",
            f'<text class="label" x="{across + size + 4:.1f}" y="{up + 4:.1f}">'
            f"{escape(dot.label)}</text>",
        ]
    return "\n".join([*parts, "</svg>"])


def _ticks_across(first: float, last: float, x: Scale) -> list[str]:
    powers = range(math.floor(math.log10(first)), math.ceil(math.log10(last)) + 1)
    ticks = [step * 10.0**power for power in powers for step in _STEPS]
    shown = [tick for tick in ticks if first <= tick <= last]
    return [
        f'<line class="grid" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{_TOP}" '
        f'y2="{HEIGHT - _BOTTOM}"/><text class="tick" x="{x(tick):.1f}" '
        f'y="{HEIGHT - _BOTTOM + 16}" text-anchor="middle">{tick:g}</text>'
        for tick in shown
    ]


def _ticks_up(low: float, high: float, y: Scale) -> list[str]:
    power = 10.0 ** math.floor(math.log10(high - low))
    step = next(
        power * each / 5 for each in (1, 2, 5, 10) if (high - low) / (power * each / 5) <= 6
    )
    ticks = [step * each for each in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return [
        f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(tick):.1f}" '
        f'y2="{y(tick):.1f}"/><text class="tick" x="{_LEFT - 8}" y="{y(tick) + 4:.1f}" '
        f'text-anchor="end">{tick:.4g}</text>'
        for tick in ticks
    ]
