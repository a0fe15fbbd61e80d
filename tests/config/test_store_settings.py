"""MEDIA_BACKEND_URL: what production refuses, where files are served, and what pages may load."""

import pytest

from config.client import CONTENT_SECURITY_POLICY, page_policy
from config.env import Env, EnvironmentInvalidError, load, media_origin


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://host", "must be a URL with file:// or s3:// or cloudinary://"),
        ("file://host/folder", "has to be file:///an/absolute/folder"),
        ("file:", "has to be file:///an/absolute/folder"),
        ("s3:///prefix", "has to be s3://bucket"),
        ("cloudinary://cloud", "has to be cloudinary://key:secret@cloud"),
        ("cloudinary://key@cloud", "has to be cloudinary://key:secret@cloud"),
    ],
)
def test_a_store_that_cannot_be_is_named_at_the_start(url, problem):
    with pytest.raises(EnvironmentInvalidError) as error:
        load("local", {"MEDIA_BACKEND_URL": url})
    assert error.value.problems == [f"MEDIA_BACKEND_URL {problem}"]


@pytest.mark.parametrize(
    ("url", "is_refused"),
    [
        ("s3://bucket?region=eu-central-1&endpoint=http://minio:9000", True),
        ("cloudinary://k:s@cloud?api=http://proxy", True),
        ("s3://bucket?endpoint=https://minio.example.org", False),
        ("file:///var/lib/jyoti/media", False),
    ],
)
def test_production_talks_to_its_store_by_tls_alone(url, is_refused):
    with pytest.raises(EnvironmentInvalidError) as error:
        load("production", {"MEDIA_BACKEND_URL": url})
    assert ("MEDIA_BACKEND_URL speaks plain http" in error.value.problems) is is_refused


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("s3://bucket?cdn=pictures.example.net", "https://pictures.example.net"),
        ("s3://bucket?cdn=photos.example.org", ""),
        ("s3://bucket", ""),
        ("cloudinary://k:s@cloud?cdn=https://media.example.org", ""),
    ],
)
def test_files_are_served_below_the_site_unless_the_cdn_is_elsewhere(url, origin):
    env = load("local", {"MEDIA_BACKEND_URL": url, "SITE_URL": "https://photos.example.org"})
    assert isinstance(env, Env)
    assert media_origin(env) == origin


@pytest.mark.parametrize(
    ("url", "added"),
    [
        ("file:///tmp/media", {}),
        (
            "s3://bucket?region=eu-central-1",
            {"connect-src": "https://bucket.s3.eu-central-1.amazonaws.com"},
        ),
        (
            "cloudinary://k:s@cloud",
            {
                "connect-src": "https://api.cloudinary.com",
                "img-src": "https://res.cloudinary.com",
                "media-src": "https://res.cloudinary.com",
            },
        ),
    ],
)
def test_pages_load_from_the_store_and_nowhere_else(settings, url, added):
    settings.MEDIA_BACKEND_URL = url
    expected = dict(_parts(CONTENT_SECURITY_POLICY))
    for name, host in added.items():
        first, _, rest = expected.get(name, "'self'").partition(" ")
        expected[name] = f"{first} {host} {rest}".strip()
    assert dict(_parts(page_policy())) == expected


def _parts(policy):
    return (part.strip().split(" ", 1) for part in policy.split(";"))
