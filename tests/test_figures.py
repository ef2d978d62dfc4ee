"""Figures: made from small made-up tables, with the label in the picture and in the file."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation, Text
from PIL import Image
from policymix import tables
from policymix.drawing import LabelledFigure, looks_of
from policymix.figures import headline, tradeoff
from policymix.label import LABEL
from policymix.outcomes import OUTCOME_NAMES, OUTCOMES

EIGHT = ["baseline", "a1", "b-2", "c_3", "delta", "echo_first", "f" * 64, "9"]
MONTHS = 24


def made_up(names: list[str], n_replicates: int = 4) -> list[np.ndarray]:
    found = []
    for k in range(n_replicates):
        level = 1000 + 10 * np.arange(len(names))[:, None, None]
        wave = np.sin(np.arange(MONTHS + 1) / 5 + k)[None, :, None]
        records = level + 20 * wave + np.cos(np.arange(len(OUTCOMES)) * k)[None, None, :]
        records[:, 0, [outcome.kind == "flow" for outcome in OUTCOMES]] = np.nan
        column = OUTCOME_NAMES.index
        parts = ("active_addiction", "in_treatment", "addicted_in_custody")
        records[..., column("addicted")] = sum(records[..., column(part)] for part in parts)
        found.append(records)
    return found


def figures(names: list[str], notes: list[str] | None = None, n: int = 4) -> list[LabelledFigure]:
    records = made_up(names, n)
    summary, monthly = tables.summary_and_monthly(names, names[0], records)
    yearly = tables.yearly_table(names, records)
    return [
        headline(monthly, yearly, summary, names[0], notes or []),
        tradeoff(summary, names[0], notes or []),
    ]


@pytest.fixture(scope="module")
def eight() -> list[LabelledFigure]:
    return figures(EIGHT, ["The totals differ: $a$ 1; b $2."])


def texts(figure: LabelledFigure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        yield data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        place += 12 + length


def test_the_label_is_in_the_picture_in_space_of_its_own(eight: list[LabelledFigure]) -> None:
    for figure in eight:
        assert LABEL in texts(figure)
        (label,) = [text for text in figure.texts if text.get_text() == LABEL]
        FigureCanvasAgg(figure).draw()
        box = label.get_window_extent()
        assert 0 <= box.x0 < box.x1 <= figure.bbox.width
        for axes in figure.axes:
            assert not axes.get_tightbbox().overlaps(box)


def test_png_files_carry_the_label_uncompressed(eight: list[LabelledFigure]) -> None:
    for figure in eight:
        chunks = list(png_chunks(figure.file_bytes("png")))
        assert (b"tEXt", b"Description\x00" + LABEL.encode()) in chunks
        assert not [kind for kind, _ in chunks if kind in (b"tIME", b"zTXt")]


def test_svg_files_carry_the_label_and_no_date(eight: list[LabelledFigure]) -> None:
    for figure in eight:
        text = figure.file_bytes("svg").decode()
        assert f">{LABEL}<" in text
        assert "<dc:date>" not in text


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_tables_give_the_same_bytes(eight: list[LabelledFigure], kind: Any) -> None:
    again = figures(EIGHT, ["The totals differ: $a$ 1; b $2."])
    for first, second in zip(eight, again, strict=True):
        assert zlib.crc32(first.file_bytes(kind)) == zlib.crc32(second.file_bytes(kind))


def test_what_must_be_told_beside_a_figure_is_and_dollars_are_no_formula(
    eight: list[LabelledFigure],
) -> None:
    for figure in eight:
        (note,) = [text for text in figure.texts if text.get_text().startswith("The totals")]
        assert note.get_text() == "The totals differ: $a$ 1; b $2."
        assert not note.get_parse_math()


def test_long_notes_stay_within_the_picture() -> None:
    note = "The totals differ, in billion USD a year: " + "; ".join(f"{n} 42.5" for n in EIGHT * 5)
    for figure in figures(EIGHT, [note]):
        FigureCanvasAgg(figure).draw()
        assert " ".join(t.get_text() for t in reversed(figure.texts)).count("42.5") >= 40
        for text in figure.texts:
            assert text.get_window_extent().x1 <= figure.bbox.width


def test_every_scenario_is_named_in_every_figure(eight: list[LabelledFigure]) -> None:
    over_time, plane = (texts(figure) for figure in eight)
    for name in EIGHT:
        assert f"{name} (reference)" in over_time or name in over_time
        assert plane.count(name) == 2


def test_all_addiction_is_shown_and_revenue_never_without_profit(
    eight: list[LabelledFigure],
) -> None:
    over_time, plane = (texts(figure) for figure in eight)
    assert {"active", "in treatment", "in custody"} <= set(over_time)
    assert {"Cartel revenue", "Cartel profit"} <= set(over_time)
    assert {"Cartel revenue against addiction", "Cartel profit against addiction"} <= set(plane)


def test_stacked_bars_add_up_to_all_addiction(eight: list[LabelledFigure]) -> None:
    bars = eight[0].axes[-1]
    ends = [patch.get_x() + patch.get_width() for patch in bars.patches[-len(EIGHT) :]]
    last = np.mean([r[:, -1, OUTCOME_NAMES.index("addicted")] for r in made_up(EIGHT)], axis=0)
    assert ends == pytest.approx(last / 1e6)
    assert all(patch.get_x() == 0 for patch in bars.patches[: len(EIGHT)])


def test_every_axis_says_its_unit(eight: list[LabelledFigure]) -> None:
    units = re.compile(r"million|thousand|billion USD|year")
    for figure in eight:
        for axes in figure.axes[:4]:
            for label in (axes.get_xlabel(), axes.get_ylabel()):
                assert units.search(label), (axes.get_title(), label)
        assert units.search(figure.axes[-1].get_xlabel())


def test_lines_are_in_the_unit_of_their_axis(eight: list[LabelledFigure]) -> None:
    people, deaths, revenue, _, _ = eight[0].axes
    records = np.mean(made_up(EIGHT), axis=0)[0]
    column = OUTCOME_NAMES.index
    assert people.lines[0].get_ydata()[-1] == pytest.approx(records[-1, column("addicted")] / 1e6)
    year = records[1:13, column("overdose_deaths")].sum() / 1e3
    assert deaths.lines[0].get_ydata()[0] == pytest.approx(year)
    in_billion = records[-1, column("cartel_revenue")] * 12 / 1e3
    assert revenue.lines[0].get_ydata()[-1] == pytest.approx(in_billion)


def test_the_plane_shows_differences_with_the_reference_at_nothing() -> None:
    _, plane = figures(["baseline", "other"])
    dots = [line for line in plane.axes[0].lines if line.get_marker() not in ("None", None)]
    at = sorted(tuple(np.ravel(dot.get_xydata())) for dot in dots)
    assert at[0] == pytest.approx((0, 0), abs=1e-12)
    assert at[1] == pytest.approx((30 / 1e6, 10 * 12 / 1e3))


def test_names_of_dots_do_not_cover_each_other(eight: list[LabelledFigure]) -> None:
    plane = figures(["baseline", "alpha", "beta", "gamma", "delta", "epsilon"])[1]
    renderer = FigureCanvasAgg(plane).get_renderer()
    plane.draw(renderer)
    for axes in plane.axes:
        boxes = []
        for text in axes.texts:
            assert isinstance(text, Annotation)
            boxes.append(Text.get_window_extent(text, renderer))
        assert len(boxes) == 6
        for place, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[:place])


def test_scenarios_are_told_apart_without_colour() -> None:
    names = [f"s{k}" for k in range(30)]
    looks = looks_of(names, "s3")
    assert looks["s3"].colour == "#000000"
    seen = {(look.colour, str(look.dashes), look.marker) for look in looks.values()}
    assert len(seen) == len(names)
    first = [looks[name] for name in names[:8]]
    assert len({look.marker for look in first if look is not looks["s3"]}) == 7


def test_one_replicate_one_month_and_one_scenario_are_drawn_too() -> None:
    records = [r[:, :2] for r in made_up(["baseline"], 1)]
    summary, monthly = tables.summary_and_monthly(["baseline"], "baseline", records)
    yearly = tables.yearly_table(["baseline"], records)
    assert isinstance(yearly, pd.DataFrame)
    for figure in (headline(monthly, yearly, summary, "baseline"), tradeoff(summary, "baseline")):
        picture = Image.open(io.BytesIO(figure.file_bytes("png")))
        assert picture.size[0] > 1_000


def test_a_notebook_shows_the_labelled_picture(eight: list[LabelledFigure]) -> None:
    assert eight[0]._repr_png_() == eight[0].file_bytes("png")
