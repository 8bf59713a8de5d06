"""Reading finished papers back: text, fonts, rendered pages, codes."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2
import zxingcpp

from inventory.documents.drawing.engine import Printed

_OBJECT = re.compile(rb"(?<!\d)(\d+) 0 obj\s(.*?)endobj", re.DOTALL)


def page_texts(printed: Printed) -> list[str]:
    """Return the text of each page, lines joined by line ends as the reader finds them."""
    document = pypdfium2.PdfDocument(printed.pdf)
    try:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    finally:
        document.close()


def joined_text(printed: Printed) -> str:
    """Return all text without any white space, so that a value broken over lines is found."""
    return re.sub(r"\s+", "", "".join(page_texts(printed)))


def pictures(printed: Printed, *, dots_per_inch: int) -> list[Any]:
    """Return each page rendered in grey."""
    return rendered(printed.pdf, dots_per_inch=dots_per_inch)


def rendered(pdf: bytes, *, dots_per_inch: int) -> list[Any]:
    """Return each page of a file rendered in grey."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dots_per_inch / 72, grayscale=True).to_pil() for page in document]
    finally:
        document.close()


def codes(picture: Any, kind: str) -> list[str]:
    """Return the texts of the codes of a kind ("QRCode", "DataMatrix", "Code128") on a picture."""
    wanted = getattr(zxingcpp.BarcodeFormat, kind)
    return [code.text for code in zxingcpp.read_barcodes(picture, formats=wanted)]


def fonts(pdf: bytes) -> dict[str, bool]:
    """Return each font of the file by name and whether its program is embedded."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    found = {}
    for body in objects.values():
        if not re.search(rb"/Type\s*/Font\b(?!D)", body):
            continue
        name = re.search(rb"/BaseFont\s*/([^\s/<>]+)", body)
        descriptor = re.search(rb"/FontDescriptor\s+(\d+)\s+0\s+R", body)
        program = re.search(rb"/FontFile2\s+(\d+)\s+0\s+R", objects[int(descriptor[1])] if descriptor else b"")
        found[name[1].decode() if name else "?"] = bool(program and int(program[1]) in objects)
    return found
