"""What numbers rest on beside the question: the same for a study and for those who work for it."""

import pytest
from policymix import beneath as room
from policymix.beneath import COUNTING, PACKAGES, fingerprint_of, what_counts


@pytest.mark.parametrize("packages", [COUNTING, PACKAGES])
@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("code_sha256", lambda: "other code"),
        ("sha256_of", lambda path: "another ledger"),
        ("VERSION", "9.9"),
        ("package_versions", lambda: dict.fromkeys(PACKAGES, "9.9")),
    ],
)
def test_whatever_may_change_numbers_changes_the_fingerprint(
    monkeypatch: pytest.MonkeyPatch, packages: tuple[str, ...], what: str, other: object
) -> None:
    before = fingerprint_of(what_counts(packages))
    assert before == fingerprint_of(what_counts(packages))
    monkeypatch.setattr(room, what, other)
    assert fingerprint_of(what_counts(packages)) != before


def test_those_who_only_count_may_draw_with_other_packages() -> None:
    assert set(COUNTING) < set(PACKAGES)
    assert "pandas" in what_counts()["beneath"]
    assert "pandas" not in what_counts(COUNTING)["beneath"]
