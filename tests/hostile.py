"""Titles and summaries that anyone might write, to break a page, a spreadsheet or a terminal."""

from dataclasses import replace

from policymix import load_scenario
from policymix.scenario import Scenario

RIGHT_TO_LEFT = "\u202e"
HEBREW = "\u05e9\u05dc\u05d5\u05dd"
HOSTILE = (
    (
        "<script>document.title='owned'</script>",
        "</style><img src=x onerror=\"document.title='owned'\">",
    ),
    ("=cmd|' /C calc'!A0", '=HYPERLINK("https://example.org/","click")'),
    (f"{RIGHT_TO_LEFT}gnp.exe\x07\x1b[31m\x00", "one\n\ntwo\ttabs \u2066\u2028 \U000e0001"),
    (HEBREW, f"{HEBREW} {{{{ 7 * 7 }}}} {{% raw %}} &amp; &lt;b&gt; \"'`"),
    ("t" * 10_000, "word " * 2_000),
)
"""(title, summary) of five scenarios."""


def hostile_scenarios() -> list[Scenario]:
    """Five mixes called `hostile0` and so on; the second differs from the others in its money."""
    mixes = ("baseline", "demand_first", "baseline", "baseline", "baseline")
    return [
        replace(load_scenario(mix), name=f"hostile{k}", title=title, summary=summary)
        for k, (mix, (title, summary)) in enumerate(zip(mixes, HOSTILE, strict=True))
    ]
