"""Collections of saved posts, in an order of their owner's."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Min, QuerySet

from core.errors import ConflictError, NotFoundError, RuleError
from core.text import clean_text
from posts.constants import COLLECTION_NAME_MAX, COLLECTION_POSTS_MAX, COLLECTIONS_MAX
from posts.models import Collection, CollectionPost, Post
from posts.services.likes import post_save
from posts.services.rules import author_locked, bad_field


@transaction.atomic
def collection_create(*, owner_id: int, name: str) -> Collection:
    """An empty collection before the others.

    Raises BadInputError for a wrong name, ConflictError `collection_exists`, RuleError
    `collection_limit`.
    """
    author_locked(owner_id)
    text = _clean_name(name)
    own = Collection.objects.filter(owner=owner_id)
    if own.count() >= COLLECTIONS_MAX:
        message = f"There are {COLLECTIONS_MAX} collections already."
        raise RuleError(message, code="collection_limit")
    _check_free(own, text)
    return Collection.objects.create(owner_id=owner_id, name=text, position=_before(own))


@transaction.atomic
def collection_edit(
    *, collection: Collection, name: str | None = None, cover_post_id: int | None = None
) -> None:
    """Another name, another cover; what is None stays.

    Raises as above, and RuleError `post_not_in_collection` for a cover that is not in it.
    """
    current = _locked(collection)
    if name is not None:
        text = _clean_name(name)
        _check_free(Collection.objects.filter(owner=current.owner_id).exclude(pk=current.pk), text)
        current.name = text
    if cover_post_id is not None:
        if not _entries(current).filter(post=cover_post_id).exists():
            raise _not_in_it("cover_post_id")
        current.cover_id = cover_post_id
    current.save(update_fields=["name", "cover"])


def collection_delete(*, collection: Collection) -> None:
    """Take the shelf away; what was on it stays saved."""
    Collection.objects.filter(pk=collection.pk).delete()


@transaction.atomic
def collections_order(*, owner_id: int, collection_ids: Sequence[int]) -> None:
    """These come first, in this order; the others behind them as they were.

    Raises RuleError `collection_unknown`.
    """
    author_locked(owner_id)
    own = Collection.objects.filter(owner=owner_id).order_by("position", "pk")
    rows = {row.pk: row for row in own}
    for index, pk in enumerate(collection_ids):
        if pk not in rows:
            message = "There is no such collection of yours."
            raise RuleError.of_field(f"collection_ids.{index}", "collection_unknown", message)
    _number(Collection, rows, collection_ids)


@transaction.atomic
def collection_add(*, collection: Collection, post: Post) -> None:
    """Save a post and put it first; one that is there already stays where it is.

    Raises RuleError `collection_full`, NotFoundError if the collection is gone by now.
    """
    current = _locked(collection)
    post_save(actor_id=current.owner_id, post=post)
    entries = _entries(current)
    if entries.filter(post=post).exists():
        return
    if entries.count() >= COLLECTION_POSTS_MAX:
        message = f"A collection has at most {COLLECTION_POSTS_MAX} posts."
        raise RuleError(message, code="collection_full")
    CollectionPost.objects.create(collection=current, post=post, position=_before(entries))


@transaction.atomic
def collection_remove(*, collection: Collection, post_id: int) -> None:
    """Take it off the shelf; it stays saved. The second call changes nothing."""
    current = _locked(collection)
    _entries(current).filter(post=post_id).delete()
    Collection.objects.filter(pk=current.pk, cover=post_id).update(cover=None)


@transaction.atomic
def collection_order(*, collection: Collection, post_ids: Sequence[int]) -> None:
    """These posts come first, in this order; the others behind them as they were.

    Raises RuleError `post_not_in_collection`.
    """
    current = _locked(collection)
    rows = {row.post_id: row for row in _entries(current).order_by("position", "pk")}
    for index, post_id in enumerate(post_ids):
        if post_id not in rows:
            raise _not_in_it(f"post_ids.{index}")
    _number(CollectionPost, rows, post_ids)


def _number(model: Any, rows: dict[int, Any], first: Sequence[int]) -> None:
    order = dict.fromkeys([*first, *rows])
    for position, key in enumerate(order):
        rows[key].position = position
    model.objects.bulk_update(rows.values(), ["position"])


def _locked(collection: Collection) -> Collection:
    rows = Collection.objects.select_for_update(no_key=True, of=("self",))
    current = rows.filter(pk=collection.pk).first()
    if current is None:
        raise NotFoundError
    return current


def _entries(collection: Collection) -> "QuerySet[CollectionPost]":
    return CollectionPost.objects.filter(collection=collection)


def _before(rows: "QuerySet[Any]") -> int:
    """The position before all of them."""
    first = rows.aggregate(first=Min("position"))["first"]
    return 0 if first is None else int(first) - 1


def _clean_name(name: str) -> str:
    text = " ".join(clean_text(name, field="name").split())
    if not 1 <= len(text) <= COLLECTION_NAME_MAX:
        message = f"A name has 1 to {COLLECTION_NAME_MAX} characters."
        raise bad_field("name", "bad_length", message)
    return text


def _check_free(others: "QuerySet[Collection]", name: str) -> None:
    if others.filter(name__iexact=name).exists():
        raise ConflictError("You have a collection of this name.", code="collection_exists")


def _not_in_it(field: str) -> RuleError:
    return RuleError.of_field(
        field, "post_not_in_collection", "This post is not in the collection."
    )
