"""The fonts of the papers: roles, loading on first use, a fallback chain for each character, never a blank.

Only fonts that are embedded are used; the fourteen built-in PDF fonts never are. A character that no font of the
chain has, and every control or direction character, is drawn as 〓 and reported by its code point: a name that prints
wrong must be seen by the person who prints it. A site may point `INVENTORY_FONT_FOLDER` to its own fonts, and may
have nothing but fonts under the Open Font License with `INVENTORY_FONT_SET=ofl`.

PDF building keeps state inside shared font objects, so whoever builds holds `LOCK`.
"""

from __future__ import annotations

import functools
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

from inventory.core.errors import Refusal
from inventory.core.settings import Settings

Role = Literal["body", "gaps", "kai", "title", "hei", "table"]

FOLDER = Path(__file__).resolve().parents[2] / "fonts"
FILES: dict[Role, str] = {
    "body": "TDFangSong.ttf",
    "gaps": "TDFangGaps.ttf",
    "kai": "TDKai.ttf",
    "title": "TDSongTitle.ttf",
    "hei": "TDHei.ttf",
    "table": "TDSans.ttf",
}
"""Role to our own file: 仿宋 body, its gaps, 楷体, 小标宋 titles, 黑体 and table heads, table text and last resort."""

SETS: dict[str, dict[Role, str]] = {"ours": FILES, "ofl": {**FILES, "body": FILES["kai"]}}
"""The sets of our own files. In "ofl" the body is the 楷体, because the only free 仿宋 is under the GPL (with font
exception); 楷体 is also what offices without 仿宋 set letters in."""

SITE_FILES: dict[Role, tuple[str, ...]] = {
    "body": ("body.ttf", "simfang.ttf", "STFANGSO.TTF"),
    "gaps": (),
    "kai": ("kai.ttf", "simkai.ttf", "STKAITI.TTF"),
    "title": ("title.ttf", "FZXBSJW.TTF"),
    "hei": ("hei.ttf", "simhei.ttf"),
    "table": ("table.ttf",),
}
"""File names looked for in the site's own folder, large or small letters; the first one found wins, else ours."""

FALLBACK: dict[Role, tuple[Role, ...]] = {
    "body": ("gaps", "title", "table"),
    "gaps": ("table",),
    "kai": ("table",),
    "title": ("table",),
    "hei": ("table",),
    "table": (),
}
GETA = "\u3013"
_IGNORED = {0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF}
LOCK = threading.RLock()

# ASCII85 costs a fifth in size and was a top entry of the profile; PDF readers do not need it.
rl_config.useA85 = 0


@dataclass(eq=False)
class FontUnusable(Refusal):
    """A font file of the site's folder cannot be embedded (damaged, or PostScript outlines)."""

    code: ClassVar[str] = "font_unusable"
    file: str
    reason: str


@dataclass(frozen=True)
class Run:
    """Characters of one font: its registered name, the text, the width at size 1."""

    font: str
    text: str
    width: float


@dataclass(frozen=True)
class Measured:
    """A text cut into runs, its width at size 1, and the code points that had to be drawn as 〓."""

    runs: tuple[Run, ...]
    width: float
    missing: tuple[str, ...]


def unicode_map(font_name: str, subset: list[int]) -> str:
    """Return the ToUnicode map of a font subset, UTF-16BE in blocks of 100.

    The writer's own version puts five hex digits for characters above U+FFFF, which readers take for another
    character: the sheet looks right, but search and copy are wrong for names such as 𬭁.
    """
    head = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n"
        "<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange"
    )
    pairs = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset) if point
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    middle = [f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks]
    tail = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    return "\n".join([head, *middle, tail])


ttfonts.makeToUnicodeCMap = unicode_map


class FontBook:
    """The fonts of one site: one of our sets, or those of its folder where it has them. Loads a role when first asked.

    Raises `FontUnusable` when the folder cannot be read.
    """

    def __init__(self, site_folder: str = "", font_set: str = "ours") -> None:
        self._site = Path(site_folder) if site_folder else None
        self._ours = SETS[font_set]
        try:
            self._found = {path.name.lower(): path for path in sorted(self._site.iterdir())} if self._site else {}
        except OSError as error:
            raise FontUnusable(file=site_folder, reason=error.strerror or str(error)) from error
        self._faces: dict[Role, ttfonts.TTFont] = {}
        self._glyph = functools.lru_cache(50_000)(self._find_glyph)
        self.measured = functools.lru_cache(20_000)(self._measure)

    def path(self, role: Role) -> Path:
        """Return the file that serves a role."""
        for name in SITE_FILES[role]:
            if name.lower() in self._found:
                return self._found[name.lower()]
        return FOLDER / self._ours[role]

    def face(self, role: Role) -> ttfonts.TTFont:
        """Return the loaded font of a role.

        Raises
        ------
        FontUnusable
            The file cannot be embedded.
        """
        with LOCK:
            if role not in self._faces:
                path = self.path(role)
                twin = next((face for other, face in self._faces.items() if self.path(other) == path), None)
                if twin is not None:
                    # One file for two roles is embedded once.
                    self._faces[role] = twin
                    return twin
                ours = self._site is None and self._ours is FILES
                name = role if ours else f"{role}-{path}"
                try:
                    face = ttfonts.TTFont(name, str(path), shapable=False)
                except (ttfonts.TTFError, OSError) as error:
                    raise FontUnusable(file=path.name, reason=str(error)) from error
                pdfmetrics.registerFont(face)
                self._faces[role] = face
            return self._faces[role]

    def width(self, text: str, role: Role, size: float) -> float:
        """Return the width of a text in points."""
        return float(self.measured(text, role).width * size)

    def _find_glyph(self, character: str, role: Role) -> tuple[str, float, str, str]:
        """Return (font, width at size 1, what is drawn, code point if it is missing else "")."""
        point = ord(character)
        if point in _IGNORED or 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF:
            return self.face(role).fontName, 0.0, "", ""
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            for candidate in (role, *FALLBACK[role]):
                face = self.face(candidate)
                if point in face.face.charToGlyph:
                    return face.fontName, _width(face, point), character, ""
        for candidate in (role, *FALLBACK[role]):
            face = self.face(candidate)
            if ord(GETA) in face.face.charToGlyph:
                return face.fontName, _width(face, ord(GETA)), GETA, f"U+{point:04X}"
        raise FontUnusable(file=self.path(role).name, reason="U+3013")

    def _measure(self, text: str, role: Role) -> Measured:
        parts: list[tuple[str, list[str], list[float]]] = []
        missing: dict[str, None] = {}
        for character in text:
            font, width, drawn, lost = self._glyph(character, role)
            if lost:
                missing[lost] = None
            if not drawn:
                continue
            if not parts or parts[-1][0] != font:
                parts.append((font, [], []))
            parts[-1][1].append(drawn)
            parts[-1][2].append(width)
        runs = tuple(Run(font, "".join(drawn), sum(widths)) for font, drawn, widths in parts)
        return Measured(runs, sum(run.width for run in runs), tuple(missing))


def _width(face: ttfonts.TTFont, point: int) -> float:
    """Return the advance of a character at size 1."""
    return float(face.face.charWidths.get(point, face.face.defaultWidth)) / 1000


@functools.cache
def font_book(site_folder: str | None = None, font_set: str | None = None) -> FontBook:
    """Return the fonts of this process; None reads the setting, a `site_folder` of "" means our own fonts only."""
    if site_folder is None or font_set is None:
        settings = Settings()
        folder = settings.font_folder if site_folder is None else site_folder
        return font_book(folder, settings.font_set if font_set is None else font_set)
    return FontBook(site_folder, font_set)
