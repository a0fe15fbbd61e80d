"""What upper apps add to lower ones: the names are pinned, so that nothing is added by accident."""

import pytest

from core import registry


def test_the_registered_names_are_these():
    assert registry.media_uses.names() == ["accounts", "posts"]
    assert registry.badges.names() == [
        "follow_requests",
        "message_requests",
        "messages",
        "notifications",
    ]
    assert registry.socket_commands.names() == [
        "notifications.seen",
        "post.unwatch",
        "post.watch",
    ]
    assert registry.export_sources.names() == []
    assert registry.erase_steps.names() == [
        "comments",
        "media",
        "messaging",
        "notifications",
        "posts",
    ]
    assert registry.report_targets.names() == ["comment", "message", "place", "post", "user"]
    assert registry.picture_rules.names() == ["accounts"]


def test_a_name_is_given_once():
    names = registry.Registry("thing")
    names.add("a", 1)
    with pytest.raises(ValueError, match="thing a is registered already"):
        names.add("a", 2)
