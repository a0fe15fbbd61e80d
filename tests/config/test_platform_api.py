"""The routes of the platform: what a client asks before anybody signs in."""

import pytest

pytestmark = pytest.mark.django_db
VIDEO_TYPES = ["video/mp4", "video/quicktime", "video/webm"]


def test_instance_tells_the_limits_of_the_contract(api):
    body = api().get("/api/v1/instance").json()
    assert body["name"] == "Jyoti"
    pictures = [type_ for type_ in body["accepted_types"] if type_.startswith("image/")]
    assert pictures == [
        "image/avif",
        "image/gif",
        "image/heic",
        "image/jpeg",
        "image/png",
        "image/webp",
    ]
    videos = [type_ for type_ in body["accepted_types"] if type_.startswith("video/")]
    assert videos == (VIDEO_TYPES if body["features"]["video"] else [])
    assert body["limits"] == {
        "username_min": 3,
        "username_max": 30,
        "delete_grace_days": 30,
        "password_min": 8,
        "password_max": 128,
        "bio": 500,
        "caption": 2200,
        "media_per_post": 20,
        "hashtags_per_post": 30,
        "mentions_per_post": 20,
        "people_tags_per_post": 20,
        "hashtag": 100,
        "followed_tags": 100,
        "pinned_posts": 3,
        "drafts": 100,
        "scheduled_posts": 100,
        "schedule_ahead_days": 365,
        "bin_days": 30,
        "place_name": 100,
        "collections": 100,
        "collection_posts": 1000,
        "collection_name": 50,
        "comment": 2200,
        "pinned_comments": 3,
        "hidden_words": 200,
        "muted_tags": 200,
        "message": 4000,
        "frame_bytes": 16_384,
        "sockets": 10,
        "commands_per_second": 10,
        "commands_at_once": 30,
        "presence_ids": 100,
        "alt_text": 1500,
        "picture_bytes": 50_000_000,
        "picture_pixels": 50_000_000,
        "webp_pixels": 20_000_000,
        "heic_pixels": 25_000_000,
        "avif_pixels": 25_000_000,
        "picture_side": 12_000,
        "picture_frames": 200,
        "video_bytes": 200_000_000,
        "video_seconds": 60,
        "video_side": 4096,
        "person_bytes": 20_000_000_000,
        "person_per_day": 1000,
    }


def test_the_document_is_openapi_and_names_every_error_shape(api):
    answer = api().get("/api/v1/schema")
    body = answer.json()
    assert body["openapi"].startswith("3.")
    assert "Problem" in body["components"]["schemas"]
    operations = [op for path in body["paths"].values() for op in path.values()]
    assert len(operations) > 50
    assert all("4XX" in operation["responses"] for operation in operations)


def test_the_page_to_read_it_runs_no_inline_script(api):
    answer = api().get("/api/v1/docs")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert b"<script>" not in answer.content
