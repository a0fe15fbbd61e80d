"""The entry of posts in Django."""

from django.apps import AppConfig

from core.registry import (
    ReportTarget,
    erase_steps,
    media_uses,
    report_targets,
    socket_commands,
)


class PostsConfig(AppConfig):
    """Registers what posts add to the house."""

    name = "posts"

    def ready(self) -> None:
        """Tell media which pictures posts show, and the house how posts are erased."""
        from posts.selectors import media_in_posts  # noqa: PLC0415  models exist only now
        from posts.selectors.reported import (  # noqa: PLC0415
            any_place,
            any_post,
            place_snapshot,
            post_snapshot,
            reported_place,
            reported_post,
        )
        from posts.services import (  # noqa: PLC0415
            place_remove,
            post_hide,
            post_remove,
            post_unwatch,
            post_watch,
            posts_erase,
        )

        report_targets.add(
            "post",
            ReportTarget(
                find=reported_post,
                get=any_post,
                owner_id=lambda post: post.author_id,
                snapshot=post_snapshot,
                remove=lambda post: post_remove(post_id=post.pk),
                hide=lambda post, is_hidden: post_hide(post_id=post.pk, is_hidden=is_hidden),
            ),
        )
        report_targets.add(
            "place",
            ReportTarget(
                find=reported_place,
                get=any_place,
                owner_id=lambda place: place.created_by_id,
                snapshot=place_snapshot,
                remove=lambda place: place_remove(place_id=place.pk),
            ),
        )
        erase_steps.add("posts", posts_erase)
        media_uses.add("posts", media_in_posts)
        socket_commands.add("post.watch", post_watch)
        socket_commands.add("post.unwatch", post_unwatch)
