"""What can be measured on a drawn page: contrast and size of its text (WCAG 2.1 AA), and the language of its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from tests.support.server import ROOT

CONTRAST_MIN, LARGE_CONTRAST_MIN, LARGE_PIXELS, PIXELS_MIN = 4.5, 3.0, 24, 12.5
"""Success criterion 1.4.3; the smallest size is the house's own."""

_TEXTS = r"""
() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  canvas.canvas.width = canvas.canvas.height = 1;
  const known = new Map();
  const rgba = (color) => {
    if (!known.has(color)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(color, [red, green, blue, alpha / 255]);
    }
    return known.get(color);
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const behind = (element) => {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
      const color = rgba(getComputedStyle(node).backgroundColor);
      if (color[3] > 0) layers.push(color);
      if (color[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const light = (color) => {
    const part = color.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const top = document.querySelector('[role=dialog]') || document.body;
  const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; (node = walker.nextNode()); ) {
    const text = node.nodeValue.trim();
    const element = node.parentElement;
    if (!text || !element || element.closest('style, script, canvas')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (style.fontFamily.includes('Material Symbols')) continue; // An icon is a text that holds its name.
    if (box.width < 2 || box.height < 2 || style.visibility === 'hidden' || box.right < 0) continue;
    let opacity = 1;
    for (let above = element; above; above = above.parentElement) opacity *= +getComputedStyle(above).opacity;
    const under = behind(element);
    const ink = rgba(element.closest('svg') ? style.fill : style.color);
    const [a, b] = [light(over([...ink.slice(0, 3), ink[3] * opacity], under)), light(under)];
    found.push({
      text,
      contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
      pixels: parseFloat(style.fontSize),
      idle: !!element.closest('[disabled], [aria-disabled=true], [aria-hidden=true]') ||
        !!element.closest('label')?.querySelector(':disabled'),
      svg: !!element.closest('svg'),
      data: !!element.closest('code, [data-testid=stLogo], .t-out, [data-testid=stFileChip]'),
    });
  }
  for (const element of top.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) {
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
      const text = (element.getAttribute(name) || '').trim();
      const data = !!element.closest('[data-testid=stLogo]');
      if (text) found.push({ text, contrast: 21, pixels: 16, idle: true, svg: false, data });
    }
  }
  return found;
}
"""
_LATIN = re.compile(r"[A-Za-z]{4,}")
_NAMES = re.compile(
    r"Tongdiao|English|Excel|XLSX|SQLite|PostgreSQL|Ctrl|Enter|Shift|DEMO-\d{4}-\d+|yyyy|"
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{12,64}\b|\d{8,}|https?://\S+|python -m \S+"
)
"""What stays Latin in Chinese: names of products, keys, hashes, batch numbers."""


@dataclass(frozen=True)
class Text:
    """A visible text with how it is drawn."""

    text: str
    contrast: float
    pixels: float
    idle: bool
    svg: bool
    data: bool


def texts(page: Page) -> list[Text]:
    """Return every visible text of the open dialog, else of the page, and what a screen reader reads of it."""
    rows: list[dict[str, Any]] = page.evaluate(_TEXTS)
    return [Text(**row) for row in rows]


def pale_or_small(found: list[Text]) -> list[str]:
    """Return the texts that are too pale or too small to read; parts that cannot be used now are exempt."""
    told = []
    for one in found:
        least = LARGE_CONTRAST_MIN if one.pixels >= LARGE_PIXELS else CONTRAST_MIN
        small = one.pixels < PIXELS_MIN and not one.svg
        if not one.idle and (one.contrast < least or small):
            told.append(f"{one.text[:40]} (contrast {one.contrast:.2f}, {one.pixels:.1f} px)")
    return sorted(set(told))


def foreign(found: list[Text], language: str, data: frozenset[str]) -> list[str]:
    """Return the texts that speak another language than the page.

    In Chinese: what holds a word of four Latin letters or more that is no name and stands in no data of the district.
    In English: Chinese words or sentences of the program itself; names of people and places may be Chinese.
    """
    if language == "en":
        return sorted({one.text for one in found if not one.data and one.text in chinese_words() - data})
    latin = sorted((part for part in data if _LATIN.search(part)), key=len, reverse=True)
    told = set()
    for one in found:
        rest = one.text
        for part in latin:
            rest = rest.replace(part, "")
        if not one.data and _LATIN.search(_NAMES.sub("", rest)):
            told.add(one.text[:120])
    return sorted(told)


@cache
def chinese_words() -> frozenset[str]:
    """Return the Chinese of the catalogue."""
    with (ROOT / "inventory/locale/zh_CN/LC_MESSAGES/inventory.po").open("rb") as file:
        said = {str(message.string) for message in read_po(file) if message.id}
    return frozenset(text for text in said if re.search(r"[\u4e00-\u9fff]", text))
