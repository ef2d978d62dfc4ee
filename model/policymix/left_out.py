"""What the model leaves out: said in every report and on the page, in the same words."""

from typing import Final

NOBODY_REAL: Final = (
    "No real country, group or person is modelled. Numbers of the United States set the scale of "
    "a toy."
)
LEFT_OUT: Final = (
    "Racial and regional disparity in enforcement, custody and treatment.",
    "Other drugs, and moving between drugs; fentanyl's own price chain.",
    (
        "Stigma; families; what custody does to jobs and families beyond its burden on starting to "
        "use."
    ),
    (
        "The welfare of people who use, pain treatment, and the welfare of everyone else: "
        "nothing is added up into one good."
    ),
    "Politics and law: who decides, who votes, what can be passed; legal markets and regulation.",
    (
        "Deaths of casual users, and deaths other than by overdose; health care costs; crime by "
        "users and dealers."
    ),
    "State and local budgets; cartels' other business; migration.",
    (
        "Growth of any kind: left alone, the toy world stays as it is, while markets and deaths "
        "grew for years."
    ),
)
SIMPLIFIED: Final = (
    "One composite drug has one price, every drug arrest leads to custody of the same mean length, "
    "and people in custody neither use nor die."
)
