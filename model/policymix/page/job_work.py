"""What takes a minute: sampled worlds, or a whole report; done in a process of its own."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from policymix.errors import InputError
from policymix.pool import StudyError
from policymix.scenario import Scenario

if TYPE_CHECKING:
    from policymix.studies.robust_answer import Robust

WORLDS: Final = 128
"""Sampled worlds: the least in which a box of assumptions is found now and then."""
_FAILED: Final = "This could not be played to its end. The terminal of the server says why."
Kind = Literal["robust", "report"]
Tell = Callable[[object], None]


@dataclass(frozen=True)
class Job:
    """What is to be done: a study of two scenarios of one setup, with so many workers.

    Called with what it tells its parent by: ("progress", done, of), and at last ("answer", text
    or JSON-ready) or ("problem", text).
    """

    kind: Kind
    mine: Scenario
    pinned: Scenario
    seed: int
    replicates: int
    worlds: int
    workers: int

    def __call__(self, tell: Tell) -> None:
        """Do it."""
        try:
            tell(("answer", _robust(self, tell) if self.kind == "robust" else _report(self, tell)))
        except (InputError, StudyError) as error:
            tell(("problem", str(error)))
        except BaseException:
            tell(("problem", _FAILED))
            raise


def _robust(job: Job, tell: Tell) -> dict[str, Any]:
    from policymix.studies.robust import ask, run_study

    question = ask(
        [job.mine, job.pinned],
        people=job.mine.setup.people,
        months=job.mine.setup.months,
        seed=job.seed,
        sizes={"worlds": job.worlds},
    )
    study = run_study(question, None, workers=job.workers, progress=_progress(tell))
    flips = study.tables["flips"].drop(columns="label").astype(object)
    return {
        "sentences": study.sentences(),
        "shares": _shares(study),
        "flips": flips.where(flips.notna(), None).to_dict("records"),
        "picture": _flip_plot(study),
        "note": " ".join(study.notes()),
    }


def _shares(study: "Robust") -> list[dict[str, Any]]:
    """In which share of worlds mine has less, with its interval, by outcome."""
    from policymix.discovery import share_interval
    from policymix.robustness import STATISTICS

    mine, pinned = (study.question.names.index(name) for name in ("mine", "pinned"))
    runs = study.runs[1:][study.possible[1:]].mean(axis=1)
    found = []
    for place, outcome in enumerate(STATISTICS):
        n = len(runs)
        n_less = int((runs[:, mine, place] < runs[:, pinned, place]).sum())
        low, high = share_interval(n_less, n)
        share = {"share": n_less / n, "low": low, "high": high, "worlds": n}
        found.append({"outcome": outcome, **share})
    return found


def _flip_plot(study: "Robust") -> dict[str, str] | None:
    from policymix.figures_robust import robust_pictures

    readings = study.readings()
    picture = next(iter(robust_pictures(readings)), None)
    if picture is None:
        return None
    svg = b64encode(picture.draw(readings).file_bytes("svg")).decode()
    return {"source": f"data:image/svg+xml;base64,{svg}", "alt": picture.alt(readings)}


def _report(job: Job, tell: Tell) -> str:
    from policymix.studies.compare import run_study
    from policymix.studies.question import ask

    question = ask(
        [job.pinned, job.mine],
        against=job.pinned,
        replicates=job.replicates,
        people=job.mine.setup.people,
        months=job.mine.setup.months,
        seed=job.seed,
    )
    alone = replace(question, is_one_file=True)
    return run_study(alone, None, workers=1, progress=_progress(tell)).report()


def _progress(tell: Tell) -> Callable[[int, int], None]:
    def progress(done: int, of: int) -> None:
        tell(("progress", done, of))

    return progress
