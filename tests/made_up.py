"""Small made-up tables that figures are drawn from; the parts in them add up as in a study."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text
from policymix import tables
from policymix.ends import N_ENDS
from policymix.figures import Tables
from policymix.levers import LEVERS
from policymix.outcomes import OUTCOME_NAMES, OUTCOMES
from policymix.reasons import ADDICTION, SPENDING, bridge_table, ends_and_fared

MONTHS = 24
EIGHT = ["baseline", "a1", "b-2", "c_3", "delta", "echo_first", "f" * 64, "9"]
LONG = [f"{k}_{'mW' * 31}"[:64] for k in range(8)]
NOTES = ["The totals differ: $a$ 1; b $2."]


def made_up(names: list[str], n_replicates: int = 4) -> list[np.ndarray]:
    """Records of each replicate: what was drawn in month 0, and flows and parts that add up."""
    column = OUTCOME_NAMES.index
    found = []
    for k in range(n_replicates):
        level = 1000 + 10 * np.arange(len(names))[:, None, None]
        wave = np.sin(np.arange(MONTHS + 1) / 5 + k)[None, :, None]
        records = level + 20 * wave + np.cos(np.arange(len(OUTCOMES)) * k)[None, None, :]
        flows = np.array([outcome.kind == "flow" for outcome in OUTCOMES])
        records[:, 1:, flows] += 30 * np.sin(np.arange(flows.sum()) * level[..., 0])[:, None, :]
        records[:, 0, flows] = np.nan
        change = sum(sign * records[:, 1:, column(flow)] for flow, sign, _ in ADDICTION)
        records[:, 0, column("addicted")] = 4e6
        records[:, 1:, column("addicted")] = 4e6 + np.cumsum(change, axis=1)
        others = records[..., column("in_treatment")] + records[..., column("addicted_in_custody")]
        records[..., column("active_addiction")] = records[..., column("addicted")] - others
        spending = sum(records[..., column(part)] for part, _ in SPENDING)
        records[..., column("retail_spending")] = spending
        found.append(records)
    return found


def made_up_tables(names: list[str], notes: list[str] | None = None, n: int = 4) -> Tables:
    """All tables of a study of these scenarios; the first is the reference."""
    records = made_up(names, n)
    summary, monthly = tables.summary_and_monthly(names, names[0], records)
    ends, fared = ends_and_fared(names, [crossed(len(names), k) for k in range(n)])
    return Tables(
        *(summary, monthly, tables.yearly_table(names, records), ends, fared),
        *(bridge_table(summary, monthly, names[0]), budget(names), names[0], notes or []),
    )


def crossed(n_scenarios: int, k: int = 0) -> np.ndarray:
    """People by both ends: nobody moves in the reference, and ever more in the others."""
    before, after = np.indices((N_ENDS, N_ENDS))
    people = np.zeros((n_scenarios, N_ENDS, N_ENDS))
    for place in range(n_scenarios):
        moved = 1e4 * place * ((before * 7 + after * 3 + place) % 4) + 100.0 * k * (place > 0)
        people[place] = np.where(before == after, 1e7, moved)
    return people


def budget(names: list[str]) -> pd.DataFrame:
    """Money by lever; a fifth of the money for treatment finds no use."""
    rows = [
        (name, lever.side, lever.name, 0.2 + (place + 3 * at) % 7)
        for place, name in enumerate(names)
        for at, lever in enumerate(LEVERS)
    ]
    table = pd.DataFrame(rows, columns=["scenario", "side", "lever", "asked"])
    share = np.where(table["lever"] == "treatment", 0.8, 1.0)
    return table.assign(unit="billion USD/year", spent=table["asked"] * share)


def drawn_texts(figure: Figure) -> list[Text]:
    """Every text that is seen, tick labels within their axes' limits among them."""
    found = list(figure.texts)
    for axes in figure.axes:
        found += [*axes.texts, axes._left_title]
        if axes.get_legend():
            found += axes.get_legend().get_texts()
        if not axes.axison:
            continue
        of_three = ("taxis", "laxis", "raxis")
        names = of_three if axes.name == "ternary" else ("xaxis", "yaxis")
        for axis in (getattr(axes, name) for name in names):
            low, high = sorted(axis.get_view_interval())
            ticks = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
            found += [label for at, label in ticks if low <= at <= high]
            found.append(axis.label)
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def words(figure: Figure) -> list[str]:
    """What the figure says, each text without the breaks of its lines."""
    return [text.get_text().replace("\n", "") for text in drawn_texts(figure)]
