"""Stories of made-up lives, told by the page's own modules in a real browser."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from policymix.hazards import State
from policymix.page.recording import AGED_OUT, DIED

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow  # a browser takes its time

S = State
Change = tuple[int, int, int]
MONTHS = 24


def told(changes: Sequence[Change]) -> dict[str, Any]:
    """Three people: one of 40 in active addiction, one of 79 and one of 20, who do not use."""

    def packed(values: Sequence[Any], kind: str) -> str:
        return base64.b64encode(np.array(values, dtype=kind).tobytes()).decode()

    return {
        "people": 3,
        "months": MONTHS,
        "start": packed([S.ACTIVE, S.NOT_USING, S.NOT_USING], "u1"),
        "born": packed([-28 * 12, -67 * 12 - 4, -8 * 12], "<i2"),
        "changes": packed(changes, "<u2"),
    }


DEATH = told(
    [
        (3, 0, S.NOT_USING + 16 * DIED),
        (8, 1, S.NOT_USING + 16 * AGED_OUT),
        (9, 0, S.CASUAL),
        (15, 0, S.ACTIVE),
        (16, 0, S.TREATMENT),
        (17, 0, S.ACTIVE_LEFT_TREATMENT),
        (18, 0, S.ACTIVE),
        (19, 0, S.NOT_USING + 16 * DIED),
    ]
)
TREATED = told(
    [
        (3, 0, S.TREATMENT),
        (8, 1, S.NOT_USING + 16 * AGED_OUT),
        (9, 0, S.RECOVERY),
    ]
)
QUIET = told([])


def run(idle: "Page", body: str, *given: Any) -> Any:
    script = f"""async (given) => {{
        const recording = await import("policymix/recording");
        const stories = await import("policymix/stories");
        const [one, other] = given.slice(0, 2).map(recording.openRecording);
        {body}
    }}"""
    return idle.evaluate(script, list(given))


def story(idle: "Page", recording: dict[str, Any], slot: int) -> list[tuple[int, int, str]]:
    body = "return stories.storyOf(one, given[2]).map(({month, age, text}) => [month, age, text]);"
    return [(month, age, text) for month, age, text in run(idle, body, recording, recording, slot)]


def test_a_life_a_death_and_the_newcomers_life_are_told_with_their_ages(idle: "Page") -> None:
    newcomer = "a newcomer of 12 takes this place from here"
    assert story(idle, DEATH, 0) == [
        (0, 40, "in active addiction"),
        (3, 40, f"died of an overdose; {newcomer}"),
        (9, 12, "began to use"),
        (15, 13, "use became an addiction"),
        (16, 13, "entered treatment"),
        (17, 13, "dropped out of treatment"),
        (19, 13, f"died of an overdose; {newcomer}"),
        (24, 12, "the run ends, not using"),
    ]


def test_the_exit_age_is_no_death(idle: "Page") -> None:
    assert story(idle, DEATH, 1) == [
        (0, 79, "not using"),
        (8, 80, "reached the exit age; a newcomer of 12 takes this place from here"),
        (24, 13, "the run ends, not using"),
    ]
    assert run(idle, "return [0, 1, 2].map((slot) => recording.hasDeath(one, slot));", DEATH) == [
        *(True, False, False)
    ]


def test_a_newcomer_may_begin_within_the_month(idle: "Page") -> None:
    text = story(idle, told([(5, 0, S.CASUAL + 16 * DIED)]), 0)[1][2]
    assert text.endswith("takes this place from here, and is using casually within the month")


def test_someone_else_in_the_same_state_is_another_life(idle: "Page") -> None:
    body = "return given[2].map((month) => Array.from(recording.differingAt(one, other, month)));"
    assert run(idle, body, DEATH, TREATED, [2, 3, 12]) == [[0, 0, 0], [1, 0, 0], [1, 0, 0]]
    # not using in both, but of one the person of month 0 reached the exit age, of the other not
    assert run(idle, body, DEATH, QUIET, [7, 8]) == [[1, 0, 0], [1, 1, 0]]


def test_lives_part_where_what_happens_differs(idle: "Page") -> None:
    body = "return [0, 1, 2].map((slot) => recording.forkOf(one, other, slot));"
    assert run(idle, body, DEATH, TREATED) == [3, None, None]
    assert run(idle, body, DEATH, QUIET) == [3, 8, None]
    later = told([(3, 0, S.TREATMENT), (11, 0, S.RECOVERY)])
    assert run(idle, body, TREATED, later) == [9, 8, None]


def test_any_month_can_be_asked_for_after_any_other(idle: "Page") -> None:
    body = "return given[2].map((month) => [month, ...one.at(month).state, one.at(month).born[0]]);"
    months = [20, 2, 9, 0, 16]
    assert run(idle, body, DEATH, DEATH, months) == [
        [20, S.NOT_USING, 0, 0, 19],
        [2, S.ACTIVE, 0, 0, -336],
        [9, S.CASUAL, 0, 0, 3],
        [0, S.ACTIVE, 0, 0, -336],
        [16, S.TREATMENT, 0, 0, 3],
    ]


def test_where_lives_part_is_said_before_what_parts_them(idle: "Page") -> None:
    body = """
        const {personPanel} = await import("policymix/watch_person");
        const sides = {both: [["pinned", one], ["mine", other]].map(([name, recording]) => (
            {name, title: name, key: name, recording}))};
        const panel = personPanel(sides, () => {}, () => {});
        panel.show({slot: 0, month: 9, isPlaying: false});
        return [...panel.element.querySelectorAll("ol")].map((list) =>
            [...list.children].map((item) => [item.className, item.textContent.slice(0, 15)]));
    """
    died, treated = run(idle, body, DEATH, TREATED)
    assert treated == [
        ["", "Start, aged 40:"],
        ["fork", "From here on th"],
        ["", "Year 1, month 3"],
        ["", "Year 1, month 9"],
        ["end later", "Year 2, month 1"],
    ]
    assert [kind for kind, _ in died[:5]] == ["", "fork", "died", "", "later"]


def test_the_groups_are_in_the_order_of_the_models_states(idle: "Page") -> None:
    body = "return recording.GROUP_OF_STATE.map((group) => recording.GROUPS[group].name);"
    names = ["not-using", "casual", "active", "treatment", "recovery", "held", "held-addicted"]
    assert run(idle, body, QUIET) == [*names, "active", "active"]
    states = [state.name for state in State]
    assert states[:5] == ["NOT_USING", "CASUAL", "ACTIVE", "TREATMENT", "RECOVERY"]
    assert states[5:7] == ["CUSTODY_CASUAL", "CUSTODY_ADDICTED"]
    assert all(name.startswith("ACTIVE_") for name in states[7:])
