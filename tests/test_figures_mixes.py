"""The triangles of mixes: corners, axes, dots, rings, the present mix, and the colours between."""

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from made_up import words
from made_up_mixes import PRESENT, grid, made_up_mixes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.text import Text
from mpltern.ternary.axis import _get_points_surrounding_text
from policymix.drawing import SIDE_INK, LabelledFigure
from policymix.figures_frontier import frontier, frontier_alt, frontier_data
from policymix.figures_mixes import MIXES_FIGURES, mixes_pictures
from policymix.figures_triangle import triangle, triangle_alt, triangle_data
from policymix.mixes_readings import SHARES, frontier_of

pytestmark = pytest.mark.slow  # drawing takes its time

SIDES = ("supply", "demand", "cooperation")
TABLES = made_up_mixes()


def panels(figure: LabelledFigure) -> list[Any]:
    return [axes for axes in figure.axes if axes.name == "ternary"]


def pixels(axes: Any, supply: Any, demand: Any, cooperation: Any) -> Any:
    """Where shares stand by hand: supply is the height, cooperation pulls to the right."""
    box = axes.get_window_extent()
    across = np.asarray(cooperation) + np.asarray(supply) / 2
    assert np.allclose(np.asarray(supply) + demand + cooperation, 1)
    at = (box.x0 + across * box.width, box.y0 + np.asarray(supply) * box.height)
    return np.column_stack([np.atleast_1d(one) for one in at])


def marks(axes: Any, marker: str, *, empty: bool = False) -> Any:
    """Places of all marks of a kind [pixels], sorted."""
    lines = [line for line in axes.lines if line.get_marker() == marker]
    lines = [line for line in lines if (line.get_markerfacecolor() == "none") == empty]
    places = [line.get_transform().transform(line.get_xydata()) for line in lines]
    return in_order(np.concatenate(places)) if places else np.empty((0, 2))


def in_order(places: Any) -> Any:
    return np.array(sorted(places.round(3).tolist()))


@cache
def usual(draw: Any) -> LabelledFigure:
    """The figure of `TABLES` as it is once drawn, to be looked at."""
    figure: LabelledFigure = draw(TABLES)
    FigureCanvasAgg(figure).draw()
    return figure


@pytest.mark.parametrize("draw", [triangle, frontier])
def test_each_corner_is_all_of_the_side_that_it_names(draw: Any) -> None:
    figure = usual(draw)
    assert len(panels(figure)) == (4 if draw is triangle else 1)
    for axes in panels(figure):
        corners = dict(zip(SIDES, pixels(axes, *np.eye(3)), strict=True))
        assert axes.get_window_extent().width / axes.get_window_extent().height == pytest.approx(
            2 / 3**0.5
        )
        ours = axes.transData.transform(axes.transProjection.transform(np.eye(3)))
        assert np.allclose(ours, list(corners.values()), atol=0.1)
        assert np.allclose(axes.patch.get_path().vertices.max(axis=0)[1], 1)
        for side in SIDES:
            (text,) = [one for one in axes.texts if one.get_text() == f"all {side}"]
            middle = Text.get_window_extent(text).get_points().mean(axis=0)
            far = {name: np.hypot(*(middle - place)) for name, place in corners.items()}
            assert min(far, key=lambda name: float(far[name])) == side
            assert to_hex(text.get_color()).upper() == SIDE_INK[side]


@pytest.mark.parametrize("draw", [triangle, frontier])
def test_numbers_along_the_edges_are_the_shares_of_their_side(draw: Any) -> None:
    figure = usual(draw)
    shares = np.array((0.2, 0.4, 0.6, 0.8))
    edges = {
        "supply": (shares, 0 * shares, 1 - shares),
        "demand": (1 - shares, shares, 0 * shares),
        "cooperation": (0 * shares, 1 - shares, shares),
    }
    for axes in panels(figure):
        places = {side: pixels(axes, *edges[side]) for side in SIDES}
        for side, axis in zip(SIDES, (axes.taxis, axes.laxis, axes.raxis), strict=True):
            labels = axis.get_majorticklabels()
            assert [label.get_text() for label in labels] == ["20 %", "40 %", "60 %", "80 %"]
            for at, label in enumerate(labels):
                middle = Text.get_window_extent(label).get_points().mean(axis=0)
                far = {
                    (name, k): float(np.hypot(*(middle - place)))
                    for name in SIDES
                    for k, place in enumerate(places[name])
                }
                assert min(far, key=lambda one: far[one]) == (side, at)
                assert to_hex(label.get_color()).upper() == SIDE_INK[side]
            arrow_end, other_end = ends_of_arrow(axis.label)
            corner = pixels(axes, *(float(side == name) for name in SIDES))[0]
            assert np.hypot(*(arrow_end - corner)) < np.hypot(*(other_end - corner)) - 50


def ends_of_arrow(text: Text) -> tuple[Any, Any]:
    """The end of a turned text where its arrow points, and the other one [pixels]."""
    canvas: Any = FigureCanvasAgg(text.get_figure(root=True))
    corners = _get_points_surrounding_text(text, canvas.get_renderer())
    start, end = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
    return (start, end) if text.get_text().startswith("←") else (end, start)


def test_every_mix_is_where_its_shares_say_and_wasted_money_is_a_cross() -> None:
    table = TABLES.mixes[TABLES.mixes["outcome"] == "unspent"]
    is_wasted = table["mean"] * 12e-3 > 1.0
    assert 5 < is_wasted.sum() < 40
    for axes in panels(usual(triangle)):
        for marker, mixes in (("o", table[~is_wasted]), ("x", table[is_wasted])):
            expected = in_order(pixels(axes, *(mixes[side] for side in SIDES)))
            assert np.allclose(marks(axes, marker), expected, atol=0.1)
    (axes,) = panels(usual(frontier))
    assert np.allclose(marks(axes, "o"), in_order(pixels(axes, *np.transpose(grid()))), atol=0.1)


@pytest.mark.parametrize("draw", [triangle, frontier])
def test_the_present_mix_is_a_star_and_rings_are_the_frontier_of_the_table(draw: Any) -> None:
    best = frontier_of(TABLES)
    assert 5 < len(best) < 30
    table = TABLES.mixes[TABLES.mixes["outcome"] == "addicted"]
    assert best.to_numpy().tolist() == table.loc[table["on_frontier"], SHARES].to_numpy().tolist()
    for axes in panels(usual(draw)):
        assert np.allclose(marks(axes, "*"), pixels(axes, *PRESENT), atol=0.1)
        rings = marks(axes, "o", empty=True)
        assert np.allclose(rings, in_order(pixels(axes, *(best[s] for s in SHARES))), atol=0.1)


def heavy_lines(axes: Any) -> list[Any]:
    return [one for one in axes.collections if one.get_linewidth()[0] == 3.0]


def test_the_heavy_line_goes_through_the_present_mix() -> None:
    for axes in panels(usual(triangle)):
        (line,) = heavy_lines(axes)
        assert line.levels.tolist() == [0.0]
        places = axes.transData.transform(line.get_paths()[0].interpolated(40).vertices)
        assert np.hypot(*(places - pixels(axes, *PRESENT)).T).min() < 2.0


def test_colours_are_the_differences_in_the_unit_of_the_bar() -> None:
    figure = usual(triangle)
    bars = [axes for axes in figure.axes if axes.name != "ternary"]
    units = ("million people", "thousand a year", "billion USD a year", "billion USD a year")
    factors = (1e-6, 12e-3, 12e-3, 12e-3)
    outcomes = ("addicted", "overdose_deaths", "cartel_revenue", "cartel_profit")
    for axes, bar, unit, factor, outcome in zip(
        panels(figure), bars, units, factors, outcomes, strict=True
    ):
        assert bar.get_ylabel() == f"{unit}, difference"
        (filled,) = [one for one in axes.collections if getattr(one, "filled", False)]
        found = TABLES.mixes[TABLES.mixes["outcome"] == outcome]
        rows: Any = found.itertuples()
        for row in rows:
            place = axes.transProjection.transform([[row.supply, row.demand, row.cooperation]])[0]
            amount = row.difference * factor
            inside = [
                (low, high)
                for (low, high), path in zip(
                    pairwise(filled.levels), filled.get_paths(), strict=True
                )
                if path.contains_point(place, radius=0.02)
                or path.contains_point(place, radius=-0.02)
            ]
            assert any(low <= amount <= high for low, high in inside), (row.supply, row.demand)
        numbers = [t.get_text() for t in axes.texts if re.fullmatch(r"[−+]?[\d.]+", t.get_text())]
        assert len(numbers) >= 3
        bar_texts = {label.get_text() for label in bar.get_yticklabels()}
        assert set(numbers) - {"0"} <= bar_texts


def test_differences_of_nothing_are_drawn_too() -> None:
    flat = TABLES.mixes.assign(difference=0.0, difference_low=0.0, difference_high=0.0)
    assert triangle(replace(TABLES, mixes=flat)).file_bytes("png")
    on_grid = replace(TABLES, present=(0.4, 0.5, 0.1))
    assert triangle(on_grid).file_bytes("png")


def test_without_worlds_there_is_no_figure_of_them() -> None:
    assert mixes_pictures(TABLES) == MIXES_FIGURES
    assert [one.name for one in mixes_pictures(made_up_mixes(worlds=0))] == ["triangle"]


def test_dots_of_the_frontier_grow_and_darken_with_their_share() -> None:
    figure = usual(frontier)
    (axes,) = panels(figure)
    dots = [one for one in axes.lines if one.get_marker() == "o"]
    dots = [dot for dot in dots if dot.get_markerfacecolor() != "none"]
    shares = TABLES.frontier["share_of_worlds"].tolist()
    assert len(dots) == len(shares) == 66
    order = np.argsort(shares, kind="stable")
    sizes = [dots[k].get_markersize() for k in order]
    assert all(
        b > a or shares[j] == shares[i]
        for a, b, i, j in zip(sizes, sizes[1:], order, order[1:], strict=False)
    )
    light = [sum(dots[k].get_markerfacecolor()[:3]) for k in order if shares[k]]
    assert light == sorted(light, reverse=True)
    assert light[0] > light[-1]
    numbers = sorted(int(t.get_text()) for t in axes.texts if t.get_text().isdigit())
    assert numbers == sorted(round(100 * share) for share in shares if share)
    assert "In how many of 200 worlds" in " ".join(words(figure))


def test_the_tables_behind_the_triangles_have_a_row_a_mix() -> None:
    data = triangle_data(TABLES)
    assert data[["supply, %", "demand, %", "cooperation, %"]].astype(int).sum(axis=1).eq(100).all()
    assert (data["on the frontier"] == "yes").sum() == len(frontier_of(TABLES))
    (corner,) = data[data["cooperation, %"] == "100"].to_dict("records")
    assert corner["People with addiction at the end, million people"].startswith("+0.88 (")
    assert corner["Money without use, billion USD a year"] == "23.12"
    worlds = frontier_data(TABLES)
    assert (worlds["in the central world"] == "yes").sum() == len(frontier_of(TABLES))
    assert worlds["on the frontier, % of worlds"].tolist()[5] == "18.0 (12.7 to 23.3)"
    assert "91 % for 20 % supply, 50 % demand, 30 % cooperation" in frontier_alt(TABLES)
    ends = (
        "−0.40 million people at 0 % supply, 100 % demand, 0 % cooperation to +1.21 million people"
    )
    assert f"{ends} at 100 % supply" in triangle_alt(TABLES)
