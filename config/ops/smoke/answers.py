"""How long the API takes, as two signed-in people see it."""

import statistics
from typing import Final

from config.ops.smoke.accounts import Person
from config.ops.smoke.results import Figure, percentile

ROUNDS: Final = 5
#: What the first screens read; the home feed is the one that matters most.
PATHS: Final = ("feed/home", "me/badges", "users/{id}", "users/{id}/posts", "conversations")


def api_time(person: Person) -> Figure:
    """Milliseconds of ROUNDS times PATHS on a connection that is open, asked one after another.

    Raises NotMeasuredError for any answer but 200.
    """
    paths = [path.format(id=person.id) for path in PATHS]
    # The first of each may fill caches and compile its query: people come later.
    for path in paths:
        person.get(path)
    times = [person.get(path).seconds * 1000 for _ in range(ROUNDS) for path in paths]
    return Figure(
        percentile(times, 95),
        {"median_ms": round(statistics.median(times), 1), "requests": len(times)},
    )
