"""What happens to posts: facts of ids, for handlers in this app and above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostPublished:
    """A post can be seen by its audience."""

    post_id: int
    author_id: int


@dataclass(frozen=True, slots=True)
class PostEdited:
    """What a published post shows changed: caption, texts, pictures, place, or people in it."""

    post_id: int
    author_id: int


@dataclass(frozen=True, slots=True)
class PostDeleted:
    """A post is gone for everybody, its author may take it back; or it is gone for good."""

    post_id: int
    author_id: int


@dataclass(frozen=True, slots=True)
class PostLiked:
    """Somebody likes a post who did not before."""

    post_id: int
    author_id: int
    actor_id: int


@dataclass(frozen=True, slots=True)
class PostUnliked:
    """Somebody took a like back."""

    post_id: int
    author_id: int
    actor_id: int


@dataclass(frozen=True, slots=True)
class PostUntagged:
    """Somebody took themselves out of a post."""

    post_id: int
    author_id: int
    user_id: int
