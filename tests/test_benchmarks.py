"""The benchmarks at toy size, so that they do not rot; nothing is timed here."""

import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from policymix.lives import Lives
from policymix.peopling import initial_population
from policymix.scenario import Setup, parse_scenario
from whole_page import exported

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
NAMES = (
    "shown",
    "yardstick",
    "speed",
    "pairing",
    "memory",
    "commands",
    "scaling",
    "kills",
    "page",
    "beside",
    "screen",
    "fit",
)


@pytest.fixture(scope="module", autouse=True)
def bench() -> Any:
    """The modules by name; Python forgets them, and where they are, after these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        yield {name: import_module(name) for name in NAMES}
    for name in NAMES:
        sys.modules.pop(name, None)


def test_the_yardstick_keeps_everyone(bench: Any) -> None:
    start = initial_population(bench["shown"].balanced(), 300, 1)
    for shuffled in (False, True):
        model = bench["speed"].plain(start, 1, shuffled)
        bench["speed"].step_through(model, 6)
        assert model.count(*bench["speed"].State) == 300
        assert sum(model.n_using) == model.count(*bench["speed"].COUNTED["casual"]) + sum(
            person.state in bench["yardstick"].IS_ACTIVE for person in model.agents
        )


def test_the_yardstick_lives_by_the_rules_of_the_columns(bench: Any) -> None:
    objects: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    months = 12
    for seed in range(1, 4):
        start = initial_population(bench["shown"].balanced(), 10_000, seed)
        model = bench["speed"].plain(start, seed, True)
        bench["speed"].step_through(model, months)
        objects.update(model.flows)
        lives = Lives(start.copy())
        for month in range(1, months + 1):
            columns.update(lives.live_month(month, model.now))
    assert len(objects) == 10
    for name, n in objects.items():
        apart = abs(n - columns[name])
        assert apart < 4.5 * np.sqrt(n + columns[name] + 1), (name, n, columns[name])


@pytest.mark.slow
def test_speed_makes_its_tables(bench: Any) -> None:
    speed = bench["speed"]
    times = speed.measure((1_000,), (1_000,), 2, 1)
    assert "| 1,000 |" in speed.times_table(times, (1_000,))
    assert "shuffle_do" in speed.ratios_table(times, (1_000,))
    table, _ = speed.agreement(speed.end_counts(300, 2, (1, 2)))
    assert table.count("\n") == 9


def test_people_only_is_the_whole_model_without_its_market(bench: Any) -> None:
    pairing = bench["pairing"]
    seed, baseline = 3, bench["shown"].sized("baseline", 1_000, 12)
    start = initial_population(bench["shown"].balanced(), 1_000, seed)
    records = pairing.whole(baseline, seed, start.copy())
    prices = records[1:, pairing.OUTCOME_NAMES.index("retail_price")]
    alone = pairing.people_only(baseline, seed, start.copy(), prices)
    assert alone[:2] == pytest.approx(pairing.outcomes_of(records)[:2], rel=1e-12)


def test_pairing_is_worth_what_its_variances_say(bench: Any) -> None:
    pairing = bench["pairing"]
    luck = np.sin(np.arange(400.0) ** 2)
    own = np.cos(np.arange(400.0) ** 2)
    ratio, low = pairing.worth(luck, luck + 0.1 * own)
    assert ratio == pytest.approx(2 / 0.01, rel=0.2)
    assert 100 < low < ratio


def test_pairing_plays_every_arm(bench: Any) -> None:
    pairing = bench["pairing"]
    one = np.array(pairing.play(4_000, 24, 0))
    assert one.shape == (len(pairing.ARMS), len(pairing.OUTCOMES))
    assert (one[0] != one[1])[2], "more treatment moved no revenue"
    luck = 1e5 * np.cos(np.arange(9 * 9.0).reshape(9, 3, 3))
    assert "people only" in pairing.worth_table(one + luck)


def test_memory_counts_each_array_once(bench: Any) -> None:
    memory = bench["memory"]
    one = np.zeros(8)
    assert memory.held_by({"a": one, "b": [one, one[2:]], "c": (np.zeros(2), "text")}) == 80
    sizes = memory.in_arrays(1_000, 1)
    assert next(iter(sizes.values())) == pytest.approx(14_000, rel=0.2)
    assert "growth a run" in memory.flat_table([100, 100], [90, 90])


def test_commands_are_timed_against_their_references(bench: Any) -> None:
    commands = bench["commands"]
    table = commands.table({commands.NOTHING: [1.0], commands.MESA: [2.0], commands.COMPARE: [4.0]})
    assert table.endswith("| 1 | 4.00 s | 4.00 | 2.00 |")


def test_every_mix_of_the_page_is_another_one_on_the_same_money(bench: Any) -> None:
    page = bench["page"]
    mixes = [parse_scenario(page.new_mix(n).encode(), "mine") for n in (0, 1, 31_060)]
    assert len({mix.phases for mix in mixes}) == 3
    assert {round(mix.total(), 9) for mix in mixes} == {42.5}


@pytest.mark.slow
def test_the_page_is_served_to_one_and_to_a_few(bench: Any) -> None:
    page = bench["page"]
    with page.served(1_000, 6) as (port, pid):
        found = page.latencies(port, 2, bench["shown"].sized("demand_first", 1_000, 6))
        table = page.waits_table("", found)
        assert "| all 8 |" in table
        assert "| in runs | in yardsticks |" in table
        crowd = page.crowd(port, pid, visitors=3, during=1.0, every=0.5)
    assert crowd.problems == []
    assert sum(crowd.shown_first.values()) == len(crowd.first) >= 3
    assert "| errors | 0 |" in page.crowd_table(crowd, 3)


@pytest.mark.slow
def test_scaling_makes_its_tables(bench: Any, tmp_path: Path) -> None:
    scaling = bench["scaling"]
    sweep = scaling.sweep_of(16, 1_000, 1)
    times = scaling.efficiency(1, sweep)
    table = scaling.efficiency_table(times, sweep)
    assert "| 2 workers |" in table
    assert "| loopback cluster of 2 |" in table
    tiny = ("--worlds", "32", "--people", "1000", "--months", "1", "--workers", "1")
    assert "MiB |" in scaling.studies_table([("32 worlds", tiny)])


@pytest.mark.slow
def test_a_few_kills_lose_nothing(bench: Any, tmp_path: Path) -> None:
    size = ("--worlds", "32", "--people", "1000", "--months", "3")
    found = bench["kills"].storm(3, size, 1, tmp_path)
    assert 1 <= found.kills.total() <= 3
    assert found.pieces > 3
    assert found.lost == 0
    assert found.differing == ()
    assert "| yes |" in bench["kills"].table(found)


def test_fit_tells_errors_and_how_often_intervals_hold(bench: Any) -> None:
    fit = bench["fit"]
    few = {
        "replicates": 3,
        "mixes": 24,
        "held_out": 5,
        "ends": 4,
        "again": 3,
        "later": 4,
        "workers": 1,
    }
    found = fit.measure(fit.Sizes(Setup(1_000, 14, 4), seed=5, **few))
    assert (found.error >= 0.0).all()
    assert np.isfinite(found.error).sum() > 12
    assert (found.at_ends >= 0.0).all()
    assert (found.at_ends != found.error).any()
    for shares in (*found.fitted, *found.played):
        assert 0.0 <= shares.min() < shares.max() <= 1.0
    rows = fit.table(found).splitlines()
    assert len(rows) == 2 + len(found.error)
    assert all(row.count("|") == 8 for row in rows)


def test_fit_holds_an_interval_against_later_replicates(bench: Any) -> None:
    """Of one mix and two outcomes: half an interval of 1 either side, and chance of none."""
    later = np.array([[[[0.0, 0.0], [0.9, 1.1]]]] * 2)
    share = bench["fit"]._share(np.zeros((1, 2, 2)), np.ones((1, 2, 2)), later)
    assert share.tolist() == [1.0, 0.0]


def test_beside_tells_what_a_run_costs_among_others(bench: Any) -> None:
    found = bench["beside"].measure((300,), (1, 2), 3, 2)
    assert all(len(times) == 2 for times in found.values())
    row = bench["beside"].table(found).splitlines()[-1]
    assert row.startswith("| 300 |")
    assert row.count("|") == 4


def test_screen_tells_moves_in_quick_moments_apart(bench: dict[str, Any]) -> None:
    screen = bench["screen"]
    alone = [0.10, 0.12, 0.20, 0.11, 0.10, 0.126]
    found = [{screen.ALONE: run, "all": float(place)} for place, run in enumerate(alone)]
    assert [one["all"] for one in screen.in_quick_moments(found)] == [0.0, 3.0]


@pytest.mark.slow
def test_screen_moves_a_slider_of_an_exported_page(
    bench: Any, browser: "Browser", tmp_path_factory: pytest.TempPathFactory
) -> None:
    screen, page = bench["screen"], browser.new_page(viewport={"width": 1280, "height": 800})
    assert "numbers after" in screen.opened(page, exported(tmp_path_factory), 0.0)
    found = screen.moved(page, 2, "")
    assert all(0 < one["handled"] <= one["curves"] <= one["all"] for one in found)
    rows = screen.table(found, {"handled": "answer", "curves": "curves"}).splitlines()
    assert len(rows) == 4
    page.close()
