"""The law that people's monthly chances lead to when nothing changes.

Each cell's people follow a Markov chain from the month they turn 12 to the exit age or death,
and a newcomer follows. The share of a cell in each state is the expected time spent there over
the expected length of a stay in the population (renewal theorem).
"""

from functools import cache

import numpy as np

from policymix.hazards import N_CELLS, N_STATES, Chances, Floats, State

S = State


def month_matrices(today: Chances, p_begin: Floats) -> Floats:
    """What one month does, in the order of `lives`: shape (..., N_CELLS, N_STATES, N_STATES).

    `p_begin`, shape (..., N_CELLS): probability to begin to use, such as the young's and the
    old's. Rows sum to 1 less the probability of dying.
    """
    before = _survive(today) @ _leave(today)
    after = _arrest(today) @ _quit(today) @ _enter(today)
    matrices: Floats = before @ _begin_escalate_relapse(today, p_begin) @ after
    return matrices


def by_years_of_age(young: Floats, old: Floats, months_at_risk: int, months: int) -> Floats:
    """Share of a cell's people at each year of age in each state: (years, N_CELLS, N_STATES).

    `young` and `old` are `month_matrices` while people may begin and after; a cell sums to 1.
    """
    alive, everywhere = _newcomers(), np.broadcast_to(_eye(), young.shape)
    law = np.zeros((-(-months // 12), N_CELLS, N_STATES))
    stay = cache(lambda is_old, n: _stay(everywhere, old if is_old else young, n))
    for year, began in enumerate(range(0, months, 12)):
        n = min(12, months - began)
        n_young = min(max(months_at_risk - began, 0), n)
        for is_old, n_months in enumerate((n_young, n - n_young)):
            if n_months:
                part = stay(is_old, n_months)
                law[year] += (alive @ part[:, N_STATES:])[:, 0]
                alive = alive @ part[:, :N_STATES]
    return law / law.sum(axis=(0, 2))[:, None]


def over_all_ages(young: Floats, old: Floats, months_at_risk: int, months: int) -> Floats:
    """`by_years_of_age` summed over the years, by doubling: shape (N_CELLS, N_STATES)."""
    at_risk = _stay(_newcomers(), young, months_at_risk)
    later = _stay(at_risk[:, S.NOT_USING, None], old, months - months_at_risk)
    law: Floats = at_risk[:, -1] + later[:, -1]
    return law / law.sum(axis=1, keepdims=True)


def a_year(young: Floats, old: Floats) -> tuple[Floats, Floats]:
    """What twelve months do to the young and to the old, from their `month_matrices`."""
    return np.linalg.matrix_power(young, 12), np.linalg.matrix_power(old, 12)


def after_a_year(law: Floats, year: tuple[Floats, Floats], years_at_risk: int) -> Floats:
    """Where people are a year later, under other chances than those that `law` came from.

    `law` as `by_years_of_age` gives it, shape (years, N_CELLS, N_STATES), and so is the result;
    `year` is `a_year`. Everyone is a year older; as many as before are in their first year.
    """
    n_young = min(years_at_risk, len(law) - 1)
    later = law.copy()
    by_cell, later_by_cell = law.swapaxes(0, 1), later.swapaxes(0, 1)
    np.matmul(by_cell[:, :n_young], year[0], out=later_by_cell[:, 1 : n_young + 1])
    np.matmul(by_cell[:, n_young:-1], year[1], out=later_by_cell[:, n_young + 1 :])
    return later


def _newcomers() -> Floats:
    """Everyone at 12: shape (N_CELLS, 1, N_STATES)."""
    alive = np.zeros((N_CELLS, 1, N_STATES))
    alive[:, 0, S.NOT_USING] = 1.0
    return alive


def _stay(start: Floats, matrix: Floats, n: int) -> Floats:
    """What a stay of n months does, by doubling: shape (N_CELLS, N_STATES + rows, N_STATES).

    First M**n; then, for each row of `start`, where whoever began there was in all these months
    together: start (M + M**2 + ... + M**n).
    """
    if n == 0:
        return np.concatenate((np.broadcast_to(_eye(), matrix.shape), 0.0 * start), axis=1)
    stay = month = np.concatenate((matrix, start @ matrix), axis=1)
    for bit in format(n, "b")[1:]:
        stay = _joined(stay, stay)
        if bit == "1":
            stay = _joined(month, stay)
    return stay


def _joined(later: Floats, first: Floats) -> Floats:
    """The stay of both lengths together, of the same matrix."""
    stay: Floats = later @ first[:, :N_STATES]
    stay[:, N_STATES:] += first[:, N_STATES:]
    return stay


def _eye() -> Floats:
    return np.eye(N_STATES)


def _survive(today: Chances) -> Floats:
    lost = today.p_lose_supplier
    active = (S.ACTIVE, S.ACTIVE_LEFT_TREATMENT, S.ACTIVE_RELEASED)
    p_die = today.overdose.copy()
    for state in active:
        p_die[state] += lost * (today.overdose_lost_supplier[state] - today.overdose[state])
    step = np.diag(1.0 - p_die)
    for state in active[1:]:
        step[state, S.ACTIVE], step[state, state] = step[state, state], 0.0
    return step


def _leave(today: Chances) -> Floats:
    step = _eye()
    p = today.p_leave_treatment
    step[S.TREATMENT, S.TREATMENT] = 1.0 - p
    step[S.TREATMENT, S.RECOVERY] = p * today.share_recover
    step[S.TREATMENT, S.ACTIVE_LEFT_TREATMENT] = p * (1.0 - today.share_recover)
    p = today.p_release
    step[S.CUSTODY_CASUAL, S.CUSTODY_CASUAL] = 1.0 - p
    step[S.CUSTODY_CASUAL, S.CASUAL] = p
    step[S.CUSTODY_ADDICTED, S.CUSTODY_ADDICTED] = 1.0 - p
    step[S.CUSTODY_ADDICTED, S.RECOVERY] = p * today.reentry
    step[S.CUSTODY_ADDICTED, S.ACTIVE_RELEASED] = p * (1.0 - today.reentry)
    return step


def _begin_escalate_relapse(today: Chances, p_begin: Floats) -> Floats:
    step = np.broadcast_to(_eye(), (*p_begin.shape, N_STATES, N_STATES)).copy()
    for source, target, p in (
        (S.NOT_USING, S.CASUAL, p_begin),
        (S.CASUAL, S.ACTIVE, today.p_escalate),
        (S.RECOVERY, S.ACTIVE, today.p_relapse),
    ):
        step[..., source, source] = 1.0 - p
        step[..., source, target] = p
    return step


def _arrest(today: Chances) -> Floats:
    return _from_active(S.CUSTODY_ADDICTED, today.p_arrest_addicted) @ _one_move(
        S.CASUAL, S.CUSTODY_CASUAL, today.p_arrest_casual
    )


def _quit(today: Chances) -> Floats:
    return _from_active(S.RECOVERY, today.p_quit_addicted) @ _one_move(
        S.CASUAL, S.NOT_USING, today.p_quit_casual
    )


def _enter(today: Chances) -> Floats:
    return _from_active(S.TREATMENT, today.p_willing)


def _from_active(target: State, p: float) -> Floats:
    step = _eye()
    for state in (S.ACTIVE, S.ACTIVE_LEFT_TREATMENT, S.ACTIVE_RELEASED):
        step[state, state] = 1.0 - p
        step[state, target] = p
    return step


def _one_move(source: State, target: State, p: float) -> Floats:
    step = _eye()
    step[source, source] = 1.0 - p
    step[source, target] = p
    return step
