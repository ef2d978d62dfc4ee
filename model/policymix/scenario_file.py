"""The form of a scenario file: its keys, their kinds and bounds, declared once.

Reading, messages and the JSON Schema all follow from these declarations. What one value alone
cannot show to be wrong (shares that do not sum to 1) is in `scenario_rules`.
"""

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, create_model

from policymix.levers import LEVERS, LEVERS_OF_SIDE, SIDES, Side
from policymix.scenario_parts import SETUP_BOUNDS, Setup

MAX_TOTAL_BILLION: Final = 10_000
MAX_PHASES: Final = 20
MAX_YEARS: Final = 50
MAX_MONTHS: Final = SETUP_BOUNDS["months"][1]

_SOME_TEXT = r"\S"
_TITLES = {lever.name: lever.title for lever in LEVERS}


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _money(meaning: str) -> Any:
    return Annotated[
        float, Field(ge=0, le=MAX_TOTAL_BILLION, allow_inf_nan=False, description=meaning)
    ]


def _share(meaning: str) -> Any:
    return Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, description=meaning)]


def _split(side: Side) -> Any:
    """The form of one side's split: every lever of the side, as a share of the side's money."""
    fields = {name: _share(f"{_TITLES[name]}, share of {side}") for name in LEVERS_OF_SIDE[side]}
    return create_model(f"{side.capitalize()}Split", __base__=_Form, **_required(fields))


def _required(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: (kind, ...) for name, kind in fields.items()}


_LeversForm: Any = create_model(
    "Levers",
    __base__=_Form,
    **_required(
        {lever.name: _money(f"{lever.title}, billion US dollars a year") for lever in LEVERS}
    ),
)


def split_key(side: Side) -> str:
    """The key of a side's split in a funding table."""
    return f"{side}_split"


def _funding_form() -> Any:
    kinds: dict[str, Any] = {
        "total": _money(
            "billion US dollars a year; left out: today's total, or in a phase the one before"
        ),
        **{side: _share(f"share of the total for {side}; the three sum to 1") for side in SIDES},
        **{
            split_key(side): Annotated[
                _split(side),
                Field(description=f"shares within {side}, they sum to 1; left out: today's"),
            ]
            for side in SIDES
        },
        "levers": Annotated[
            _LeversForm,
            Field(description="the other form: all thirteen levers, billion US dollars a year"),
        ],
    }
    optional: dict[str, Any] = {name: (kind | None, None) for name, kind in kinds.items()}
    switch = Annotated[bool, Field(description="treatment money also serves people in custody")]
    return create_model("Funding", __base__=_Form, **optional, treatment_in_custody=(switch, False))


FundingForm: Any = _funding_form()


class PhaseForm(_Form):
    """A later mix: from when, reached over how many months."""

    from_year: Annotated[
        float,
        Field(ge=0, le=MAX_YEARS, allow_inf_nan=False, description="years after the start"),
    ]
    ramp_months: Annotated[
        int,
        Field(ge=0, le=MAX_MONTHS, description="months until the whole mix is reached"),
    ] = 0
    funding: FundingForm


_SIZES: Final = {
    "people": "simulated people",
    "months": "simulated months",
    "cartels": "cartels at the start",
}


def _setup_form() -> Any:
    fields: dict[str, Any] = {}
    for name, meaning in _SIZES.items():
        least, most = SETUP_BOUNDS[name]
        kind = Annotated[int, Field(ge=least, le=most, description=meaning)]
        fields[name] = (kind, getattr(Setup, name))
    return create_model("Setup", __base__=_Form, **fields)


SetupForm: Any = _setup_form()


class ScenarioForm(_Form):
    """A scenario: a mix over time and anything else that differs from the baseline."""

    title: Annotated[
        str,
        Field(
            min_length=1, max_length=200, pattern=_SOME_TEXT, description="short name for people"
        ),
    ]
    summary: Annotated[
        str,
        Field(
            min_length=1,
            max_length=2_000,
            pattern=_SOME_TEXT,
            description="what this scenario does",
        ),
    ]
    funding: Annotated[
        FundingForm | None, Field(description="the mix from the start; left out: today's")
    ] = None
    phases: Annotated[
        list[PhaseForm], Field(max_length=MAX_PHASES, description="later mixes, in order of time")
    ] = []
    assumptions: Annotated[
        dict[str, Annotated[float, Field(allow_inf_nan=False)]],
        Field(description="numbers about the world that differ from the ledger's central values"),
    ] = {}
    setup: Annotated[
        SetupForm, Field(description="size of the run, the same in all compared scenarios")
    ] = SetupForm()
