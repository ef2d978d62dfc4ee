"""The book of the exported page: mixes played beforehand, what was fitted to them, and how well.

Arrays stand as base64, of little-endian float32 if nothing else is said, in the order of the shapes
that are told.
"""

import base64
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from policymix.assumptions import central_world
from policymix.label import LABEL
from policymix.levers import LEVER_NAMES
from policymix.machines import Machines
from policymix.mix_fit import OFFSETS, TOGETHER, MixFit, Terms, few_shapes, fitted
from policymix.moments import CONFIDENCE, student_t
from policymix.page.plays import Plays, paths_of, shipped, with_mixes
from policymix.page.shown import SHOWN
from policymix.page.spread import ENDS, TOTALS, end_mixes, held_out_mixes, played_mixes, todays_mix
from policymix.scenario import Scenario, Setup
from policymix.tasks import Progress

Floats = NDArray[np.float64]

MIXES: Final = 600
HELD_OUT: Final = 96
_AT_ONCE: Final = 16
_SHIPPED_SHAPES: Final = 16
_MOST_OF_A_BYTE: Final = 127
_OF_THE_MEAN: Final = ("shapes", "weights", "points", "nearness", "near_weights")
_MAY_BE_NEGATIVE: Final = ("cartel_profit",)


def make_book(
    setup: Setup,
    seed: int,
    replicates: int,
    machines: Machines,
    progress: Progress,
    *,
    mixes: int = MIXES,
    held_out: int = HELD_OUT,
    ends: int = ENDS,
) -> dict[str, Any]:
    """Play `mixes` and fit them, others and measure the fit; ready for JSON.

    The others are `held_out` that are spread as the fitted ones are, and `ends` far from most.

    Besides `mixes` there are the shipped scenarios. Raises as `run_missing` does.
    """
    named = shipped(setup)
    told = played_mixes(seed, mixes)
    kept_back = (held_out_mixes(seed, held_out), end_mixes(ends))
    all_mixes = np.concatenate([told, *kept_back])
    scenarios = (*named, *with_mixes(named[0], all_mixes))
    paths = paths_of(Plays(scenarios, seed, replicates, _AT_ONCE), machines, progress)
    size = {"people": setup.people, "months": setup.months, "replicates": replicates}
    return {
        "label": LABEL,
        "size": {**size, "seed": seed, "mixes": mixes, "held_out": held_out, "ends": ends},
        "total": [factor * float(todays_mix().sum()) for factor in TOTALS],
        "may_be_negative": list(_MAY_BE_NEGATIVE),
        **_told(named, told, kept_back, np.nan_to_num(paths)),
    }


def _told(
    named: tuple[Scenario, ...], told: Floats, kept_back: tuple[Floats, Floats], paths: Floats
) -> dict[str, Any]:
    """What `paths` say (replicates, named and told and both kept back, months + 1, outcomes)."""
    fit, usual, ends = measured_fit(named, told, kept_back, paths)
    errors = usual.errors()
    for name, error in ends.errors().items():
        errors[name] |= {f"{key}_at_ends": error[key] for key in ("fit", "monte_carlo")}
    return {
        "fit": _fit(fit) | usual.for_page(),
        "shipped": _shipped(named, paths[:, : len(named)]),
        "errors": errors,
    }


def measured_fit(
    named: tuple[Scenario, ...], told: Floats, kept_back: tuple[Floats, Floats], paths: Floats
) -> tuple[MixFit, "Measured", "Measured"]:
    """The fit to `named` and `told`, and how far it is from each of the two sets `kept_back`.

    `paths`: (replicates, named and told and both kept back, months + 1, outcomes), today's first.
    """
    known = len(named) + len(told)
    fit = fit_to(named, told, paths[:, :known])
    effects = np.split(paths[:, known:] - paths[:, :1], [len(kept_back[0])], axis=1)
    usual, ends = (Measured(fit, *both) for both in zip(kept_back, effects, strict=True))
    return fit, usual, ends


def fit_to(named: tuple[Scenario, ...], told: Floats, paths: Floats) -> MixFit:
    """The fit to the mixes among `named` and to those `told` (mixes, levers), as they were played.

    `paths`: (replicates, named and told, months + 1, outcomes), the first of them today's.
    """
    steady = [place for place, one in enumerate(named) if _is_a_mix(one)]
    known = np.concatenate([[named[place].phases[0].funding.spend for place in steady], told])
    places = [*steady, *range(len(named), paths.shape[1])]
    effects = paths[:, places] - paths[:, :1]
    return fitted(Terms.of(central_world(), known, todays_mix()), known, effects)


def _is_a_mix(scenario: Scenario) -> bool:
    """Whether it is one mix in today's world, as those of the sliders are."""
    (first, *later) = scenario.phases
    return not (later or scenario.assumptions or first.funding.treatment_in_custody)


class Measured:
    """How far a fit is from mixes that had no part in it, played with the same dice.

    `effects` (replicates, mixes, months + 1, outcomes) are their paired differences from today's.
    """

    def __init__(self, fit: MixFit, mixes: Floats, effects: Floats) -> None:
        self.n = len(effects)
        self.effects = effects
        self.variables = fit.terms.variables(mixes)
        self.mean, self.own = fit.mean(mixes), fit.own(mixes)
        self.off = self.mean - effects.mean(axis=0)

    @property
    def error(self) -> Floats:
        """Fitted less played mean: root of the mean square over mixes, (months + 1, outcomes)."""
        found: Floats = np.sqrt((self.off**2).mean(axis=0))
        return found

    @property
    def usual_distance(self) -> float:
        """How far mixes lie from today's, as a root mean square of `distances`."""
        return float(np.sqrt((distances(self.variables) ** 2).mean()))

    def errors(self) -> dict[str, dict[str, Any]]:
        """By outcome, over mixes and months: the fit's error, chance's, and how often it holds.

        `fit` is what fitted and played mean differ by, and `monte_carlo` the standard error of the
        played one, both as root mean squares in `unit`; `share_covered` is of pairs of mixes and
        months in which the interval of their difference holds the played one.
        """
        chance = np.sqrt((self.effects.var(axis=0, ddof=1) / self.n)[:, 1:].mean(axis=(0, 1)))
        covered = self.covered()[:, 1:].mean(axis=(0, 1))
        fit = np.sqrt((self.off[:, 1:] ** 2).mean(axis=(0, 1)))
        return {
            one.name: {
                "unit": one.unit,
                "fit": float(fit[place]),
                "monte_carlo": float(chance[place]),
                "share_covered": float(covered[place]),
            }
            for place, one in enumerate(SHOWN)
        }

    def covered(self) -> NDArray[np.bool_]:
        """Of each mix and the one after it: whether the interval holds what was played."""
        after = np.roll(self.variables, 1, axis=0)
        share = error_share(self.variables, after, self.usual_distance)
        error = share[:, np.newaxis, np.newaxis] * self.error
        own = self.own - np.roll(self.own, 1, axis=1)
        chance = own.var(axis=0, ddof=1) / self.n
        half = np.sqrt(student_t(self.n) ** 2 * chance + (_z() * error) ** 2)
        off = np.abs(self.off - np.roll(self.off, 1, axis=0))
        found: NDArray[np.bool_] = off <= half
        return found

    def for_page(self) -> dict[str, Any]:
        """What intervals need: error (outcomes, months + 1) of one fitted mix, and quantiles."""
        quantiles = {"t": student_t(self.n), "z": _z()}
        return {
            "error": packed(self.error.T),
            "usual_distance": self.usual_distance,
            **quantiles,
        }


def distances(variables: Floats) -> Floats:
    """How far apart mixes are whose variables differ by these: a root mean square."""
    found: Floats = np.sqrt((variables[:, :TOGETHER] ** 2).mean(axis=1))
    return found


def error_share(first: Floats, second: Floats, usual: float) -> Floats:
    """The error of two fitted mixes' difference, as a multiple of a single one's, shape (mixes,).

    It grows as the root of their distance, and is no more than both have from today's mix.
    """
    far = [distances(one) / usual for one in (first, second)]
    apart = distances(first - second) / usual
    most = np.minimum(far[0], 1.0) + np.minimum(far[1], 1.0)
    found: Floats = np.sqrt(np.minimum(2.0 * apart, most))
    return found


def _z() -> float:
    return float(ndtri((1 + CONFIDENCE) / 2))


def _fit(fit: MixFit) -> dict[str, Any]:
    """The fit: arrays as in `MixFit` and `Terms`."""
    terms = fit.terms
    arrays = {name: packed(getattr(terms, name)) for name in ("knots", "tables", "zero", "scale")}
    return {
        **arrays,
        **{name: packed(getattr(fit, name)) for name in _OF_THE_MEAN},
        "own_shapes": coarse(fit.own_shapes, (), 1),
        "own_weights": coarse(fit.own_weights, (0,), 1),
        **{name: getattr(terms, name) for name in ("places", "width", "outreach")},
        "offsets": list(OFFSETS),
        "levers": list(LEVER_NAMES),
        "together": TOGETHER,
        "n_shapes": fit.shapes.shape[1],
        "n_own_shapes": fit.own_shapes.shape[1],
    }


def _shipped(named: tuple[Scenario, ...], paths: Floats) -> dict[str, Any]:
    """What was played of the shipped scenarios; `paths` (replicates, scenarios, months + 1, ...).

    `mean` (scenarios, outcomes, months + 1). What each replicate's difference from today's has
    more than their mean is `own_weights` (scenarios, replicates, outcomes, shapes) along
    `own_shapes` (outcomes, shapes, months + 1).
    """
    effects = paths - paths[:, :1]
    rest = (effects - effects.mean(axis=0)).transpose(3, 1, 0, 2)
    flat = rest.reshape(len(SHOWN), -1, rest.shape[-1])
    shapes = np.array([few_shapes(one, _SHIPPED_SHAPES) for one in flat])
    return {
        "names": [one.name for one in named],
        "mean": packed(paths.mean(axis=0).transpose(0, 2, 1)),
        "own_shapes": coarse(shapes, (), 1),
        "own_weights": coarse(np.einsum("osrm,okm->srok", rest, shapes), (0, 1), 0),
        "n_own_shapes": shapes.shape[1],
    }


def coarse(array: Floats, over: tuple[int, ...], last: int) -> dict[str, Any]:
    """`bytes`, signed, and the `step` by which they are multiplied: for what needs two digits.

    A step holds for all places along the axes `over` and the `last` ones; `each` is how many bytes
    in a row have one.
    """
    axes = (*over, *range(array.ndim - last, array.ndim))
    step = np.abs(array).max(axis=axes, keepdims=True) / _MOST_OF_A_BYTE
    found = np.rint(array / np.where(step > 0.0, step, 1.0)).astype(np.int8)
    each = int(np.prod(array.shape[array.ndim - last :], dtype=int))
    return {"bytes": _text(found.tobytes()), "step": packed(step), "each": each}


def fine(told: dict[str, Any], *shape: int) -> Floats:
    """What `coarse` made, as numbers."""
    numbers = np.frombuffer(base64.b64decode(told["bytes"]), dtype=np.int8)
    step = np.resize(np.repeat(unpacked(told["step"], -1), told["each"]), numbers.shape)
    found: Floats = np.multiply(numbers, step).reshape(shape)
    return found


def packed(array: Floats) -> str:
    """Base64 of little-endian float32."""
    return _text(np.ascontiguousarray(array, dtype="<f4").tobytes())


def unpacked(text: str, *shape: int) -> Floats:
    """What `packed` packed."""
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float64).reshape(shape)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
