"""Routes of comments under /api/v1/."""

from django.urls import path

from comments.api import views

urlpatterns = [
    path("posts/<id:post_id>/comments", views.PostCommentsApi.as_view()),
    path("comments/<id:comment_id>", views.CommentApi.as_view()),
    path("comments/<id:comment_id>/replies", views.CommentRepliesApi.as_view()),
    path("comments/<id:comment_id>/pin", views.CommentPinApi.as_view()),
    path("comments/<id:comment_id>/approve", views.CommentApproveApi.as_view()),
    path("comments/<id:comment_id>/like", views.CommentLikeApi.as_view()),
    path("comments/<id:comment_id>/likes", views.CommentLikesApi.as_view()),
]
