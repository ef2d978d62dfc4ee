"""What holds for every figure of margins and mixes: label, bytes, words, table and sentence."""

import re
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from figure_checks import (
    assert_files_carry_the_label,
    assert_label_has_its_space,
    assert_same_files,
    files_of,
)
from made_up import NOTES, drawn_texts, words
from made_up_mixes import made_up_margins, made_up_mixes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.path import Path
from matplotlib.text import Text
from mpltern.ternary.axis import _get_points_surrounding_text
from policymix.drawing import LabelledFigure
from policymix.figures_mixes import MARGINS_FIGURES, MIXES_FIGURES

pytestmark = pytest.mark.slow  # drawing takes its time

FIGURES: Any = (*MARGINS_FIGURES, *MIXES_FIGURES)
each = pytest.mark.parametrize("figure", FIGURES, ids=lambda one: one.name)


def tables_for(figure: Any, name: str = "baseline", notes: list[str] | None = None) -> Any:
    made = made_up_margins if figure in MARGINS_FIGURES else made_up_mixes
    return made(name, notes)


def crowded(figure: Any, name: str) -> Any:
    """As many marks and numbers as there can be."""
    tables = tables_for(figure, name, ["In billion USD a year: " + "; ".join(["mix 42.5"] * 30)])
    if figure in MARGINS_FIGURES:
        ends = {"low": 0.9 * tables.pairs["interaction"], "high": 1.1 * tables.pairs["interaction"]}
        return replace(tables, pairs=tables.pairs.assign(**ends))
    every = tables.frontier.assign(share_of_worlds=1.0, low=1.0, high=1.0)
    return replace(tables, mixes=tables.mixes.assign(on_frontier=True), frontier=every)


@cache
def usual(figure: Any) -> LabelledFigure:
    """The figure with notes, to be looked at; its files are those of a figure just drawn."""
    drawn: LabelledFigure = figure.draw(tables_for(figure, notes=NOTES))
    files_of(drawn)
    return drawn


def outline(text: Text, renderer: Any) -> Path:
    """The box of a text, turned as it is [pixels]."""
    if not text.get_rotation():
        corners = Text.get_window_extent(text, renderer).padded(-1.5).corners()[[0, 1, 3, 2]]
    else:
        corners = _get_points_surrounding_text(text, renderer)
    return Path([*corners, corners[0]])


@each
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(tables_for, id="usual"),
        pytest.param(crowded, id="crowded", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("baseline", id="short"),
        pytest.param("mW" * 32, id="long", marks=pytest.mark.slow),
    ],
)
def test_words_lie_within_the_picture_and_none_on_another(
    figure: Any, make: Any, name: str
) -> None:
    drawn = figure.draw(make(figure, name))
    canvas: Any = FigureCanvasAgg(drawn)
    canvas.draw()
    boxes = {text: outline(text, canvas.get_renderer()) for text in drawn_texts(drawn)}
    assert len(boxes) > 30
    for text, box in boxes.items():
        (left, bottom), (right, top) = box.vertices.min(axis=0), box.vertices.max(axis=0)
        assert 0 <= left < right <= drawn.bbox.width, text.get_text()
        assert 0 <= bottom < top <= drawn.bbox.height, text.get_text()
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        assert not first.intersects_path(second), (one.get_text(), other.get_text())


@each
def test_label_and_notes_are_in_the_picture_and_the_label_in_its_file(figure: Any) -> None:
    drawn = usual(figure)
    assert_label_has_its_space(drawn)
    assert_files_carry_the_label(drawn)
    (note,) = [text for text in drawn.texts if text.get_text() == NOTES[0]]
    assert not note.get_parse_math()


@each
def test_the_same_tables_give_the_same_bytes(figure: Any) -> None:
    assert_same_files(usual(figure), figure.draw(tables_for(figure, notes=NOTES)))


@each
def test_a_name_is_data_whatever_it_holds(figure: Any) -> None:
    told = "".join(words(figure.draw(tables_for(figure, "$x^2$\a\u202e"))))
    assert "$x^2$\\x07\\u202e" in told


@each
def test_there_is_a_small_table_and_a_sentence_behind_each_figure(figure: Any) -> None:
    data, alt = figure.data(tables_for(figure)), figure.alt(tables_for(figure))
    assert isinstance(data, pd.DataFrame)
    assert 7 <= len(data) <= 100
    told = " ".join([*data.columns, *data.astype(str).to_numpy().ravel()])
    assert not re.search(r"\bnan\b", f"{told} {alt}", re.IGNORECASE)
    assert re.search(r"\d \([−+]?\d[\d.,]* to [−+]?\d", told), "intervals"
    assert alt.endswith(".")
    assert re.search(r"\d", alt)
    assert figure.caption.count(".") == 1
    assert figure.caption[0].isupper()
