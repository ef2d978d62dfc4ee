"""Everything that may be wrong in a scenario file, and what a student is told about it."""

import pytest
from policymix.assumptions import ledger
from policymix.errors import InputError
from policymix.levers import LEVER_NAMES
from policymix.scenario import SETUP_BOUNDS, Scenario, parse_scenario

HEAD = 'title = "A title"\nsummary = "A summary."\n'
SHARES = "supply = 0.4\ndemand = 0.5\ncooperation = 0.1\n"
LEVERS = "\n".join(f"{name} = 1" for name in LEVER_NAMES) + "\n"


def read(text: str | bytes) -> Scenario:
    return parse_scenario(text if isinstance(text, bytes) else text.encode(), "mine")


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(InputError) as refusal:
        read(text)
    lines = str(refusal.value).splitlines()
    assert all(line.startswith("mine.toml:") and line.isprintable() for line in lines)
    return [line.removeprefix("mine.toml:") for line in lines]


def only_problem(text: str | bytes) -> str:
    (problem,) = problems(text)
    return problem


FUNDING = HEAD + "[funding]\n"
PHASE = "[[phases]]\nfrom_year = {}\nramp_months = {}\n[phases.funding]\n" + SHARES
# fmt: off
WRONG = {
    "empty": ("", ["1: missing title, summary"]),
    "blank title": ('title = " "\nsummary = "x"', ["1: title: read ' ', allowed is text of 1 to"]),
    "long title": (
        f'title = "{"x" * 201}"\nsummary = "x"',
        ["xxx'... (201 characters), allowed is text of 1 to 200 characters"],
    ),
    "number as title": ('title = 3\nsummary = "x"', ["1: title: read 3, allowed is text"]),
    "control characters are shown escaped": (
        HEAD + '"\\u001b[31m\\u202e" = 1\n[setup]\npeople = "\\u0007"',
        ["3: '\\x1b[31m\\u202e': unknown key", "5: setup.people: read '\\x07', allowed is a whole"],
    ),
    "unknown key": (HEAD + 'Titel = "x"', ["3: Titel: unknown key", "Did you mean title?"]),
    "key in the wrong table": (
        HEAD + "people = 5000\ntreatment = 0.1\nshare_seized = 0.2\n[funding]\nmonths=1\n" + SHARES,
        [
            "3: people: unknown key, allowed here are title, summary, funding, phases",
            "It belongs in [setup].",
            "It belongs in [funding.levers] or [funding.demand_split].",
            "It belongs in [assumptions].",
            "7: funding.months: unknown key",
        ],
    ),
    "too large": (
        FUNDING + "total = 10001\n" + SHARES,
        ["4: funding.total: read 10001, allowed is a number from 0 to 10,000 (billion US dollars"],
    ),
    "negative": (FUNDING + "total = -1\n" + SHARES, ["4: funding.total: read -1, allowed is"]),
    "nan": (FUNDING + "total = nan\n" + SHARES, ["read nan, allowed is a number from 0"]),
    "inf": (FUNDING + "total = 1e999\n" + SHARES, ["read inf, allowed is a number from 0"]),
    "huge": (
        FUNDING + f"total = {'9' * 390}\n" + SHARES,
        ["read a whole number of about 390 digits, allowed is"],
    ),
    "huge share": (
        FUNDING + f"demand = 0.5\ncooperation = 0.5\nsupply = {'9' * 390}\n",
        ["6: funding.supply: read a whole number of about 390 digits, allowed is"],
    ),
    "endless number": (
        FUNDING + f"total = {'9' * 5000}\n" + SHARES,
        ["4: a value of 5,000 characters without quotes; a number has at most 400"],
    ),
    "text for a number": (
        FUNDING + "total = '42.5'\n" + SHARES,
        ["read '42.5', allowed is a number", "Did you mean 42.5, without quotes?"],
    ),
    "boolean for a number": (FUNDING + "total = true\n" + SHARES, ["total: read true, allowed"]),
    "date for a number": (
        FUNDING + "total = 2023-01-01\n" + SHARES,
        ["read the date or time 2023-01-01, allowed is a number"],
    ),
    "list for a number": (FUNDING + "total = [1]\n" + SHARES, ["read a list of 1, allowed is"]),
    "text for a boolean": (
        FUNDING + "treatment_in_custody = 'true'\n" + SHARES,
        ["allowed is true or false", "Did you mean true, without quotes?"],
    ),
    "number for a table": (HEAD + "funding = 3", ["3: funding: read 3, allowed is a table"]),
    "percent": (
        FUNDING + "supply = 20\ndemand = '72%'\ncooperation = 0.08",
        ["4: funding.supply: read 20, allowed is a number from 0 to 1", "Did you mean 0.2?",
         "Did you mean 0.72, without quotes?"],
    ),
    "sides too little": (
        FUNDING + "supply = 0.2\ndemand = 0.72\ncooperation = 0.07",
        ["3: funding: supply + demand + cooperation sum to 0.99, allowed is 1 (0.01 too little)"],
    ),
    "split too much": (
        FUNDING + SHARES + "[funding.cooperation_split]\nintelligence = 0.5\ndevelopment = 0.5\n"
        "anti_corruption = 0.25",
        ["intelligence + development + anti_corruption sum to 1.25, allowed is 1 (0.25 too much)",
         "7: funding.cooperation_split: "],
    ),
    "side missing": (
        FUNDING + "supply = 0.2\n",
        ["3: funding: missing demand, cooperation; needed are supply, demand, cooperation"],
    ),
    "empty funding": (FUNDING, ["3: funding: missing supply, demand, cooperation"]),
    "split without its levers": (
        FUNDING + SHARES + "[funding.demand_split]\ntreatment = 1\n",
        ["7: funding.demand_split: missing prevention, harm_reduction, mental_health, community; ",
         "needed are all of treatment"],
    ),
    "lever of another side": (
        FUNDING + SHARES + "[funding.cooperation_split]\nintelligence = 0.5\ndevelopment = 0.5\n"
        "anti_corruption = 0\npolicing = 0",
        ["11: funding.cooperation_split.policing: unknown key",
         "It belongs in [funding.levers] or [funding.supply_split]."],
    ),
    "lever missing": (
        HEAD + "[funding.levers]\n" + LEVERS.replace("policing = 1\n", ""),
        ["3: funding.levers: missing policing; needed are all of interdiction, policing"],
    ),
    "levers beyond the bound": (
        HEAD + "[funding.levers]\n" + LEVERS.replace("= 1", "= 1000"),
        ["3: funding.levers: the levers sum to 13,000 billion", "allowed is a total of 0 to 1"],
    ),
    "both forms at once": (
        FUNDING + SHARES + "[funding.levers]\n" + LEVERS,
        ["3: funding: read both forms of a mix (supply, demand, cooperation, levers)"],
    ),
    "both forms in one file": (
        FUNDING + SHARES + "[[phases]]\nfrom_year = 1\n[phases.funding.levers]\n" + LEVERS,
        ["9: phase 1, funding: read a mix by levers after one by shares, allowed is one form"],
    ),
    "phases out of order": (
        HEAD + PHASE.format(3, 0) + PHASE.format(2, 0),
        ["11: phase 2, from_year: read 2, allowed is more than 3"],
    ),
    "two phases at once": (HEAD + PHASE.format(3, 0) * 2, ["phase 2, from_year: read 3, allowed"]),
    "ramp too long": (
        HEAD + PHASE.format(1, 13) + PHASE.format(2, 0),
        ["5: phase 1, ramp_months: read 13, allowed is at most 12, the months until the next"],
    ),
    "phase beyond 50 years": (
        HEAD + PHASE.format(51, 0),
        ["4: phase 1, from_year: read 51, allowed is a number from 0 to 50"],
    ),
    "phase far beyond": (HEAD + PHASE.format(1e308, 0), ["read 1e+308, allowed is a number"]),
    "phase in the middle of a month": (
        HEAD + PHASE.format(1.3, 0),
        ["4: phase 1, from_year: read 1.3, allowed are whole months", "Did you mean 1.3333?"],
    ),
    "fraction of a ramp": (
        HEAD + PHASE.format(1, 12.5),
        ["phase 1, ramp_months: read 12.5, allowed is a whole number from 0 to 600"],
    ),
    "a first mix never paid": (
        FUNDING + SHARES + PHASE.format(0, 0),
        ["8: phase 1, from_year: read 0 without a ramp, so the mix of [funding] would never"],
    ),
    "phase without a mix": (
        HEAD + "[[phases]]\nfrom_year = 1",
        ["3: phase 1: missing funding; needed are all of from_year, funding"],
    ),
    "single brackets": (
        HEAD + "[phases]\nfrom_year = 1",
        ["3: phases: read a table, allowed is at most 20 tables", "Did you mean [[phases]]"],
    ),
    "too many phases": (
        HEAD + "".join(PHASE.format(n, 0) for n in range(1, 22)),
        ["3: phases: read a list of 21, allowed is at most 20 tables"],
    ),
    "unknown assumption": (
        HEAD + "[assumptions]\nprice_elastisity = -0.5\n",
        ["4: assumptions.price_elastisity: there is no assumption of this name in the ledger.",
         "Did you mean price_elasticity?"],
    ),
    "assumption not permitted": (
        HEAD + "[assumptions]\nshare_seized = 1.5\n",
        ["4: assumptions.share_seized: read 1.5, allowed is a number from ",
         f"{ledger()['share_seized'].min:g} to {ledger()['share_seized'].max:g} share"],
    ),
    "assumption of another kind": (
        HEAD + "[assumptions]\nshare_seized = '0.3'\n",
        ["4: assumptions.share_seized: read '0.3', allowed is a number", "Did you mean 0.3, w"],
    ),
    "unknown assumption of another kind": (HEAD + "[assumptions]\nzz = 'x'", ["4: assumptions.zz"]),
    "too few people": (
        HEAD + "[setup]\npeople = 999",
        ["4: setup.people: read 999, allowed is a whole number from 1,000 to 5,000,000 (simulated"],
    ),
    "people as a float": (HEAD + "[setup]\npeople = 1e5", ["Did you mean 100000?"]),
    "people as a boolean": (HEAD + "[setup]\ncartels = true", ["4: setup.cartels: read true"]),
}
# fmt: on


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_line_key_and_what_is_allowed(case: str) -> None:
    text, expected = WRONG[case]
    found = "\n".join(problems(text))
    for part in expected:
        assert part in found, found


@pytest.mark.parametrize("name", SETUP_BOUNDS)
def test_setup_has_bounds(name: str) -> None:
    least, most = SETUP_BOUNDS[name]
    for good in (least, most):
        assert getattr(read(f"{HEAD}[setup]\n{name} = {good}").setup, name) == good
    for bad in (least - 1, most + 1):
        assert f"read {bad}, allowed is" in only_problem(f"{HEAD}[setup]\n{name} = {bad}")


def test_all_problems_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = (
        'title = 1\n[funding]\nsupply = 0.5\ndemand = 0.5\ncooperation = 0.5\ntotl = 3\n'
        '[assumptions]\nnope = 1\n[setup]\npeople = "many"\n' + PHASE.format(70, -1)
    )  # fmt: skip
    found = problems(text)
    assert [int(line.split(":")[0]) for line in found] == [1, 1, 2, 6, 8, 10, 12, 13]


def test_thousands_of_problems_are_cut_short_at_once() -> None:
    keys = "".join(f"share_nothing_{n} = 1\n" for n in range(20_000))
    found = problems(HEAD + "[assumptions]\n" + keys)
    assert len(found) == 51
    assert found[-1] == " and 19,950 more problems"


TOML_ERRORS = {
    "text without quotes": ("title = Demand first", "1: not TOML: invalid value", "in quotes."),
    "decimal comma": (FUNDING + "total = 42,5", "4: not TOML", "read 'total = 42,5'. Write dec"),
    "colon": ("title: 'x'", "1: not TOML: expected '=' after a key", "an equals sign."),
    "curly quotes": ("title = \u201cx\u201d", "1: not TOML", "Use straight quotes."),
    "True": ("x = True", "1: not TOML", "small letters."),
    "point first": ("x = .5", "1: not TOML", "both sides of its point."),
    "percent": ("x = 20%", "1: not TOML", "number from 0 to 1."),
    "dollars": ("x = $20", "1: not TOML", "without its sign."),
    "unit": ("x = 20 billion", "1: not TOML", "without its unit."),
    "zero first": ("x = 007", "1: not TOML", "does not start with a zero."),
    "backslash": ('x = "a\\q"', "1: not TOML", "a backslash is written twice."),
    "no value": ("x =\ny = 1", "1: not TOML", "A value is missing."),
    "open list": (HEAD + "x = [1\n\n", "3: not TOML: unclosed array", "read 'x = [1'."),
    "control character": ("title = 'a\x1b'\n", "1: not TOML", "read \"title = 'a\\x1b'\""),
    "utf-16": (HEAD.encode("utf-16"), "1: saved as UTF-16", "save it again as UTF-8"),
    "not utf-8": (b"title = 'a'\nx = '\xff'", "2: not UTF-8 text (byte 0xff)", "save the file"),
    "given twice": (
        FUNDING + SHARES + "supply = 0.5",
        "7: funding.supply: given a second time",
        "on line 4",
    ),
    "table twice": (
        FUNDING + SHARES + "[setup]\n[funding]",
        "8: funding: given a second time",
        "on line 3",
    ),
    "deep brackets": (HEAD + "x = " + "[" * 100_000, "3: nested more than 20", "allowed are 20"),
    "deep tables": (HEAD + "x = " + "{a=" * 50_000, "3: nested more than 20", "allowed are 20"),
    "deep keys": (HEAD + "a." * 300_000 + "a = 1", "3: nested more than 20", "allowed are 20"),
    "deep header": (HEAD + "[" + "a." * 300_000 + "a]", "3: nested more than 20", "allowed"),
}


@pytest.mark.parametrize("case", TOML_ERRORS)
def test_text_that_is_not_toml_is_refused_with_its_line_and_a_hint(case: str) -> None:
    text, start, part = TOML_ERRORS[case]
    problem = only_problem(text)
    assert problem.startswith(start), problem
    assert part in problem


def test_every_key_given_twice_is_reported() -> None:
    assert len(problems(HEAD + HEAD)) == 2


@pytest.mark.parametrize("levels", [19, 20, 21])
def test_twenty_levels_may_be_nested(levels: int) -> None:
    problem = only_problem(HEAD + "x = " + "[" * (levels - 1) + "]" * (levels - 1))
    assert problem.startswith("3: nested" if levels > 20 else "3: x: unknown key")
