"""The study in results/showcase: what the program makes today, with its report."""

import json
import re
from pathlib import Path

import pytest
from folders import drawn_as_in, files_in, study_files
from policymix.label import LABEL
from policymix.studies.compare import run_study
from policymix.studies.question import ask
from policymix.studies.study import Study

ROOT = Path(__file__).resolve().parent.parent
SHOWCASE = ROOT / "results" / "showcase"
NAMES = ("baseline", "supply_first", "demand_first", "combined")
MADE_BY = (
    "policymix compare baseline supply_first demand_first combined --replicates 6 "
    "--people 100000 --months 120 --out results/showcase --overwrite"
)
"""After a change of numbers or of the report: this command, and a look at the pictures."""


@pytest.fixture(scope="module")
def anew(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("showcase") / "anew"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Study, "drawn", drawn_as_in(SHOWCASE))  # pictures are looked at, not held
        run_study(ask(NAMES, replicates=6, people=100_000, months=120), out, workers=1)
    return files_in(out)


def without_versions(report: bytes) -> str:
    """The report without its pictures, and without what names this very code and machine."""
    text = re.sub(r'src="data:[^"]+"', 'src=""', report.decode())
    return re.sub(r'(?s)<section id="repeat".*?</section>', "", text)


def test_the_showcase_is_a_whole_study() -> None:
    left_out = {"runs.csv", "monthly.csv"}  # megabytes, which the command makes again
    assert set(files_in(SHOWCASE)) - left_out == set(study_files(*NAMES)) - left_out
    assert (SHOWCASE / "report.html").stat().st_size < 3_000_000
    told = json.loads((SHOWCASE / "provenance.json").read_text(encoding="utf-8"))
    assert told["label"] == LABEL


@pytest.mark.parametrize("name", ["summary.csv", "ends.csv", "fared.csv"])
def test_its_numbers_are_todays(anew: dict[str, bytes], name: str) -> None:
    assert (SHOWCASE / name).read_bytes() == anew[name], MADE_BY


def test_its_scenarios_are_todays(anew: dict[str, bytes]) -> None:
    for name in NAMES:
        file = f"scenarios/{name}.toml"
        assert (SHOWCASE / file).read_bytes() == anew[file], MADE_BY


def test_its_report_says_what_todays_says(anew: dict[str, bytes]) -> None:
    before = without_versions((SHOWCASE / "report.html").read_bytes())
    assert 'src=""' in before
    assert before == without_versions(anew["report.html"]), MADE_BY


def test_the_readme_shows_its_picture() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (picture,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
    assert Path(picture).is_relative_to("results/showcase")
