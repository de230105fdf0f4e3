"""Plots as plain SVG text: no library, no fonts of their own. The page that holds them gives the colours by class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bot.evaluation.tables import percent, width

COLUMN = 7  # pixels that half a Chinese character takes at most
ROW = 24
AXIS = 24


@dataclass(frozen=True)
class Bar:
    """A bar of a bar chart: a share, and what stands behind it."""

    label: str
    share: float | None
    note: str = ""


def bars(rows: Sequence[Bar], name: str, line: float | None = None, across: int = 680) -> str:
    """Horizontal bars from 0 to 100 %, `across` pixels wide; those below the line are marked."""
    left = _room(row.label for row in rows)
    right = 64 + _room(row.note for row in rows)
    bottom = ROW * len(rows) + 4
    drawn = [_grid(left + across * step / 4, bottom, f"{25 * step}") for step in range(5)]
    for number, row in enumerate(rows):
        top, share = ROW * number + 4, row.share or 0.0
        css = "low" if line is not None and share < line else "bar"
        drawn += [
            _text(left - 8, top + 13, row.label, "end"),
            f'<rect class="{css}" x="{left}" y="{top}" width="{across * share:.1f}" height="{ROW - 8}" rx="2"/>',
            _text(left + across + 10, top + 13, percent(row.share), css="value"),
            _text(left + across + 64, top + 13, row.note, css="faint"),
        ]
    if line is not None:
        drawn.append(f'<line class="goal" x1="{left + across * line}" y1="0" x2="{left + across * line}" y2="{bottom}"/>')
    return _svg(left + across + right, bottom + AXIS, drawn, name)


def heat_map(rows: Sequence[str], columns: Sequence[str], counts: Mapping[tuple[str, str], int], name: str) -> str:
    """Counts by (row, column), shaded by their share of the row; what lies off the diagonal has a colour of its own."""
    size, left, top = 24, _room(rows), _room(columns)
    drawn = [_text(left - 8, top + size * number + 16, row, "end") for number, row in enumerate(rows)]
    for number, column in enumerate(columns):
        x = left + size * number + 16
        drawn.append(_text(x, top - 6, column, turn=f"rotate(-90 {x} {top - 6})"))
    across = size * len(columns)
    for number in range(1, len(rows)):  # leads the eye from a name to its counts
        y = top + size * number
        drawn.append(f'<line class="grid" x1="{left}" y1="{y}" x2="{left + across}" y2="{y}"/>')
    drawn.append(f'<rect class="frame" x="{left}" y="{top}" width="{across}" height="{size * len(rows)}"/>')
    totals = {row: sum(counts.get((row, column), 0) for column in columns) for row in rows}
    for down, row in enumerate(rows):
        for along, column in enumerate(columns):
            count = counts.get((row, column), 0)
            if count:
                x, y, share = left + size * along, top + size * down, count / totals[row]
                drawn.append(
                    f"<g><title>{escape(f'{row} → {column}：{count}')}</title>"
                    f'<rect class="{"bar" if row == column else "low"}" x="{x}" y="{y}" width="{size}" height="{size}" '
                    f'fill-opacity="{0.12 + 0.6 * share:.2f}"/>{_text(x + size / 2, y + 16, str(count), "middle", "count")}</g>'
                )
    return _svg(left + across + 4, top + size * len(rows) + 4, drawn, name)


def reliability(bins: Sequence[Mapping[str, float]], name: str) -> str:
    """Share that is right over confidence; on the diagonal a confidence means what it says. The area tells the count."""
    side, left = 320, 44
    most = max((row["count"] for row in bins), default=0) or 1
    drawn = []
    for step in range(5):
        place = side * step / 4
        drawn += [
            f'<line class="grid" x1="{left + place}" y1="8" x2="{left + place}" y2="{8 + side}"/>',
            f'<line class="grid" x1="{left}" y1="{8 + place}" x2="{left + side}" y2="{8 + place}"/>',
            _text(left + place, 8 + side + 18, f"{25 * step}", "middle", "faint"),
            _text(left - 8, 8 + side - place + 4, f"{25 * step}", "end", "faint"),
        ]
    drawn.append(f'<line class="goal" x1="{left}" y1="{8 + side}" x2="{left + side}" y2="8"/>')
    points = [(left + side * row["confidence"], 8 + side * (1 - row["right"]), row) for row in bins if row["count"]]
    drawn.append(f'<polyline class="curve" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)}"/>')
    for x, y, row in points:
        told = f"把握 {percent(row['confidence'])} %，认对 {percent(row['right'])} %，{row['count']} 句"
        radius = 3 + 11 * (row["count"] / most) ** 0.5
        drawn.append(f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{told}</title></circle>')
    return _svg(left + side + 20, side + 8 + AXIS + 4, drawn, name)


def _room(labels: Iterable[str]) -> int:
    return 12 + COLUMN * max(map(width, labels), default=0)


def _grid(x: float, bottom: float, label: str) -> str:
    return f'<line class="grid" x1="{x}" y1="0" x2="{x}" y2="{bottom}"/>{_text(x, bottom + 16, label, "middle", "faint")}'


def _text(x: float, y: float, text: str, anchor: str = "start", css: str = "label", *, turn: str = "") -> str:
    turned = f' transform="{turn}"' if turn else ""
    return f'<text class="{css}" x="{x:g}" y="{y:g}" text-anchor="{anchor}"{turned}>{escape(text)}</text>'


def _svg(across: float, down: float, drawn: Sequence[str], name: str) -> str:
    head = f'<svg role="img" aria-label="{escape(name)}" viewBox="0 0 {across:g} {down:g}" width="{across:g}" height="{down:g}">'
    return "\n".join([head, *drawn, "</svg>"])
