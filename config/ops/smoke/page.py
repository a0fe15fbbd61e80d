"""Page load: the document, and what a browser needs before it can show it."""

import queue
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin

from config.ops.smoke.results import Figure, NotMeasuredError
from config.ops.smoke.web import Answer, Connection

#: What browsers open to one host over HTTP/1.1.
CONNECTIONS: Final = 6
_OK: Final = 200
# The document is read here, the other files are only counted.
_DOCUMENT: Final = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip"}
_FILE: Final = {"Accept": "*/*", "Accept-Encoding": "gzip, br"}
# A file below this size gains nothing from compression.
_WORTH_COMPRESSING: Final = 1_400
_TEXT: Final = ("text/", "application/javascript", "application/json", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    answer: Answer


class _Critical(HTMLParser):
    """Collects scripts, style sheets and preloads of a document."""

    RELATIONS: Final = frozenset({"stylesheet", "modulepreload", "preload"})

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.has_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what blocks the page, in the order of the document."""
        values = dict(attrs)
        relations = set((values.get("rel") or "").split())
        if tag == "script" and (source := values.get("src")):
            self.has_script = True
            self.urls.append(source)
        elif tag == "link" and relations & self.RELATIONS and (href := values.get("href")):
            self.urls.append(href)


def page_load(origin: str, timeout_s: float) -> Figure:
    """Seconds from opening the first connection to the last byte of what is critical.

    Nothing is cached, as at a first visit. Files of other origins do not count: the page's own
    Content-Security-Policy forbids them. Raises NotMeasuredError.
    """
    began = time.perf_counter()
    document = Connection(origin, timeout_s)
    page = _get(document, "/", _DOCUMENT)
    critical = _Critical()
    critical.feed(page.answer.content().decode(errors="replace"))
    if not critical.has_script:
        raise NotMeasuredError(
            "The page at / holds no web client.",
            "Build it (make client) or publish it (deploy/bin/publish-spa).",
        )
    files = [page, *_fetch(document, _own_paths(origin, critical.urls), timeout_s)]
    return Figure(time.perf_counter() - began, _detail(files))


def _own_paths(origin: str, urls: list[str]) -> list[str]:
    whole = (urljoin(f"{origin}/", url) for url in urls)
    paths = [url.removeprefix(origin) for url in whole if url.startswith(f"{origin}/")]
    return list(dict.fromkeys(paths))


def _fetch(first: Connection, paths: list[str], timeout_s: float) -> list[_File]:
    """All files over CONNECTIONS connections, of which the document's is one."""
    idle: queue.SimpleQueue[Connection] = queue.SimpleQueue()
    connections = [first]
    connections += [Connection(first.origin.geturl(), timeout_s) for _ in range(CONNECTIONS - 1)]
    for connection in connections:
        idle.put(connection)

    def fetch(path: str) -> _File:
        connection = idle.get()
        try:
            return _get(connection, path, _FILE)
        finally:
            idle.put(connection)

    try:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            return list(pool.map(fetch, paths))
    finally:
        for connection in connections:
            connection.close()


def _get(connection: Connection, path: str, headers: dict[str, str]) -> _File:
    answer = connection.request("GET", path, headers=headers)
    if answer.status != _OK:
        where = answer.headers.get("Location")
        raise NotMeasuredError(
            f"GET {path} answered {answer.status}{f' to {where}' if where else ''}.",
            "Give the address that it leads to."
            if where
            else "Publish the client again: the page names a file that is not there.",
        )
    return _File(path, answer)


def _detail(files: list[_File]) -> dict[str, object]:
    found: dict[str, object] = {
        "files": len(files),
        "kB": round(sum(len(file.answer.body) for file in files) / 1000),
    }
    plain = [file.path for file in files if _is_uncompressed(file.answer)]
    return found | ({"not_compressed": plain} if plain else {})


def _is_uncompressed(answer: Answer) -> bool:
    kind = answer.headers.get("Content-Type", "")
    is_text = kind.startswith(_TEXT)
    is_plain = "Content-Encoding" not in answer.headers
    return is_text and is_plain and len(answer.body) > _WORTH_COMPRESSING
