"""Two pictures of a simulation as plain SVG, legible by day and by night, with words for ears."""

from collections.abc import Iterable
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; --ink: #1d1b16; --soft: #6b665a; --line: #d9d4c7;
  --paper: #fffdf8; --a: #8a4b00; --b: #5a5f66; --c: #2f6f4f; --d: #1f5fa8; --e: #7a4fa0;
  --f: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #f1ede2; --soft: #b5af9f; --line: #4a463d;
  --paper: #1b1a17; --a: #f0a04b; --b: #b8bec6; --c: #7fd0a4; --d: #7db4f5; --e: #c9a3ec;
  --f: #ff8f85; } }
.paper { fill: var(--paper) } text { fill: var(--ink); font: 14px system-ui, sans-serif }
.soft { fill: var(--soft); font-size: 12px } .head { font-weight: 600; font-size: 16px }
.grid { stroke: var(--line); stroke-width: 1 } .mean { stroke: var(--ink); stroke-width: 1 }
.a { fill: var(--a) } .b { fill: var(--b) } .c { fill: var(--c) } .d { fill: var(--d) }
.e { fill: var(--e) } .f { fill: var(--f) } .small { opacity: .35 } .join { stroke: var(--soft) }
"""
COLOURS = "abcdef"
WIDE, HIGH = 820, 470
LEFT, RIGHT, TOP, BOTTOM = 64, 290, 66, 64
MINUTE = 60.0
ROW = 22
MOST_MINUTES = 30.0


def pictures(result: dict[str, Any]) -> dict[str, str]:
    """The drawings by file name; the one of inputs only where they were tried."""
    drawn = {"simulation-front.svg": front(result)}
    if result["sensitivity"]:
        drawn["simulation-sensitivity.svg"] = sensitivity(result)
    return drawn


def _svg(name: str, title: str, tells: str, size: tuple[int, int], parts: Iterable[str]) -> str:
    wide, high = size
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}"'
        f' height="{high}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(tells)}</desc>'
        f'<style>{STYLE}</style><rect class="paper" width="{wide}" height="{high}"/>'
    )
    return "\n".join([head, *parts, "</svg>", ""])


def _text(x: float, y: float, says: str, css: str = "", anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="{css}" text-anchor="{anchor}">{escape(says)}</text>'
    )


def _line(x: float, y: float, x2: float, y2: float, css: str) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{css}"/>'


# ---------- people disturbed per arrival × time to enough ----------


def front(result: dict[str, Any]) -> str:
    """Every policy as a point; faint: the same with one input half or half as large again."""
    policies = result["policies"]
    moved = [(key, row["policies"]) for row in result["sensitivity"] for key in row["policies"]]
    heights = [one["disturbed_per_arrival"] or 0 for one in policies.values()]
    heights += [known[key]["disturbed_per_arrival"] or 0 for key, known in moved]
    top = 5 * (int(max(heights) / 5) + 1)

    def at(seconds: float, people: float) -> tuple[float, float]:
        x = LEFT + (WIDE - LEFT - RIGHT) * min(seconds / MINUTE, MOST_MINUTES) / MOST_MINUTES
        return x, HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * min(people, top) / top

    parts = [
        _text(LEFT, 28, "People disturbed for each one who arrives, and time to enough", "head"),
        _text(LEFT, 46, "Lower left is better. Faint: one input ± 50 %.", "soft"),
        *_axes(top, at),
    ]
    colours = dict(zip(policies, COLOURS, strict=False))
    for key, known in moved:
        if known[key]["disturbed_per_arrival"] is not None:
            x, y = at(known[key]["enough_mean_s"], known[key]["disturbed_per_arrival"])
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" class="{colours[key]} small"/>')
    parts += _points(policies, at)
    return _svg("front", "Simulated calls for help", _front_tells(result), (WIDE, HIGH), parts)


def _axes(top: int, at: Any) -> list[str]:
    parts = []
    for people in range(0, top + 1, 5):
        (x, y), (end, _) = at(0, people), at(MOST_MINUTES * MINUTE, people)
        parts += [_line(x, y, end, y, "grid"), _text(x - 8, y + 4, str(people), "soft", "end")]
    for minutes in range(0, int(MOST_MINUTES) + 1, 5):
        x, y = at(minutes * MINUTE, 0)
        parts.append(_text(x, y + 18, str(minutes), "soft", "middle"))
    x, y = at(0, 0)
    says = "minutes until enough had arrived, on average (never counts as 30)"
    return [*parts, _text(x, y + 40, says, "soft")]


def _points(policies: dict[str, Any], at: Any) -> list[str]:
    """The points, and their names in a column beside them, never on each other."""
    placed = sorted(
        (at(one["enough_mean_s"], one["disturbed_per_arrival"] or 0)[::-1], colour, one["says"])
        for colour, one in zip(COLOURS, policies.values(), strict=False)
    )
    parts, below = [], 0.0
    for (y, x), colour, says in placed:
        below = max(y + 4, below + 34)
        first, _, rest = says.partition(", ")
        label = WIDE - RIGHT + 26
        parts += [
            _line(x, y, label - 6, below - 4, "join"),
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" class="{colour}"/>',
            _text(label, below, first, colour),
        ]
        if rest:
            parts.append(_text(label, below + 14, rest, "soft"))
    return parts


def _front_tells(result: dict[str, Any]) -> str:
    """The same in words."""
    told = [
        f"{one['says']}: {one['disturbed_per_arrival']} people disturbed for each arrival, "
        f"{one['enough_mean_s'] / MINUTE:.1f} minutes until enough had arrived"
        for one in result["policies"].values()
    ]
    return f"{result['calls']} calls. " + ". ".join(told) + "."


# ---------- what each input changes ----------


def sensitivity(result: dict[str, Any]) -> str:
    """How far each input, half as large and half as large again, moves both figures of ours."""
    rows = _swings(result)
    high = TOP + 36 + ROW * len(rows) + 30
    ours = result["policies"]["ours"]
    columns = (
        ("disturbed_per_arrival", "people disturbed for each arrival", 320, 1.0, "d"),
        ("enough_mean_s", "minutes until enough had arrived", 575, MINUTE, "a"),
    )
    parts = [
        _text(20, 28, "What each input changes for our own rules", "head"),
        _text(20, 46, "Each bar: from half as large to half as large again.", "soft"),
    ]
    for number, row in enumerate(rows):
        y = TOP + 36 + ROW * number
        parts.append(_text(280, y + 14, row["key"].replace("_", " "), "", "end"))
    for key, says, left, unit, colour in columns:
        parts += _bars(rows, (key, says, left, unit, colour), (ours[key] or 0.0) / unit, high)
    tells = "; ".join(
        f"{row['key'].replace('_', ' ')}: "
        + ", ".join(
            f"{says} {row[key][0] / unit:.1f} and {row[key][1] / unit:.1f}"
            for key, says, _left, unit, _colour in columns
        )
        for row in rows
    )
    return _svg("moves", "What each input changes", tells + ".", (WIDE, high), parts)


def _swings(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Both ends of each input, the one that moves the time most first."""
    found: dict[str, dict[str, Any]] = {}
    for row in result["sensitivity"]:
        one = found.setdefault(row["key"], {"key": row["key"]})
        for name, value in row["policies"]["ours"].items():
            # Nobody arrived at all: then it stands where it stood.
            stood = result["policies"]["ours"][name] or 0.0
            one.setdefault(name, []).append(stood if value is None else value)
    return sorted(found.values(), key=_swing, reverse=True)


def _swing(row: dict[str, Any]) -> float:
    low, high = row["enough_mean_s"]
    return float(abs(low - high))


def _bars(rows: list[dict[str, Any]], column: Any, mean: float, high: int) -> list[str]:
    """One column of bars around the figure itself."""
    key, says, left, unit, colour = column
    ends = [value / unit for row in rows for value in row[key]]
    low, most = min([*ends, mean]), max([*ends, mean])
    wide = 200

    def at(value: float) -> float:
        return float(left + wide * (value - low) / ((most - low) or 1))

    parts = [_text(left, TOP + 10, says, "soft")]
    for number, row in enumerate(rows):
        y = TOP + 36 + ROW * number
        first, last = sorted(at(value / unit) for value in row[key])
        parts.append(
            f'<rect x="{first:.1f}" y="{y + 3}" width="{max(last - first, 1):.1f}" height="14"'
            f' class="{colour}"/>'
        )
    for value in (low, most):
        parts.append(_text(at(value), high - 10, f"{value:.1f}", "soft", "middle"))
    parts.append(_text(at(mean), TOP + 26, f"{mean:.1f}", "", "middle"))
    return [*parts, _line(at(mean), TOP + 32, at(mean), high - 26, "mean")]
