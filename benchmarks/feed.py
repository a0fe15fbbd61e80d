"""The home-feed query, by the selector that the view calls, against the statement one writes first."""

import itertools
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet
from psycopg.rows import args_row

from accounts.constants import FOLLOWS_MANY
from accounts.models import Follow, User
from benchmarks.database import use_database
from benchmarks.feed_data import FULL, VERSION, Scale, Viewers, fill, of_scale
from benchmarks.harness import Result, machine, p50, p95, progress, timed_ms, today
from core.sql import CompiledQuery
from core.viewer import Viewer
from posts.models import Post
from posts.selectors import home_feed
from posts.selectors.rows import SMALL_PAGE, VIEWER, columns, time_order
from posts.shapes import PostRow

SAMPLES, WARM_UP = 300, 60
# The plain statement takes seconds for some viewers: fewer samples, and no more than this long.
PEER_SAMPLES, PEER_S = 60, 15.0
REQUIRED_MS: Final = {"50": 5.0, "500": 5.0, "5000": 5.0, "dormant": 5.0, "tags": 5.0}
PEER: Final = "author IN (the followed) ORDER BY"


def run() -> Iterator[Result]:
    """p50 and p95 of the first page, warm, for viewers of each kind."""
    use_feed(FULL)
    for viewers in of_scale(FULL):
        yield from _measure(viewers)


def use_feed(scale: Scale) -> None:
    """Work on the network of that size; it is made at the first time."""
    use_database(f"jyoti_bench_{scale.name}", version=VERSION, fill=partial(fill, scale))


def _measure(viewers: Viewers) -> Iterator[Result]:
    progress(f"{viewers.name}: {SAMPLES} pages, each way")
    peer = list(_peer_samples(viewers))
    ours = list(_samples(viewers, _page, WARM_UP + SAMPLES))[WARM_UP:]
    peer += _peer_samples(viewers)
    for name, figure in (("p50", p50), ("p95", p95)):
        value = figure(ours)
        yield Result(
            name=f"feed.query.{viewers.name}.{name}",
            value=round(value, 2),
            unit="ms",
            samples=len(ours),
            rows=FULL.rows,
            required=REQUIRED_MS.get(viewers.name) if name == "p50" else None,
            peer=f"{PEER}: {figure(peer):.1f} ms",
            ratio=round(figure(peer) / value, 1),
            load=f"{machine()}, {_server()}",
            date=today(),
        )


def _peer_samples(viewers: Viewers) -> Iterator[float]:
    """Half of the peer's, before ours or after them; it may plan each time, which suits it."""
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = auto")
        yield from _samples(viewers, _plain_page, PEER_SAMPLES // 2, seconds=PEER_S / 2)
        cursor.execute("RESET plan_cache_mode")


def _samples(
    viewers: Viewers, read: Callable[[int], object], count: int, *, seconds: float = 600
) -> Iterator[float]:
    """Milliseconds of so many reads, the viewers in turn, as long as the time lasts."""
    until = time.monotonic() + seconds
    for viewer_id in itertools.islice(itertools.cycle(viewers.ids), count):
        yield timed_ms(partial(read, viewer_id))
        if time.monotonic() > until:
            return


def _page(viewer_id: int) -> list[PostRow]:
    viewer = Viewer(id=viewer_id, follows_many=_follows_many(viewer_id))
    return home_feed(viewer=viewer, position=None, is_backward=False, limit=SMALL_PAGE)


def p50_of(scale: Scale, name: str) -> float:
    """The median of the first page in milliseconds, for the viewers of this name."""
    viewers = next(group for group in of_scale(scale) if group.name == name)
    progress(f"{scale.name}: {viewers.name}")
    return p50(list(_samples(viewers, _page, WARM_UP + SAMPLES))[WARM_UP:])


def _follows_many(viewer_id: int) -> bool:
    """What the access token of this person says."""
    return _is_among_many(str(connection.settings_dict["NAME"]), viewer_id)


@cache
def _is_among_many(database: str, viewer_id: int) -> bool:
    return User.objects.get(pk=viewer_id).following_count > FOLLOWS_MANY


def _plain() -> "QuerySet[Post, tuple[object, ...]]":
    followed = Follow.objects.active().filter(follower=VIEWER).values("followee")
    posts = Post.objects.visible_to_id(VIEWER).filter(Q(author=VIEWER) | Q(author__in=followed))
    return columns(posts).order_by(*time_order(is_backward=False))[:SMALL_PAGE]


_plain_query = CompiledQuery(_plain, row=args_row(PostRow))


def _plain_page(viewer_id: int) -> object:
    return _plain_query(viewer=viewer_id)


def _server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    return f"PostgreSQL {version.split()[0]}, fsync {fsync}"
