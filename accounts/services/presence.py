"""Who may no longer see who is online: told to the sockets that watch."""

from core.realtime import envelope, push_to_topic, stop_watching


def presence_stop(*, watcher_id: int, watched_id: int) -> None:
    """After commit the one's sockets hear no more of the other; looking again asks the rules."""
    stop_watching(f"presence:{watched_id}", user_id=watcher_id)


def presence_hide(*, user_id: int) -> None:
    """After commit everybody who watches sees them go, and they watch nobody any more."""
    topic = f"presence:{user_id}"
    gone = {"user_id": str(user_id), "state": "offline", "last_seen_at": None}
    push_to_topic(topic, envelope("presence.update", gone))
    stop_watching(topic)
    stop_watching("presence:*", user_id=user_id)
