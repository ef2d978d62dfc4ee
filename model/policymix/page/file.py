"""The page as HTML: with links to its files for the server, or whole in one file."""

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

WEB: Final = Path(__file__).parent / "web"
VENDORED: Final = {"uplot": "vendor/uPlot.esm.js"}
STYLES: Final = ("vendor/uPlot.min.css", "page.css", "watch.css")


def modules() -> dict[str, str]:
    """The page's JavaScript: name in an import -> file relative to `WEB`."""
    own = {f"policymix/{path.stem}": path.name for path in sorted(WEB.glob("*.js"))}
    return {**own, **VENDORED}


def one_file(facts: dict[str, Any], book: dict[str, Any]) -> str:
    """The page with everything inside: no request leaves it, and it opens from a folder."""
    imports = {name: _data_url(WEB / file) for name, file in modules().items()}
    styles = [Markup((WEB / name).read_text(encoding="utf-8")) for name in STYLES]
    return _page(facts, imports=imports, styles=styles, links=(), book=book, nonce="")


def linked_page(facts: dict[str, Any], nonce: str) -> str:
    """The page as the server gives it: its files are fetched from `assets/`."""
    imports = {name: f"./assets/{file}" for name, file in modules().items()}
    links = [f"./assets/{name}" for name in STYLES]
    return _page(facts, imports=imports, styles=(), links=links, book=None, nonce=nonce)


def _page(facts: dict[str, Any], *, imports: dict[str, str], **rest: Any) -> str:
    book = rest.pop("book")
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            label=facts["label"],
            short_label=facts["short_label"],
            facts=_json(facts),
            book=_json(book) if book is not None else None,
            import_map=_json({"imports": imports}),
            **rest,
        )
    )


def _json(content: Any) -> Markup:
    """JSON that may stand inside a script element: nothing in it can end that element."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    escaped = {ord("<"): "\\u003c", 0x2028: "\\u2028", 0x2029: "\\u2029"}
    return Markup(text.translate(escaped))


def _data_url(path: Path) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(path.read_bytes()).decode()}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(WEB),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
