"""Pictures of a plan: arrivals on a time track with the limit, and a schematic map of senders and receivers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from math import cos, radians
from uuid import UUID

from inventory.core.words import HOME_ZONE
from inventory.dispatch.comparing import Point, Sketch
from inventory.dispatch.proposals import ConsignmentRow, PlanView
from inventory.incidents.queries import RequestLineRow
from ui.parts.look import Html, html, join, sub
from ui.parts.trade import MODES, amount, told
from ui.parts.words import _, moment, name

ITEMS_NAMED_MAX = 2
WIDTH, HEIGHT, MARGIN, LABEL = 520, 290, 26, 90
SPAN_DEGREES_MIN = 0.01
HOUR_MARKS_MAX = 9
TRACK_FACTOR = 3.0


def limit_of(one: ConsignmentRow, lines: Mapping[UUID, RequestLineRow]) -> dt.datetime | None:
    """Return the earliest time limit of what a consignment carries."""
    limits = [lines[line.request_line_id].deadline_at for line in one.lines if line.request_line_id in lines]
    return min((limit for limit in limits if limit is not None), default=None)


def gantt(view: PlanView, lines: Mapping[UUID, RequestLineRow], units: Mapping[str, object]) -> Html:
    """Return consignments on a time track: hatched preparing, solid travelling, red line the time limit."""
    start = view.row.planned_at
    limits = [limit_of(one, lines) for one in view.consignments]
    ends = [one.arrive_at for one in view.consignments] + [limit for limit in limits if limit is not None]
    if not view.consignments:
        return Html("")
    last = (max(one.arrive_at for one in view.consignments) - start).total_seconds()
    # A limit far behind the last arrival would press all bars into a corner: such limits are left off the track.
    whole = max(min((max(ends) - start).total_seconds() * 1.08, last * TRACK_FACTOR), 600.0)

    def at(instant: dt.datetime) -> str:
        return f"{max(0.0, min(100.0, (instant - start).total_seconds() / whole * 100)):.2f}%"

    hours = _hour_marks(start, start + dt.timedelta(seconds=whole))
    axis = join(*(html('<span class="t-sub tick" style="left:{}">{}</span>', at(hour), moment(hour)) for hour in hours))
    grid = join(*(html('<span class="mark" style="left:{}"></span>', at(hour)) for hour in hours))
    rows = [_track(one, limit, start, whole, grid, units) for one, limit in zip(view.consignments, limits, strict=True)]
    return html(
        '<div class="t-card"><div class="t-gantt wide"><div></div><div class="t-track axis">{}</div>{}</div></div>',
        axis, join(*rows),
    )  # fmt: skip


def _hour_marks(start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """Return whole hours of the clock between two instants, at most nine, evenly apart."""
    first = start.astimezone(HOME_ZONE).replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    hours = int((end - first).total_seconds() // 3600) + 1
    step = max(1, -(-hours // HOUR_MARKS_MAX))
    return [first + dt.timedelta(hours=at) for at in range(0, max(hours, 0), step)]


def _track(
    one: ConsignmentRow,
    limit: dt.datetime | None,
    start: dt.datetime,
    whole: float,
    grid: Html,
    units: Mapping[str, object],
) -> Html:
    def share(instant: dt.datetime) -> float:
        return max(0.0, min(100.0, (instant - start).total_seconds() / whole * 100))

    leaves, arrives = share(one.depart_at), share(one.arrive_at)
    seen = limit is not None and (limit - start).total_seconds() <= whole
    late = html('<span class="mark late" style="left:{}%"></span>', f"{share(limit):.2f}") if limit and seen else ""
    tone = "violet" if one.mode == "foot" else "blue"
    named = [f"{name(line.item)} {amount(line.quantity, line.unit, dict(units))}" for line in one.lines]  # type: ignore[arg-type]
    more = f" +{len(named) - ITEMS_NAMED_MAX}" if len(named) > ITEMS_NAMED_MAX else ""
    what = f"{' · '.join(named[:ITEMS_NAMED_MAX])}{more} · {told(MODES, one.mode)}"
    return html(
        '<div><span class="t-grow"><span class="t-b">{} → {}</span><br>{}</span></div>'
        '<div class="t-track">{}{}<span class="leg prep gray" style="left:0;width:{}%"></span>'
        '<span class="leg {}" style="left:{}%;width:{}%"></span>'
        '<span class="lab" style="left:calc({}% + .4rem)">{}</span></div>',
        one.from_site, one.to_site, sub(what), grid, late, f"{leaves:.2f}",
        tone, f"{leaves:.2f}", f"{arrives - leaves:.2f}", f"{arrives:.2f}", moment(one.arrive_at),
    )  # fmt: skip


def sketch_map(sketch: Sketch) -> Html:
    """Return a schematic map as SVG: senders blue, receivers red, other stockpiles gray; no tiles, no roads.

    Give it to `live`, which keeps SVG; `st.html` strips it.
    """
    if not sketch.points:
        return Html("")
    place = _projection(sketch)
    by_id = {point.site_id: point for point in sketch.points}
    legs = []
    for at, leg in enumerate(sketch.legs):
        if leg.from_site_id not in by_id or leg.to_site_id not in by_id or leg.from_site_id == leg.to_site_id:
            continue
        (x1, y1), (x2, y2) = place(by_id[leg.from_site_id]), place(by_id[leg.to_site_id])
        bend = (-1) ** at * 14
        foot = leg.mode == "foot"
        legs.append(
            html(
                '<path d="M{} {} Q{} {} {} {}" fill="none" stroke="var(--{}-s)" stroke-width="2.2"{}></path>',
                x1, y1, (x1 + x2) // 2 + bend, (y1 + y2) // 2 + bend, x2, y2,
                "violet" if foot else "blue", Html(' stroke-dasharray="2 5"') if foot else "",
            )
        )  # fmt: skip
    taken: list[tuple[int, int]] = []
    inside = [point for point in sketch.points if _is_inside(place(point))]
    order = sorted(inside, key=lambda point: (not point.receives, not point.sends))
    dots = join(*(_dot(point, place(point), taken) for point in order))
    label = _("Schematic map; ways: %(legs)s, places: %(places)s") % {
        "legs": len(sketch.legs), "places": len(sketch.points),
    }  # fmt: skip
    body = html(
        '<div class="t-card map"><svg viewBox="0 0 {} {}" width="100%" preserveAspectRatio="xMidYMid meet" role="img" '
        'aria-label="{}">{}{}</svg></div>',
        WIDTH, HEIGHT, label, join(*legs), dots,
    )  # fmt: skip
    words = (
        ("blue", _("by road")), ("violet", _("on foot")), ("red", _("receives; ✕ = road cut")), ("gray", _("not used")),
    )  # fmt: skip
    keys = join(*(html('<span><i class="{}"></i>{}</span>', tone, word) for tone, word in words))
    return html('{}<div class="t-legend">{}</div>', body, keys)


def _projection(sketch: Sketch) -> Callable[[Point], tuple[int, int]]:
    """Return a function from a point to pixels: senders and receivers fill the sketch, north is up, shapes are kept."""
    used = [point for point in sketch.points if point.sends or point.receives] or list(sketch.points)
    latitudes = [point.latitude for point in used]
    longitudes = [point.longitude for point in used]
    stretch = cos(radians((min(latitudes) + max(latitudes)) / 2))
    wide = max((max(longitudes) - min(longitudes)) * stretch, SPAN_DEGREES_MIN)
    high = max(max(latitudes) - min(latitudes), SPAN_DEGREES_MIN)
    scale = min((WIDTH - 2 * MARGIN - LABEL) / wide, (HEIGHT - 2 * MARGIN) / high)
    left = (WIDTH - LABEL - wide * scale) / 2
    top = (HEIGHT - high * scale) / 2

    def place(point: Point) -> tuple[int, int]:
        x = left + (point.longitude - min(longitudes)) * stretch * scale
        y = top + (max(latitudes) - point.latitude) * scale
        return round(x), round(y)

    return place


def _is_inside(pixel: tuple[int, int]) -> bool:
    return 4 <= pixel[0] <= WIDTH - 4 and 4 <= pixel[1] <= HEIGHT - 4


def _dot(point: Point, pixel: tuple[int, int], taken: list[tuple[int, int]]) -> Html:
    """Return one place; its name only where no name stands nearby already (receivers and senders come first)."""
    x, y = pixel
    colour = "var(--red-s)" if point.receives else "var(--blue-s)" if point.sends else "var(--gray-s)"
    fill = "var(--red-s)" if point.receives else "var(--card)"
    dot = html(
        '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="2"><title>{}</title></circle>',
        x, y, 6 if point.receives else 5 if point.sends else 3, fill, colour, point.name,
    )  # fmt: skip
    cross = ""
    if point.cut:
        cross = html(
            '<path d="M{} {}l10 10m0 -10l-10 10" stroke="var(--red-s)" stroke-width="2"></path>', x - 17, y - 5
        )
    named = point.receives or point.sends
    if not named or any(abs(x - other) < 90 and abs(y - above) < 13 for other, above in taken):
        return join(dot, cross)
    taken.append((x, y))
    right = x > WIDTH - 150
    anchor, shift = ("end", -9) if right else ("start", 9)
    return html(
        '{}{}<text x="{}" y="{}" font-size="12.5" text-anchor="{}" font-weight="{}" fill="var(--ink)" '
        'stroke="var(--card)" stroke-width="3" paint-order="stroke">{}</text>',
        dot, cross, x + shift, y + 4, anchor, 650 if point.receives else 400, point.name,
    )  # fmt: skip
