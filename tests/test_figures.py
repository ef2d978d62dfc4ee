"""What holds for every figure: label, bytes, names, room for all words, table and words behind."""

import io
import re
from dataclasses import replace

import pandas as pd
import pytest
from figure_checks import (
    assert_files_carry_the_label,
    assert_label_has_its_space,
    assert_same_files,
    assert_words_have_room,
    files_of,
)
from made_up import EIGHT, LONG, NOTES, drawn_texts, made_up_tables, words
from PIL import Image
from policymix.drawing import LabelledFigure, Picture
from policymix.figures import FIGURES, Tables, figures_for
from policymix.label import LABEL
from policymix.lettering import apart, name_lines, text_inches
from policymix.numerals import decimals_of, plain, signed

Drawn = Picture[Tables]
each = pytest.mark.parametrize("figure", FIGURES, ids=lambda one: one.name)
ORDER = ["headline", "tradeoff", "bridge", "same_people", "side_effects", "corridors", "budget"]


@pytest.fixture(scope="module")
def eight() -> dict[str, LabelledFigure]:
    tables = made_up_tables(EIGHT, NOTES)
    drawn = {figure.name: figure.draw(tables) for figure in FIGURES}
    for figure in drawn.values():
        files_of(figure)  # as they are when it was just drawn
    return drawn


@each
def test_the_label_is_in_the_picture_in_space_of_its_own(
    figure: Drawn, eight: dict[str, LabelledFigure]
) -> None:
    assert_label_has_its_space(eight[figure.name])


@each
def test_files_carry_the_label_and_no_date(figure: Drawn, eight: dict[str, LabelledFigure]) -> None:
    assert_files_carry_the_label(eight[figure.name])


@pytest.mark.slow
@each
def test_the_same_tables_give_the_same_bytes(
    figure: Drawn, eight: dict[str, LabelledFigure]
) -> None:
    assert_same_files(eight[figure.name], figure.draw(made_up_tables(EIGHT, NOTES)))


@each
def test_what_must_be_told_beside_a_figure_is_and_dollars_are_no_formula(
    figure: Drawn, eight: dict[str, LabelledFigure]
) -> None:
    (note,) = [t for t in eight[figure.name].texts if t.get_text().startswith("The totals")]
    assert note.get_text() == NOTES[0]
    assert not note.get_parse_math()


@each
def test_every_scenario_is_named_in_every_figure(
    figure: Drawn, eight: dict[str, LabelledFigure]
) -> None:
    told = " ".join(words(eight[figure.name]))
    for name in EIGHT[1:] if figure.name in ("bridge", "same_people") else EIGHT:
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", told), name


@each
@pytest.mark.slow
@pytest.mark.parametrize("names", [LONG, LONG[:2]], ids=["eight", "two"])
def test_words_lie_within_the_picture_and_none_on_another(figure: Drawn, names: list[str]) -> None:
    note = "The totals differ, in billion USD a year: " + "; ".join(f"{n} 42.5" for n in LONG)
    drawn = figure.draw(made_up_tables(names, [note]))
    assert_words_have_room(drawn)


@each
def test_names_are_data_whatever_they_hold(figure: Drawn) -> None:
    hostile = ["$x^2$\a", "<b>&\u202e", "under_score " * 20]
    drawn = figure.draw(made_up_tables(["base", *hostile]))
    told = "".join(words(drawn))
    assert not any(t.get_parse_math() for t in drawn_texts(drawn) if "$" in t.get_text())
    assert "$x^2$\\x07" in told
    assert "\\u202e" in told
    assert not any(sign in told for sign in "\a\u202e")


@each
def test_every_axis_says_its_unit(figure: Drawn, eight: dict[str, LabelledFigure]) -> None:
    units = re.compile(r"million|thousand|billion USD|year|people|tonnes|index|USD per pure gram")
    for axes in eight[figure.name].axes:
        for axis in (axes.xaxis, axes.yaxis):
            if axes.axison and len(axis.get_majorticklocs()):
                assert units.search(axis.get_label_text()), axes.get_title(loc="left")


@each
@pytest.mark.parametrize("n", [1, 4])
def test_there_is_a_small_table_and_a_sentence_behind_each_figure(figure: Drawn, n: int) -> None:
    tables = made_up_tables(EIGHT, n=n)
    data, alt = figure.data(tables), figure.alt(tables)
    assert isinstance(data, pd.DataFrame)
    assert 7 <= len(data) <= 100
    told = " ".join([*data.columns, *data.astype(str).to_numpy().ravel()])
    assert all(name in told for name in EIGHT[1:])
    assert not re.search(r"\bnan\b", f"{told} {alt}", re.IGNORECASE)
    assert alt.endswith(".")
    assert re.search(r"\d", alt) or "no clear difference" in alt
    for sentence in (figure.caption, figure.alt(made_up_tables(["a", "b"]))):
        assert sentence[0].isupper()
    assert figure.caption.count(".") == 1


@each
def test_one_replicate_has_no_interval_and_is_drawn_too(figure: Drawn) -> None:
    drawn = figure.draw(made_up_tables(EIGHT[:3], n=1))
    picture = Image.open(io.BytesIO(drawn.file_bytes("png")))
    assert picture.size[0] > 1_000
    assert not re.search(r"\bnan\b", " ".join(words(drawn)), re.IGNORECASE)


def test_a_reference_alone_leaves_out_what_compares() -> None:
    assert [one.name for one in FIGURES] == ORDER
    tables = made_up_tables(["baseline"])
    assert [one.name for one in figures_for(tables)] == ["headline", "corridors", "budget"]
    assert figures_for(made_up_tables(EIGHT[:2])) == FIGURES
    for figure in FIGURES:
        assert LABEL in words(figure.draw(tables)), "an empty figure is one all the same"


def test_one_month_is_drawn_too() -> None:
    tables = made_up_tables(EIGHT[:2])
    short = tables.monthly[tables.monthly["month"] < 2]
    figure = FIGURES[0].draw(replace(tables, monthly=short, yearly=tables.yearly.iloc[:0]))
    assert figure.file_bytes("png")


def test_a_notebook_shows_the_labelled_picture(eight: dict[str, LabelledFigure]) -> None:
    assert eight["budget"]._repr_png_() == eight["budget"].file_bytes("png")


def test_numbers_are_short_and_signed() -> None:
    assert [decimals_of([x]) for x in (0, 1234, 12.3, 1.23, 0.0123)] == [0, 0, 1, 2, 4]
    assert (plain(1234.56, 1), plain(-0.04, 1), plain(float("nan"), 1)) == ("1,234.6", "0.0", "")
    assert (signed(2.0, 0), signed(-2.0, 0), signed(0.04, 1)) == ("+2", "−2", "0.0")


def test_long_names_break_behind_their_joints_and_lose_nothing() -> None:
    wide = text_inches("cooperation_", 10) + 0.01
    assert name_lines("cooperation_first-then", wide).split("\n") == ["cooperation_", "first-then"]
    lines = name_lines("m" * 64, 1.0).split("\n")
    assert "".join(lines) == "m" * 64
    assert max(text_inches(line, 10) for line in lines) <= 1.0


def test_texts_are_moved_apart_within_their_room() -> None:
    places = apart([0.0, 0.1, 9.9], [1.0, 1.0, 1.0], 10.0)
    assert places == pytest.approx([0.0, 1.0, 9.0])
    assert apart([9.0, 9.5], [1.0, 1.0], 10.0) == pytest.approx([8.0, 9.0])
