"""What happens to comments: facts of ids, for handlers above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommentCreated:
    """A comment can be seen on a post; replies too."""

    comment_id: int
    post_id: int
    author_id: int


@dataclass(frozen=True, slots=True)
class CommentReplied:
    """A comment answers another one."""

    comment_id: int
    parent_id: int
    author_id: int


@dataclass(frozen=True, slots=True)
class CommentEdited:
    """A comment has other words."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentDeleted:
    """A comment is gone for everybody, with its replies if it was the root of a thread."""

    comment_id: int
    post_id: int


@dataclass(frozen=True, slots=True)
class CommentLiked:
    """Somebody likes a comment who did not before."""

    comment_id: int
    actor_id: int


@dataclass(frozen=True, slots=True)
class CommentUnliked:
    """Somebody took a like back."""

    comment_id: int
    actor_id: int
