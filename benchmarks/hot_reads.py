"""Home feed, profile grid and comments: our server, Express beside it, and the database alone.

The server that is measured has one core; PostgreSQL, Redis and the client share the other one. All
ways take turns in each round, and a figure is the middle one of the rounds' own ratios.
"""

import itertools
import random
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Final

from django.db import connection

from accounts.constants import ClientKind
from accounts.models import User
from accounts.services import Device, session_start
from benchmarks.express import all_else_on, express, two_cores
from benchmarks.feed import p50_of, use_feed
from benchmarks.feed_data import FULL, TENTH
from benchmarks.harness import Result, machine, p50, progress, today
from benchmarks.load import Seen, drive, percentile, request
from benchmarks.servers import gunicorn
from comments import selectors as comment_queries
from comments.constants import CommentSort
from core.embedded.binaries import postgres_candidates
from posts.models import Post
from posts.selectors import feed, grid
from posts.selectors.feed import WINDOW
from posts.selectors.rows import SMALL_PAGE, TOP

# Ordinary people: a median of 31 followees, and as many as people have.
READERS: Final = range(101, 301)
ROUNDS, WARM_S, BLOCK_S, PEOPLE = 5, 1.0, 3.0, 16
THINKERS, THINK_S, THINKING_S = 100, (0.2, 0.6), 20.0
CLASSES: Final = ("50", "500", "5000")
REQUIRED: Final = {
    "feed.home.vs_express_prepared": 1.2,
    "feed.home.vs_express": 1.8,
    "feed.home.vs_sql": 0.55,
    "grid.vs_express_prepared": 1.0,
    "comments.vs_express_prepared": 1.0,
}
THINK_P99_MS, GROWTH = 50.0, 2.5

Ask = Callable[[], bytes]


def run() -> Iterator[Result]:
    """Ratios to the peers, latency of people who think, and what ten times the rows cost."""
    yield _growth()
    use_feed(FULL)
    app_cores, other_cores = two_cores()
    asks, sql = _asks(), _statements()
    with ExitStack() as stack:
        stack.enter_context(all_else_on(other_cores))
        ports = {
            "ours": stack.enter_context(gunicorn(cores=app_cores)),
            "express_prepared": stack.enter_context(
                express(sql, is_prepared=True, cores=app_cores)
            ),
            "express": stack.enter_context(express(sql, is_prepared=False, cores=app_cores)),
        }
        progress("warming up")
        for port in ports.values():
            for ask in asks.values():
                drive(port, ask, people=PEOPLE, seconds=WARM_S * 2)
        load = machine()
        rounds = [_round(number, ports, asks, sql) for number in range(ROUNDS)]
        yield from _ratios(rounds, load)
        yield from _thinking(ports["ours"], asks["feed.home"])


def _round(
    number: int, ports: dict[str, int], asks: dict[str, Ask], sql: dict[str, Any]
) -> dict[tuple[str, str], float]:
    """Requests in a second for each read by each way, in another order each time."""
    ways = [("feed.home", way) for way in ("ours", "express_prepared", "express", "sql")]
    ways += [(read, way) for read in ("grid", "comments") for way in ("ours", "express_prepared")]
    turned = ways[number % len(ways) :] + ways[: number % len(ways)]
    found = {}
    for read, way in turned:
        if way == "sql":
            found[read, way] = _limit(sql["feed"]["named"])
        else:
            drive(ports[way], asks[read], people=PEOPLE, seconds=WARM_S)
            found[read, way] = _sound(drive(ports[way], asks[read], people=PEOPLE, seconds=BLOCK_S))
        progress(f"round {number + 1} of {ROUNDS}: {read} {way} {found[read, way]:.0f}/s")
    return found


def _sound(seen: Seen) -> float:
    if seen.wrong:
        raise RuntimeError(f"{seen.wrong} answers were not 200")
    return seen.per_second


def _ratios(rounds: list[dict[tuple[str, str], float]], load: str) -> Iterator[Result]:
    for name, required in REQUIRED.items():
        read, way = name.rsplit(".vs_", 1)
        ratios = [one[read, "ours"] / one[read, way] for one in rounds]
        ours, theirs = (p50([one[read, w] for one in rounds]) for w in ("ours", way))
        yield Result(
            name=name,
            value=round(p50(ratios), 2),
            unit="times",
            samples=ROUNDS,
            rows=FULL.rows,
            required=required,
            is_least=True,
            peer=f"{theirs:.0f}/s against {ours:.0f}/s, rounds {min(ratios):.2f} to {max(ratios):.2f}",
            load=load,
            date=today(),
        )


def _thinking(port: int, ask: Ask) -> Iterator[Result]:
    """A hundred people who look at what they get for 0.2 to 0.6 s: about 240 requests a second."""
    dice, load = random.Random(3), machine()
    seen = drive(
        port, ask, people=THINKERS, seconds=THINKING_S, think=lambda: dice.uniform(*THINK_S)
    )
    for name, share, required in (("p50", 0.5, None), ("p99", 0.99, THINK_P99_MS)):
        yield Result(
            name=f"feed.home.thinking.{name}",
            value=round(percentile(seen.times, share), 1),
            unit="ms",
            samples=len(seen.times),
            rows=FULL.rows,
            required=required,
            peer=f"{seen.per_second:.0f} requests a second, {seen.wrong} wrong",
            load=load,
            date=today(),
        )


def _growth() -> Result:
    """By how much the feed's statement costs more where all tables are ten times as large."""
    small = {name: _class_p50(TENTH, name) for name in CLASSES}
    large = {name: _class_p50(FULL, name) for name in CLASSES}
    ratios = {name: large[name] / small[name] for name in CLASSES}
    worst = max(ratios, key=lambda name: ratios[name])
    return Result(
        name="feed.home.growth",
        value=round(ratios[worst], 2),
        unit="times",
        samples=len(CLASSES),
        rows=f"{TENTH.rows}; {FULL.rows}",
        required=GROWTH,
        peer=f"{worst} followees: {small[worst]:.2f} ms, then {large[worst]:.2f} ms",
        load=machine(),
        date=today(),
    )


def _class_p50(scale: Any, name: str) -> float:
    use_feed(scale)
    return p50_of(scale, name)


def _asks() -> dict[str, Ask]:
    """The next request of each read, people and things in turn."""
    dice = random.Random(11)
    tokens = [_token(person) for person in User.objects.filter(pk__in=READERS)]
    authors = list(
        User.objects.filter(is_private=False, state="active", pk__gt=1_000).order_by("pk")
        .values_list("pk", flat=True)[:500]
    )  # fmt: skip
    posts = list(
        Post.objects.filter(audience=0, comments_count__gte=40, author__is_private=False)
        .filter(author__state="active").order_by("-pk").values_list("pk", flat=True)[:200]
    )  # fmt: skip
    paths = {
        "feed.home": ["/api/v1/feed/home"],
        "grid": [f"/api/v1/users/{author}/posts" for author in authors],
        "comments": [f"/api/v1/posts/{post}/comments" for post in posts],
    }
    return {
        name: itertools.cycle(
            [request(dice.choice(some), dice.choice(tokens)) for _ in range(4_000)]
        ).__next__
        for name, some in paths.items()
    }


def _token(person: User) -> str:
    device = Device(ClientKind.NATIVE, "benchmark", "192.0.2.1")
    return session_start(user=person, device=device).access


def _statements() -> dict[str, Any]:
    """The statements of our selectors, with numbered parameters for the peers."""
    queries = {
        "feed": feed._author_query(SMALL_PAGE, False),  # noqa: FBT003, SLF001
        "feed_window": feed._window_query(SMALL_PAGE, WINDOW, False),  # noqa: FBT003, SLF001
        "grid": grid._beginning(SMALL_PAGE),  # noqa: SLF001
        "comments": comment_queries._roots_query(CommentSort.NEWEST, False, SMALL_PAGE),  # noqa: FBT003, SLF001
    }
    epoch = (
        "SELECT u.token_epoch FROM accounts_session s JOIN accounts_user u ON u.id = s.user_id "
        "WHERE s.id = %(session)s::bigint AND u.id = %(user)s::bigint AND s.revoked_at IS NULL "
        "AND s.expires_at > now() AND u.state IN ('active', 'limited', 'deleting')"
    )
    return {name: _numbered(query.compiled[0]) for name, query in queries.items()} | {
        "epoch": _numbered(epoch)
    }


def _numbered(text: str) -> dict[str, Any]:
    slots = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
    numbered = re.sub(r"%\((\w+)\)s", lambda m: f"${slots.index(m[1]) + 1}", text)
    return {"text": numbered.replace("%%", "%"), "slots": slots, "named": text}


def _limit(text: str) -> float:
    """What the database gives by itself: pgbench with the statement prepared, four connections."""
    script = f"\\set viewer random({READERS[0]}, {READERS[-1]})\n"
    script += re.sub(r"%\((\w+)\)s", r":\1", text).replace("%%", "%").replace("\n", " ") + ";\n"
    database = connection.settings_dict
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        answer = subprocess.run(  # noqa: S603
            [_pgbench(), "--no-vacuum", "--protocol=prepared", "--client=4", f"--time={BLOCK_S:.0f}",
             f"--define=at={TOP.published_at.isoformat()}", f"--define=id={TOP.post_id}",
             f"--file={file.name}", "-h", database["HOST"], "-p", database["PORT"],
             "-U", database["USER"], database["NAME"]],
            env={"PGOPTIONS": "-c plan_cache_mode=force_generic_plan",
                 "PGPASSWORD": database["PASSWORD"] or ""},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", answer.stdout)
    if found is None:
        raise RuntimeError(answer.stdout + answer.stderr)
    return float(found[1])


def _pgbench() -> str:
    for folder in postgres_candidates():
        if (folder / "pgbench").exists():
            return str(folder / "pgbench")
    raise RuntimeError("pgbench is missing: apt-get install postgresql-contrib")
