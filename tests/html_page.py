"""A report read back: its elements, and the text of each section."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser


class Page(HTMLParser):
    """What stands in a page: elements with their attributes, and the text of each section."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.sections: dict[str, str] = {}
        self.text = ""
        self._section = ""
        self._hidden = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._hidden = tag == "style"
        if tag == "section":
            self._section = dict(attrs)["id"] or ""

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False
        if tag == "section":
            self._section = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data
            self.sections[self._section] = self.sections.get(self._section, "") + data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def words(text: str) -> str:
    """The text with every run of white space as one space."""
    return re.sub(r"\s+", " ", text)


def missing_of(lines: Iterable[str], text: str) -> list[str]:
    """Those of the lines that do not stand in the text, however it is broken into lines."""
    return [line for line in lines if line not in words(text)]
