"""A page on which nothing has begun, and how one of its modules is run by itself."""

from typing import TYPE_CHECKING, Any

from policymix.page.facts import facts
from policymix.page.file import one_file
from policymix.scenario import Setup

if TYPE_CHECKING:
    from playwright.sync_api import Page

SETUP = Setup(people=20_000)
TOLD = facts("export", SETUP)


def idle_page() -> str:
    """HTML with all modules."""
    return one_file(TOLD, {}).replace("start();", "")


def run(page: "Page", module: str, body: str, given: Any = None) -> Any:
    """What `body` returns; `m` is the module, `facts` the page's, `given` an argument."""
    script = f"""async (given) => {{
        const m = await import("policymix/{module}");
        const facts = JSON.parse(document.getElementById("facts").textContent);
        {body}
    }}"""
    return page.evaluate(script, given)
