"""What people do when there are infinitely many: the expected month, age by age and cell by cell.

Written for verification alone, with `lives_by_hand` and not with the model's own functions. Unlike
the balance's law it follows any path of price and policing, with peers, burden, prevention by
cohort, and places that run out.
"""

from collections.abc import Sequence

import numpy as np
from lives_by_hand import (
    ACTIVE,
    DEAD,
    N_PLACES,
    Odds,
    S,
    Shares,
    be_arrested_or_quit,
    die,
    enter_treatment,
    escalate_and_relapse,
    leave,
    number,
    odds,
    once,
    pass_on,
)
from policymix.balance import Balanced

Path = Sequence[tuple[float, float]]
"""Price and policing of each month, relative to today's."""
USING = (S.CASUAL, *ACTIVE)
CUSTODY = (S.CUSTODY_CASUAL, S.CUSTODY_ADDICTED)
KINDS = 5


class MeanField:
    """Shares of everyone: [state, reached by prevention at 12 or not, months since 12, cell]."""

    def __init__(self, balanced: Balanced) -> None:
        start, world = balanced.people, balanced.world
        self.balanced = balanced
        self.months = round(12 * number(world, "years_in_population"))
        self.at_risk = round(12 * number(world, "years_at_risk_of_starting"))
        reached = number(world, "share_pupils_reached_today")
        self.newcomers = np.array([1.0 - reached, reached])[:, None]
        self.kept = 1.0 - np.array([0.0, number(world, "share_starting_prevented")])[:, None, None]
        by_month = np.repeat(start.law, 12, axis=0) / 12 / start.law.shape[1]
        law = by_month.transpose(2, 0, 1)
        law[S.ACTIVE] += law[list(ACTIVE[1:])].sum(axis=0)
        law[list(ACTIVE[1:])] = 0.0
        self.at = np.zeros((N_PLACES, 2, *law.shape[1:]))
        self.at[: len(law)] = law[:, None] * self.newcomers[:, :, None]
        self.using_today = start.share_using
        self.burden_today = start.burden_today
        self.burden = start.burden_today * start.burden
        self.deaths = 0.0

    def live(self, path: Path) -> None:
        """So many months, one after the other."""
        for rel_price, policing in path:
            self._live_month(odds(self.balanced, rel_price=rel_price, policing=policing))

    def _live_month(self, now: Odds) -> None:
        at = self.at = np.roll(self.at, 1, axis=2)
        too_old = at[:, :, 0].sum(axis=(0, 1))
        at[:, :, 0] = 0.0
        die(at, now)
        dead = at[DEAD].sum(axis=(0, 1))
        at[DEAD] = 0.0
        self.deaths += float(dead.sum())
        at[S.NOT_USING, :, 0] += self.newcomers * (too_old + dead)
        leave(at, now)
        escalate_and_relapse(at, now)
        self._begin(now)
        be_arrested_or_quit(at, now)
        wanting = now.willing * self.share(*ACTIVE)
        places = number(self.balanced.world, "n_addicted") * number(
            self.balanced.world, "share_addicted_in_treatment"
        )
        free = places / number(self.balanced.world, "n_people") - self.share(S.TREATMENT)
        enter_treatment(at, now.willing * min(max(free, 0.0) / wanting, 1.0))
        fades = 1.0 - number(self.balanced.world, "share_burden_fading_per_year")
        self.burden = self.burden * fades ** (1 / 12) + self._by_kind(*CUSTODY)

    def _begin(self, now: Odds) -> None:
        world = self.balanced.world
        peers = self._by_kind(*USING) / self.using_today - 1.0
        burden = self.burden / self.burden_today - 1.0
        exposed = (1.0 + number(world, "peer_effect") * peers) * (
            1.0 + number(world, "burden_effect_on_starting") * burden
        )
        hazard = now.start * np.tile(exposed, len(now.start) // KINDS)
        young = self.at[:, :, : self.at_risk]
        pass_on(young, S.NOT_USING, S.CASUAL, once(hazard * self.kept))

    def _by_kind(self, *states: int) -> Shares:
        """Share of a kind of community's members in these states; cells count kinds fastest."""
        cells = self.at[list(states)].sum(axis=(0, 1, 2))
        return cells.reshape(-1, KINDS).sum(axis=0) * KINDS

    def share(self, *states: int) -> float:
        """Share of everyone in these states."""
        return float(self.at[list(states)].sum())
