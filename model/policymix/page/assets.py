"""The page's files as the server gives them: read once, compressed once, named by their content."""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from policymix.page.file import STYLES, WEB, modules

_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}
_LEAST_COMPRESSED: Final = 1_000


@dataclass(frozen=True)
class Asset:
    """A file: its bytes, the same compressed, and what it is."""

    body: bytes
    compressed: bytes
    media_type: str
    etag: str


def asset(body: bytes, suffix: str) -> Asset:
    """What is served of these bytes."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    return Asset(body, compressed(body), _TYPES[suffix], etag)


def compressed(body: bytes, level: int = 9) -> bytes:
    """The same, smaller; nothing if it is small already."""
    return gzip.compress(body, level, mtime=0) if len(body) >= _LEAST_COMPRESSED else b""


def assets() -> dict[str, Asset]:
    """All files that the page fetches, by their address under `assets/`."""
    names: Iterable[str] = sorted({*modules().values(), *STYLES})
    return {name: asset((WEB / name).read_bytes(), PurePosixPath(name).suffix) for name in names}
