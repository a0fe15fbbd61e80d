"""The comments app."""

from django.apps import AppConfig

from core.registry import ReportTarget, erase_steps, report_targets


class CommentsConfig(AppConfig):
    """The comments app."""

    name = "comments"

    def ready(self) -> None:
        """Tell the house how comments are reported and erased."""
        # Models exist only now.
        from comments.selectors import any_comment, reported_comment  # noqa: PLC0415
        from comments.services import (  # noqa: PLC0415
            comment_hide,
            comment_remove,
            comments_erase,
        )

        report_targets.add(
            "comment",
            ReportTarget(
                find=reported_comment,
                get=any_comment,
                owner_id=lambda comment: comment.author_id,
                snapshot=lambda comment: {"body": comment.body, "post_id": str(comment.post_id)},
                remove=lambda comment: comment_remove(comment_id=comment.pk),
                hide=lambda comment, is_hidden: comment_hide(
                    comment_id=comment.pk, is_hidden=is_hidden
                ),
            ),
        )
        erase_steps.add("comments", comments_erase)
