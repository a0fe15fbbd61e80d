"""People in posts: where somebody is tagged, and whom a caption may name."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.constants import UserState
from accounts.models import Follow, User, UserQuerySet
from accounts.selectors import is_open_to, user_for
from core.errors import NotFoundError
from core.viewer import Viewer
from posts.constants import SUGGESTED_MAX, PeopleTagState
from posts.models import PeopleTag, Post

# A single letter begins too many names to look through all of them.
_WHOLE_HOUSE_FROM = 2


def tagged_in(
    *, viewer: Viewer, user_id: int, state: PeopleTagState = PeopleTagState.SHOWN
) -> QuerySet[PeopleTag]:
    """One tag for each post that shows this person and that the viewer may see.

    Pending ones are the person's own to see. Raises NotFoundError for somebody who is not visible,
    and for a private account that the viewer does not follow.
    """
    person = user_for(viewer=viewer, user_id=user_id)
    if not is_open_to(viewer=viewer, user=person):
        raise NotFoundError
    if state != PeopleTagState.SHOWN and viewer.id != user_id:
        return PeopleTag.objects.none()
    own = PeopleTag.objects.filter(user=person, state=state)
    earlier = own.filter(post=OuterRef("post"), pk__lt=OuterRef("pk"))
    return own.filter(~Exists(earlier), post__in=Post.objects.visible_to(viewer))


def post_tagging(*, viewer: Viewer, post_id: int) -> Post:
    """A post that the viewer may see, or is tagged in: whoever is shown may leave unseen.

    Raises NotFoundError.
    """
    mine = PeopleTag.objects.filter(post=OuterRef("pk"), user=viewer.pk)
    visible = Post.objects.visible_to(viewer).filter(pk=post_id).values("pk")
    post = Post.objects.filter(Q(pk__in=visible) | Exists(mine), pk=post_id).first()
    if post is None:
        raise NotFoundError
    return post


def mention_suggestions(*, viewer: Viewer, q: str) -> list[User]:
    """At most SUGGESTED_MAX people whose name begins so: the followed first, then the well known.

    Whose account is limited is suggested to their followers alone.
    """
    people = User.objects.visible_to(viewer).exclude(pk=viewer.pk)
    begins = people.filter(Q(username__istartswith=q) | Q(display_name__istartswith=q))
    followed = Follow.objects.active().filter(follower=viewer.pk, followee=OuterRef("pk"))
    found = _best(begins.filter(Exists(followed)))
    if len(found) < SUGGESTED_MAX and len(q) >= _WHOLE_HOUSE_FROM:
        others = begins.filter(~Exists(followed)).exclude(state=UserState.LIMITED)
        found += _best(others)[: SUGGESTED_MAX - len(found)]
    return found


def _best(people: UserQuerySet) -> list[User]:
    return list(people.order_by("-followers_count", "pk")[:SUGGESTED_MAX])
