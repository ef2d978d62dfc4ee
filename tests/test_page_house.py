"""The page's files, held to the house: short, whole, and closed to what comes from outside."""

import re
from pathlib import Path

import pytest
from policymix.page.file import STYLES, WEB, modules

LONGEST_FILE = 299
OWN = sorted(WEB.glob("*.js"))
FORBIDDEN = (
    "innerHTML",
    "outerHTML =",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
    "Function(",
    # Not in browsers of two years ago.
    ".toSorted(",
    ".toReversed(",
    ".toSpliced(",
    ".findLast(",
    "color-mix(",
)
each_module = pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)


def broken_rules(text: str) -> list[str]:
    """What a module does that it may not."""
    names = re.findall(r"""^import\s[^;]*?\bfrom\s+["']([^"']+)["']""", text, re.MULTILINE)
    names += re.findall(r"""\bimport\(["']([^"']+)["']""", text)
    found = [f"imports {name}" for name in names if name not in modules()]
    found += [f"uses {word}" for word in FORBIDDEN if word in text]
    found += ["is too long"] if len(text.splitlines()) > LONGEST_FILE else []
    found += [] if text.startswith("// ") else ["does not say what it is for"]
    addresses = re.findall(r"https?://\S+", text.replace("http://www.w3.org/2000/svg", ""))
    return found + [f"names {address}" for address in addresses]


@each_module
def test_a_module_keeps_the_rules(path: Path) -> None:
    assert broken_rules(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ('// a\nimport {h} from "./dom.js";', "imports ./dom.js"),
        ('// a\nawait import("policymix/nothing");', "imports policymix/nothing"),
        ("// a\nelement.innerHTML = text;", "uses innerHTML"),
        ("// a\n[1].toSorted();", "uses .toSorted("),
        ("// a\n" * 300, "is too long"),
        ("const a = 1;", "does not say what it is for"),
        ('// a\nfetch("https://example.org/x")', 'names https://example.org/x")'),
    ],
)
def test_every_rule_sees_what_breaks_it(text: str, broken: str) -> None:
    assert broken_rules(text) == [broken]


def test_everything_that_is_exported_is_used() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in OWN}
    tests = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py"))
    template = (WEB / "page.html.jinja").read_text(encoding="utf-8") + "".join(tests)
    for stem, text in texts.items():
        others = "\n".join([template, *(t for name, t in texts.items() if name != stem)])
        for name in re.findall(r"^export (?:async )?(?:function|const) (\w+)", text, re.MULTILINE):
            assert re.search(rf"\b{name}\b", others), f"{stem}.js exports {name}, which nobody uses"


def test_everything_that_is_imported_is_used() -> None:
    for path in OWN:
        text = path.read_text(encoding="utf-8")
        for names in re.findall(r"^import \{([^}]+)\} from", text, re.MULTILINE):
            for name in (one.strip() for one in names.split(",")):
                uses = len(re.findall(rf"\b{name}\b", text))
                assert uses > 1, f"{path.name} imports {name} and does not use it"


def test_styles_fetch_nothing() -> None:
    for name in STYLES:
        text = (WEB / name).read_text(encoding="utf-8")
        assert not re.search(r"url\(|@import", text), name


def test_what_is_not_ours_comes_with_its_licence() -> None:
    assert "MIT" in (WEB / "vendor" / "uPlot.LICENSE").read_text(encoding="utf-8")
