"""Runs side by side: models that step in time, their people as one crowd.

Every model lives what it would live alone, to the bit; what is won is time, because NumPy is asked
once for all of them.
"""

from collections.abc import Sequence
from typing import Any

from policymix.crowds import Crowd, Member
from policymix.errors import InputError
from policymix.lives import Lives
from policymix.model import MONTH, PolicyModel


class Together:
    """Models in month 0 with people of one size and one start, which play the same months.

    Raises InputError for models that do not fit together.
    """

    def __init__(self, models: Sequence[PolicyModel]) -> None:
        if any(
            model.month or model.policy.setup.months != self._months(models) for model in models
        ):
            raise InputError("models run together from month 0 on, for as many months")
        self.models = tuple(models)
        if len(models) == 1:
            self._lives = models[0].lives
        else:
            crowd = Crowd([model.people for model in models])
            self._lives = Lives(crowd)
            for place, model in enumerate(models):
                model.people = Member(model.people, crowd, place)
        for model, tally in zip(models, self._lives.tallies, strict=True):
            model.lived = tally

    def run(self) -> None:
        """All months; then every model has its people to itself and may be stepped on."""
        while self.models[0].month < self._months(self.models):
            self.step()
        for model in self.models:
            if isinstance(model.people, Member):
                model.people = model.people.copy()

    def step(self) -> None:
        """One month of all, verb by verb."""
        self._each("begin_month")
        for verb in MONTH:
            if verb == "people_live":
                self._lives.live_month(self.models[0].month, *self._each("conditions"))
            else:
                self._each(verb)
        self._each("end_month")

    @staticmethod
    def _months(models: Sequence[PolicyModel]) -> int:
        return models[0].policy.setup.months

    def _each(self, verb: str) -> list[Any]:
        return [getattr(model, verb)() for model in self.models]
