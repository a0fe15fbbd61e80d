"""What people agree to, and the log of it."""

import pytest

from accounts.models import Consent
from config.env import Document
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
API = "/api/v1"
TERMS = Document("terms", "2026-05", "https://example.org/terms")
PRIVACY = Document("privacy", "1", "/privacy")


@pytest.fixture
def documents(settings):
    settings.DOCUMENTS = (TERMS, PRIVACY)
    return settings


def listed(client):
    results = client.get(f"{API}/me/consents").json()["results"]
    return [(row["document"], row["version"]) for row in results]


def test_who_signs_up_agrees_to_each_document_as_it_stands_and_where_from_is_kept(api, documents):
    body = {"username": "maya", "email": "maya@example.org", "password": PASSWORD}
    answer = api().post(f"{API}/auth/register", body, HTTP_X_CLIENT="native")
    assert answer.status_code == 201
    kept = Consent.objects.order_by("document").values_list("document", "version", "address")
    assert list(kept) == [("privacy", "1", "127.0.0.1"), ("terms", "2026-05", "127.0.0.1")]


def test_a_registration_that_is_refused_leaves_no_consent(api, documents):
    body = {"username": "maya", "email": "maya@example.org", "password": "short"}
    assert api().post(f"{API}/auth/register", body).status_code == 400
    assert not Consent.objects.exists()


def test_a_new_version_is_agreed_to_once_and_an_old_one_not_at_all(api, user, documents):
    client = api(user)
    give = {"document": "terms", "version": "2026-05"}
    first = client.post(f"{API}/me/consents", give)
    assert (first.status_code, first.json()["version"]) == (200, "2026-05")
    assert client.post(f"{API}/me/consents", give).json() == first.json()
    documents.DOCUMENTS = (TERMS._replace(version="2026-09"),)
    old = client.post(f"{API}/me/consents", give)
    assert (old.status_code, old.json()["code"]) == (422, "other_version")
    client.post(f"{API}/me/consents", {**give, "version": "2026-09"})
    assert listed(client) == [("terms", "2026-09"), ("terms", "2026-05")]
    assert client.post(f"{API}/me/consents", {**give, "document": "x"}).status_code == 404


def test_nobody_sees_what_another_agreed_to(api, user, other_user, documents):
    api(user).post(f"{API}/me/consents", {"document": "terms", "version": "2026-05"})
    assert listed(api(other_user)) == []


def test_the_instance_tells_the_documents_and_where_they_stand(api, documents):
    assert api().get(f"{API}/instance").json()["documents"] == [
        {"name": "terms", "version": "2026-05", "url": "https://example.org/terms"},
        {"name": "privacy", "version": "1", "url": "/privacy"},
    ]
