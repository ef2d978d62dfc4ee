"""What the model leaves out: said in every report and on the page, in the same words."""

from typing import Final

NOBODY_REAL: Final = (
    "No real country, group or person is modelled. Numbers of the United States set the scale of "
    "a toy."
)
LEFT_OUT: Final = (
    (
        "Racial and regional disparity in enforcement, custody and treatment: everyone here is "
        "policed, held and treated by the same rules, so no result says who bears a policy."
    ),
    (
        "Other drugs, and moving between drugs, alcohol among them; fentanyl's own price chain; "
        "not knowing what a drug contains."
    ),
    (
        "Stigma, and what it does to asking for help; families; what custody does to jobs, homes "
        "and families beyond its burden on starting to use."
    ),
    (
        "The welfare of people who use, pain treatment, and the welfare of everyone else: "
        "nothing is added up into one good, and rights are not weighed at all."
    ),
    (
        "Politics and law: who decides, who votes, what can be passed and kept up; legal markets "
        "and regulation; what police, courts and care do besides what their money buys here."
    ),
    (
        "Deaths of casual users, and deaths and illness other than by overdose, such as "
        "infections; health care costs; crime by users and dealers."
    ),
    (
        "State and local budgets; cartels' other business; migration; what policies do to people "
        "in the countries that produce and pass on, beyond members, deaths and institutions."
    ),
    (
        "Growth of any kind: left alone, the toy world stays as it is, while markets and deaths "
        "grew for years."
    ),
)
SIMPLIFIED: Final = (
    "One composite drug has one price, every drug arrest leads to custody of the same mean length, "
    "and people in custody neither use nor die."
)
NOT_ZERO: Final = (
    "What is left out is not zero: a mix that does well here may do harm that no outcome of this "
    "model can show."
)
LINES: Final = (NOBODY_REAL, *LEFT_OUT, SIMPLIFIED, NOT_ZERO)
"""All of it, a sentence or an entry of the list a line."""
