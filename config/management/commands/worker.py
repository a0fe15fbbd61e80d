"""`manage.py worker`: runs background jobs, each queue with its own number of hands."""

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app, connector_params

from core.database import AsyncRotatingConnection

# `live` waits for nobody; pictures are bounded by the decoder's own two places. One of the hands of
# `media` may make a film for minutes: the other one moves what became private meanwhile.
CONCURRENCY = {"live": 4, "mail": 2, "media": 2, "bulk": 1}
POLL_S = 5.0
DRAIN_S = 20.0


class Command(BaseCommand):
    """Until SIGTERM or SIGINT; then jobs that run may end within 20 s."""

    help = "Run background jobs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve all queues in one event loop; handlers run in threads."""
        connector = PsycopgConnector(
            kwargs=connector_params(), connection_class=AsyncRotatingConnection
        )
        # Periodic jobs are deferred by the app itself, so it is not enough to work with a copy of it.
        with app.replace_connector(connector) as jobs:
            asyncio.run(_serve(jobs))


async def _serve(jobs: App) -> None:
    async with jobs.open_async():
        workers = [
            asyncio.create_task(_work(jobs, queue, hands)) for queue, hands in CONCURRENCY.items()
        ]
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _stop, workers)
        await asyncio.gather(*workers, return_exceptions=False)


def _stop(workers: list[asyncio.Task[None]]) -> None:
    for worker in workers:
        worker.cancel()


async def _work(jobs: App, queue: str, hands: int) -> None:
    try:
        await jobs.run_worker_async(
            queues=[queue],
            name=queue,
            concurrency=hands,
            fetch_job_polling_interval=POLL_S,
            shutdown_graceful_timeout=DRAIN_S,
            install_signal_handlers=False,
        )
    except asyncio.CancelledError:
        return
