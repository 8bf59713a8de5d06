"""Build the fonts of `inventory/fonts` from their published originals: subset, TrueType outlines, names of our own.

Run by a maintainer, hardly ever: the built files are in the repository. fontTools is needed for this alone and is in
no lock file: `pip install fonttools==4.68.0`. The originals come from these packages, fetched with their ordinary
clients and unpacked into one folder (only the file names matter, sub-folders are searched):

    apt-get download fonts-lxgw-wenkai texlive-lang-chinese unicode-data    (Debian 12; then dpkg-deb -x FILE FOLDER)
    npm pack @expo-google-fonts/noto-sans-sc@0.4.3 @expo-google-fonts/noto-serif-sc@0.4.3    (then tar xzf FILE)

    python tools/build_fonts.py FOLDER inventory/fonts

What is done to each font, and why:
- kept characters: the 8,105 of 通用规范汉字表, all of GB 2312, Latin, symbols ("core"); or all; or what another lacks;
- hints and layout tables dropped (the PDF writer ignores both and would copy hints into every subset);
- CFF outlines converted to TrueType ones (the PDF writer embeds nothing else), at most 2.5/1000 em off;
- renamed, because a modified font must not pass for the original, and the licences reserve "LXGW", "霞鹜" and "Source".

Copyright, version and licence entries of the original stay. The same originals give the same bytes.
"""

from __future__ import annotations

import argparse
import bz2
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

CURVE_ERROR_PER_MILLE = 2.5
UNIHAN = "Unihan_OtherMappings.txt.bz2"
SYMBOLS = (
    (0x20, 0x7F), (0xA0, 0x180), (0x2000, 0x2070), (0x2100, 0x214F), (0x2150, 0x21FF), (0x2200, 0x22FF),
    (0x2460, 0x2720), (0x3000, 0x3040), (0x3200, 0x3400), (0xFF00, 0xFFF0),
)  # fmt: skip
DROPPED_TABLES = ["DSIG", "VORG", "BASE", "GSUB", "GPOS", "GDEF", "vhea", "vmtx", "STAT", "gasp"]
KEPT_NAMES = (0, 5, 13, 14)  # copyright, version, licence, licence address


@dataclass(frozen=True)
class Recipe:
    """One font of ours: its file and family, the original, and which characters are kept ("core", "all", "gaps")."""

    file: str
    family: str
    original: str
    package: str
    characters: str


RECIPES = (
    Recipe("TDFangSong.ttf", "TD FangSong", "FandolFang-Regular.otf",
           "Debian texlive-lang-chinese 2022.20230122-1", "core"),
    Recipe("TDFangGaps.ttf", "TD Fang Gaps", "NotoSerifSC_300Light.ttf",
           "npm @expo-google-fonts/noto-serif-sc 0.4.3", "gaps"),
    Recipe("TDKai.ttf", "TD Kai", "LXGWWenKai-Regular.ttf",
           "Debian fonts-lxgw-wenkai 1.250+repack-1", "core"),
    Recipe("TDSongTitle.ttf", "TD Song Title", "NotoSerifSC_700Bold.ttf",
           "npm @expo-google-fonts/noto-serif-sc 0.4.3", "core"),
    Recipe("TDHei.ttf", "TD Hei", "NotoSansSC_700Bold.ttf",
           "npm @expo-google-fonts/noto-sans-sc 0.4.3", "core"),
    Recipe("TDSans.ttf", "TD Sans", "NotoSansSC_400Regular.ttf",
           "npm @expo-google-fonts/noto-sans-sc 0.4.3", "all"),
)  # fmt: skip


def core_characters(unihan: Path) -> set[int]:
    """Return the code points of the core set."""
    found = set()
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            if "\tkTGH\t" in line:
                found.add(int(line.split("\t")[0][2:], 16))
    for high in range(0xA1, 0xFF):
        for low in range(0xA1, 0xFF):
            # GB 2312 has holes; "ignore" turns them into nothing.
            found |= {ord(character) for character in bytes([high, low]).decode("gb2312", "ignore")}
    for first, after in SYMBOLS:
        found |= set(range(first, after))
    return found


def keep(font: TTFont, characters: set[int]) -> None:
    """Reduce the font to these characters; drop hints and layout tables."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.legacy_kern = False
    options.drop_tables += DROPPED_TABLES
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(characters))
    subsetter.subset(font)


def to_truetype(font: TTFont) -> None:
    """Replace CFF outlines by quadratic ones."""
    glyph_set, order = font.getGlyphSet(), font.getGlyphOrder()
    error = CURVE_ERROR_PER_MILLE * font["head"].unitsPerEm / 1000
    drawn: dict[str, Any] = {}
    for name in order:
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, error, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"] = newTable("loca")
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, drawn
    del font["CFF "]
    glyf.compile(font)
    for name, glyph in drawn.items():
        if hasattr(glyph, "xMin"):
            font["hmtx"][name] = (font["hmtx"][name][0], glyph.xMin)
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
        "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
        "maxCompositeContours", "maxComponentDepth",
    ):  # fmt: skip
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    maxp.compile(font)
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"


def rename(font: TTFont, recipe: Recipe) -> None:
    """Give family, full and PostScript names of our own; keep copyright, version and licence."""
    table = font["name"]
    kept = {number: table.getDebugName(number) for number in KEPT_NAMES}
    table.names = []
    postscript = recipe.family.replace(" ", "")
    told = f"Modified from {recipe.original} ({recipe.package}): subset, without hints, renamed."
    new = {1: recipe.family, 2: "Regular", 3: f"{postscript};from {recipe.original}", 4: recipe.family,
           6: postscript, 10: told}  # fmt: skip
    for number, text in sorted({**kept, **new}.items()):
        if text:
            table.setName(text, number, 3, 1, 0x409)


def build(recipe: Recipe, originals: Path, target: Path, core: set[int]) -> None:
    """Build one font. The gaps font needs the FangSong original to know what it lacks."""
    font = TTFont(original(originals, recipe.original), recalcTimestamp=False)
    have = set(font.getBestCmap())
    wanted = have if recipe.characters == "all" else have & core
    if recipe.characters == "gaps":
        wanted -= set(TTFont(original(originals, RECIPES[0].original)).getBestCmap())
    keep(font, wanted)
    if "CFF " in font:
        to_truetype(font)
    rename(font, recipe)
    font.save(target / recipe.file)
    megabytes = (target / recipe.file).stat().st_size / 1e6
    print(f"{recipe.file}: {len(wanted):,} code points, {megabytes:.1f} MB")


def original(folder: Path, name: str) -> Path:
    """Return the one file of this name under the folder."""
    found = sorted(folder.rglob(name))
    if not found:
        sys.exit(f"{name} is not under {folder}; the packages are named at the top of this file")
    return found[0]


def main() -> None:
    """Build the fonts named on the command line, else all."""
    parser = argparse.ArgumentParser(description="Build the fonts of the papers from their originals.")
    parser.add_argument("originals", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("files", nargs="*", help="only these, for example TDKai.ttf")
    arguments = parser.parse_args()
    core = core_characters(original(arguments.originals, UNIHAN))
    print(f"core set: {len(core):,} code points")
    for recipe in RECIPES:
        if not arguments.files or recipe.file in arguments.files:
            build(recipe, arguments.originals, arguments.target, core)


if __name__ == "__main__":
    main()
