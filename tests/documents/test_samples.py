"""Every kind of paper has a sample that prints in both languages, whole, embedded and without a missing glyph."""

from __future__ import annotations

import pytest

from inventory.documents.drawing.engine import Printed
from inventory.documents.press import KIND_OF_MARK, PRESSES, printed
from inventory.documents.sampling import SAMPLE_KEY, SAMPLES, sample
from tests.documents import reading


def of_kind(kind: str, language: str) -> Printed:
    """Return the printed sample of a kind."""
    return printed(sample(kind), key=SAMPLE_KEY, language=language)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", sorted(PRESSES))
def test_a_sample_prints(kind: str, language: str) -> None:
    """It has pages with text, every font is embedded, no character is missing, and it says that it is no real paper."""
    paper = of_kind(kind, language)
    assert paper.pages >= 1
    assert paper.missing == ()
    assert all(reading.fonts(paper.pdf).values())
    texts = reading.page_texts(paper)
    assert len(texts) == paper.pages
    wanted = "不得执行" if language == "zh_CN" else "DO NOT EXECUTE"
    assert all(wanted in text for text in texts), kind


@pytest.mark.parametrize("kind", sorted(PRESSES))
def test_a_sample_prints_the_same_bytes_again(kind: str) -> None:
    """The data, the key and the language decide the bytes."""
    assert of_kind(kind, "zh_CN").sha256 == of_kind(kind, "zh_CN").sha256


def test_there_is_one_sample_for_each_kind() -> None:
    """No kind without a sample, no sample without a kind, and no two kinds with one mark."""
    assert {path.stem for path in SAMPLES.glob("*.toml")} == set(PRESSES)
    assert len(KIND_OF_MARK) == len(PRESSES)
