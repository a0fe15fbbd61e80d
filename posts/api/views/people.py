"""People in posts: agree to a tag, leave a post, where somebody is, whom a text may name."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.shapes import user_summary
from core.api import Access, ApiView, keyset_page, page_request, validated, validated_query
from core.api.serializers import Empty
from posts import selectors, services
from posts.api import serializers as forms
from posts.api.views.pages import PostPage, visible_posts
from posts.constants import SEARCH_LIMIT, PeopleTagState


class PeopleTagApproveApi(ApiView):
    """POST people-tags/{id}/approve."""

    access = Access.USER

    @extend_schema(request=Empty, responses=forms.PeopleTagStateSerializer)
    def post(self, request: Request, tag_id: int) -> Response:
        """Agree to be shown; again changes nothing. Only the person's own tags are found."""
        validated(Empty, request)
        services.people_tag_approve(user_id=self.viewer.pk, tag_id=tag_id)
        return Response({"state": PeopleTagState.SHOWN})


class PostUntagApi(ApiView):
    """DELETE posts/{id}/people-tags/me."""

    access = Access.USER

    @extend_schema(responses=forms.TaggedSerializer)
    def delete(self, request: Request, post_id: int) -> Response:
        """Take oneself out of a post for good; again changes nothing."""
        post = selectors.post_tagging(viewer=self.viewer, post_id=post_id)
        services.people_tags_remove(user_id=self.viewer.pk, post=post)
        return Response({"tagged": False})


class TaggedPostsApi(ApiView):
    """GET users/{id}/tagged."""

    access = Access.OPTIONAL

    @extend_schema(parameters=[forms.TaggedQuery], responses=PostPage)
    def get(self, request: Request, user_id: int) -> Response:
        """Posts that show this person and that the viewer may see, the latest tag first."""
        state = request.query_params.get("state", PeopleTagState.SHOWN)
        name = f"tagged.{user_id}.{state}"
        page, values = page_request(request, name=name, form=forms.TaggedQuery)
        tags = selectors.tagged_in(
            viewer=self.viewer, user_id=user_id, state=PeopleTagState(values["state"])
        )
        shape = visible_posts(self.viewer)
        return Response(keyset_page(tags, page, order=("-id",), shape=shape))


class MentionSuggestApi(ApiView):
    """GET mentions/suggest."""

    access = Access.USER
    limits = {"GET": SEARCH_LIMIT}

    @extend_schema(parameters=[forms.NameQuery], responses=forms.PeopleSerializer)
    def get(self, request: Request) -> Response:
        """At most ten people whose name begins so: the followed first, then the well known."""
        q = validated_query(forms.NameQuery, request)["q"]
        people = selectors.mention_suggestions(viewer=self.viewer, q=q)
        return Response({"results": [user_summary(person) for person in people]})
