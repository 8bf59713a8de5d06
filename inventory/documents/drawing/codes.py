"""Codes to scan as rows of modules: QR, DataMatrix, Code 128."""

from __future__ import annotations

import functools
import itertools
from typing import Literal

import numpy
import zxingcpp

Symbology = Literal["qr", "matrix", "bars"]


@functools.lru_cache(256)
def modules(text: str, symbology: Symbology) -> tuple[tuple[bool, ...], ...]:
    """Return the rows of a code without its quiet zone; True is dark. Bars have one row."""
    kind = {
        "qr": zxingcpp.BarcodeFormat.QRCode,
        "matrix": zxingcpp.BarcodeFormat.DataMatrix,
        "bars": zxingcpp.BarcodeFormat.Code128,
    }[symbology]
    options = {"ec_level": "M"} if symbology == "qr" else {}
    image = zxingcpp.create_barcode(text, kind, **options).to_image(scale=1)
    dark = numpy.array(image) == 0
    rows, columns = numpy.flatnonzero(dark.any(axis=1)), numpy.flatnonzero(dark.any(axis=0))
    last = rows[0] if symbology == "bars" else rows[-1]
    cropped = dark[rows[0] : last + 1, columns[0] : columns[-1] + 1]
    return tuple(tuple(bool(cell) for cell in row) for row in cropped)


@functools.lru_cache(256)
def rectangles(text: str, symbology: Symbology) -> str:
    """Return the dark modules of a code as PDF rectangles, one per run, in whole modules from the lower left."""
    rows = modules(text, symbology)
    parts = []
    for number, row in enumerate(reversed(rows)):
        start = 0
        for dark, run in itertools.groupby(row):
            length = len(list(run))
            if dark:
                parts.append(f"{start} {number} {length} 1 re")
            start += length
    return " ".join(parts)
