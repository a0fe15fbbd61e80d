"""Which paths are pages of the web client, and which are missing files."""

import re

import pytest
from django.test import Client

from config.client import CLIENT_PATHS


@pytest.mark.parametrize(
    "path", ["", "login", "ada.lovelace", "ada.lovelace/followers", "p/x7Kd", "messages/12"]
)
def test_routes_of_the_client_are_its_page_even_with_a_dot(path: str) -> None:
    assert re.match(CLIENT_PATHS, path)


@pytest.mark.parametrize(
    "path",
    [
        "api/v1/nothing",
        "media/p0.webp",
        "admin/x",
        "ws/v1",
        "assets/index-gone1234.js",
        "icons/gone.png",
        ".well-known/security.txt",
        "boot.js",
        "sw.js",
        "favicon.ico",
        "robots.txt",
        "manifest.webmanifest",
    ],
)
def test_a_missing_file_is_not_answered_by_the_page(path: str) -> None:
    assert re.match(CLIENT_PATHS, path) is None


@pytest.mark.django_db
def test_the_address_of_somebody_with_a_dot_in_their_name_gives_the_page(client: Client) -> None:
    response = client.get("/ada.lovelace")

    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    assert "script-src 'self'" in response["Content-Security-Policy"]
