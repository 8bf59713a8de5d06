"""Points: WGS-84 in whole 1e-7 degrees, conversion from the Chinese map systems, distances, approximate positions.

Maps sold in China show GCJ-02 (Gaode, Tencent) or BD-09 (Baidu), 400 to 1,200 m away from WGS-84. What is kept is
always WGS-84, with the system in which it was entered beside it. Floats live here and in travel estimates only.

Source: the public formula of GCJ-02 and BD-09; its inverse is found by iteration, to 1e-9 m against the same formula.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

SCALE = 10**7
"""Coordinates are kept as whole ten-millionths of a degree (about 1 cm)."""
SYSTEMS: tuple[str, ...] = ("wgs84", "gcj02", "bd09", "map")
"""`map`: clicked on our own map, which is WGS-84."""

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_BAIDU = math.pi * 3000 / 180
_ROUNDS = 6


@dataclass(frozen=True)
class Point:
    """A WGS-84 position in whole 1e-7 degrees."""

    latitude: int
    longitude: int

    @classmethod
    def of_degrees(cls, latitude: float, longitude: float) -> Point:
        """Return the nearest point on the 1e-7 grid."""
        return cls(round(latitude * SCALE), round(longitude * SCALE))

    @property
    def degrees(self) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return self.latitude / SCALE, self.longitude / SCALE


def to_wgs84(latitude: int, longitude: int, *, entered_as: str) -> Point:
    """Return a point as it is kept, from the system in which it was entered (1e-7 degrees both)."""
    if entered_as in {"wgs84", "map"}:
        return Point(latitude, longitude)
    lat, lon = latitude / SCALE, longitude / SCALE
    if entered_as == "bd09":
        lat, lon = _from_baidu(lat, lon)
    return Point.of_degrees(*_from_gcj(lat, lon))


def gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """Return degrees WGS-84 as GCJ-02 shows them; outside China nothing is shifted."""
    if not (0.8293 < latitude < 55.8271 and 72.004 < longitude < 137.8347):
        return latitude, longitude
    north, east = _offset(latitude, longitude)
    return latitude + north, longitude + east


def bd09(latitude: float, longitude: float) -> tuple[float, float]:
    """Return degrees WGS-84 as BD-09 shows them."""
    return _to_baidu(*gcj02(latitude, longitude))


def _to_baidu(latitude: float, longitude: float) -> tuple[float, float]:
    radius = math.hypot(longitude, latitude) + 0.00002 * math.sin(latitude * _BAIDU)
    angle = math.atan2(latitude, longitude) + 0.000003 * math.cos(longitude * _BAIDU)
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065


def _from_baidu(latitude: float, longitude: float) -> tuple[float, float]:
    lat, lon = latitude - 0.006, longitude - 0.0065
    for _ in range(_ROUNDS):
        shown_lat, shown_lon = _to_baidu(lat, lon)
        lat, lon = lat - (shown_lat - latitude), lon - (shown_lon - longitude)
    return lat, lon


def _from_gcj(latitude: float, longitude: float) -> tuple[float, float]:
    lat, lon = latitude, longitude
    for _ in range(_ROUNDS):
        shown_lat, shown_lon = gcj02(lat, lon)
        lat, lon = lat - (shown_lat - latitude), lon - (shown_lon - longitude)
    return lat, lon


def _offset(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the shift north and east in degrees, as the public formula has it."""
    x, y, sin, pi = longitude - 105.0, latitude - 35.0, math.sin, math.pi
    root = math.sqrt(abs(x))
    waves = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    angle = math.radians(latitude)
    bulge = 1 - _ECCENTRICITY * math.sin(angle) ** 2
    per_north = _AXIS * (1 - _ECCENTRICITY) / (bulge * math.sqrt(bulge)) * pi / 180
    per_east = _AXIS / math.sqrt(bulge) * math.cos(angle) * pi / 180
    return north / per_north, east / per_east


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """Return metres of one degree north and one degree east at a latitude, on the WGS-84 ellipsoid."""
    angle = math.radians(latitude)
    north = 111132.954 - 559.822 * math.cos(2 * angle) + 1.175 * math.cos(4 * angle)
    east = 111412.84 * math.cos(angle) - 93.5 * math.cos(3 * angle) + 0.118 * math.cos(5 * angle)
    return north, east


def distance_metres(start: Point, end: Point) -> int:
    """Return metres as the crow flies; within 0.01 % of the geodesic for distances inside a province."""
    (start_lat, start_lon), (end_lat, end_lon) = start.degrees, end.degrees
    north, east = metres_per_degree((start_lat + end_lat) / 2)
    return round(math.hypot((end_lat - start_lat) * north, (end_lon - start_lon) * east))


def moved(point: Point, *, bearing_degrees: float, metres: float) -> Point:
    """Return the point at a distance and bearing (0 north, 90 east); for a few kilometres."""
    latitude, longitude = point.degrees
    north, east = metres_per_degree(latitude)
    angle = math.radians(bearing_degrees)
    return Point.of_degrees(latitude + metres * math.cos(angle) / north, longitude + metres * math.sin(angle) / east)


def around(centre: Point, *, position: int, inner_metres: int = 1200, outer_metres: int = 4200) -> Point:
    """Return an approximate point near a centre for the n-th of several places that have none of their own.

    Golden-angle spacing: any number of neighbours stay apart, and the same position always gives the same point.
    """
    share = (position + 1) * 0.6180339887498949 % 1
    metres = inner_metres + (outer_metres - inner_metres) * share
    return moved(centre, bearing_degrees=(position + 1) * 137.50776405003785 % 360, metres=metres)
