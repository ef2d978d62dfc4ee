"""What every figure is held to, whichever study it belongs to."""

import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from made_up import drawn_texts
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from policymix.drawing import LabelledFigure
from policymix.label import LABEL


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        yield data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        place += 12 + length


def assert_label_has_its_space(drawn: LabelledFigure) -> None:
    (label,) = [text for text in drawn.texts if text.get_text() == LABEL]
    FigureCanvasAgg(drawn).draw()
    box = label.get_window_extent()
    assert 0 <= box.x0 < box.x1 <= drawn.bbox.width
    for axes in drawn.axes:
        assert not axes.get_tightbbox().overlaps(box)


@lru_cache(maxsize=32)
def files_of(drawn: LabelledFigure) -> dict[str, bytes]:
    """Its files, made once: most of a test's time goes there."""
    return {"png": drawn.file_bytes("png"), "svg": drawn.file_bytes("svg")}


def assert_same_files(one: LabelledFigure, other: LabelledFigure) -> None:
    first, second = files_of(one), files_of(other)
    for kind in first:
        assert zlib.crc32(first[kind]) == zlib.crc32(second[kind]), kind


def assert_files_carry_the_label(drawn: LabelledFigure) -> None:
    files = files_of(drawn)
    chunks = list(png_chunks(files["png"]))
    assert (b"tEXt", b"Description\x00" + LABEL.encode()) in chunks
    assert not [kind for kind, _ in chunks if kind in (b"tIME", b"zTXt")]
    text = files["svg"].decode()
    assert f">{LABEL}<" in text
    assert "<dc:date>" not in text
    assert "<image" not in text, "a picture of points in a picture of lines"


def assert_words_have_room(drawn: LabelledFigure) -> None:
    """All words lie within the picture and none on another."""
    FigureCanvasAgg(drawn).draw()
    boxes = {}
    for text in drawn_texts(drawn):
        box = Text.get_window_extent(text)
        boxes[text] = box.padded(-1.5)
        assert 0 <= box.x0 < box.x1 <= drawn.bbox.width, text.get_text()
        assert 0 <= box.y0 < box.y1 <= drawn.bbox.height, text.get_text()
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        assert not first.overlaps(second), (one.get_text(), other.get_text())
