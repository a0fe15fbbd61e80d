"""How much one person may keep and add: told beforehand, refused by name, held in a race."""

import io
import threading

import pytest
from django.db import connection

from core.errors import RuleError
from media_storage import selectors
from media_storage.models import Media, MediaUpload
from media_storage.services import intake, media_create, media_delete, media_keep, media_prepare
from tests.media_storage import pictures

DATA = pictures.jpeg((64, 64))


def code(answer):
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def most(monkeypatch):
    """`most(bytes_max=..., per_day=...)`: smaller limits for this test."""

    def set_limits(*, bytes_max=10**9, per_day=10**6):
        for module in ("selectors", "services.uploads"):
            monkeypatch.setattr(f"media_storage.{module}.PERSON_BYTES_MAX", bytes_max)
            monkeypatch.setattr(f"media_storage.{module}.PERSON_PER_DAY_MAX", per_day)

    return set_limits


@pytest.mark.django_db
def test_the_allowance_is_told_beforehand_and_after(api, user, upload):
    before = api(user).get("/api/v1/media/allowance").json()
    assert before == {
        "bytes_used": 0, "bytes_max": 20_000_000_000, "added_today": 0, "per_day_max": 1000,
    }  # fmt: skip
    upload(DATA)
    after = api(user).get("/api/v1/media/allowance").json()
    assert (after["bytes_used"], after["added_today"]) == (len(DATA), 1)
    limits = api().get("/api/v1/instance").json()["limits"]
    assert (limits["person_bytes"], limits["person_per_day"]) == (20_000_000_000, 1000)


@pytest.mark.django_db
def test_what_is_too_much_is_refused_before_it_is_decoded(send, most, monkeypatch, kept):
    most(bytes_max=len(DATA) + 10)
    assert send(DATA).status_code == 201
    files = kept()
    monkeypatch.setattr(intake, "decode", None)
    answer = send(DATA)
    assert code(answer) == (422, "quota_exceeded")
    assert answer.json()["errors"][0]["field"] == "file"
    assert kept() == files


@pytest.mark.django_db
def test_what_is_deleted_counts_no_more_and_others_never_do(send, most, user, other_user):
    most(bytes_max=len(DATA) + 10, per_day=1)
    media_id = int(send(DATA).json()["id"])
    assert code(send(DATA)) == (422, "quota_exceeded")
    assert send(DATA, person=other_user).status_code == 201
    media_delete(media_id=media_id, owner_id=user.pk)
    assert send(DATA).status_code == 201


@pytest.mark.django_db
def test_the_daily_count_is_of_the_last_24_hours(send, most):
    most(per_day=2)
    assert [send(DATA).status_code for _ in range(2)] == [201, 201]
    assert code(send(DATA)) == (422, "daily_limit_reached")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE media_storage_media SET created_at = now() - interval '25 hours'")
    assert send(DATA).status_code == 201


@pytest.mark.django_db
def test_a_direct_upload_that_is_too_much_is_refused_before_anything_is_sent(
    api, user, send, most, other_user
):
    def start(size, person=user):
        body = {"filename": "a.jpg", "bytes": size, "content_type": "image/jpeg"}
        return api(person).post("/api/v1/media/uploads", body, format="json")

    most(bytes_max=len(DATA) + 10)
    assert send(DATA).status_code == 201
    answer = start(11)
    assert code(answer) == (422, "quota_exceeded")
    assert answer.json()["errors"][0]["field"] == "file"
    assert start(10).status_code == start(11, other_user).status_code == 201
    most(per_day=1)
    assert code(start(10)) == (422, "daily_limit_reached")
    assert list(MediaUpload.objects.values_list("bytes", flat=True)) == [10, 11]


@pytest.mark.django_db
def test_the_allowance_is_one_query(user, upload, django_assert_num_queries):
    upload(DATA)
    with django_assert_num_queries(1):
        selectors.allowance_of(owner_id=user.pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_only_the_one_that_fits_is_kept(user, most, kept):
    most(bytes_max=len(DATA) + 10)
    prepared = [media_prepare(owner_id=user.pk, file=io.BytesIO(DATA)) for _ in range(2)]
    together, results = threading.Barrier(2), []

    def keep(one):
        together.wait(5)
        try:
            results.append(media_keep(one, alt_text=""))
        except RuleError as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=keep, args=[one]) for one in prepared]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    (media,) = [result for result in results if isinstance(result, Media)]
    assert results.count("quota_exceeded") == 1
    assert {key for key, _ in kept()} == {media.key, media.original_key}


@pytest.mark.django_db(transaction=True)
def test_decoding_and_storing_hold_no_transaction_and_the_key_still_holds(send, monkeypatch, store):
    seen = []

    def watched(name, act):
        def call(*arguments, **options):
            seen.append((name, connection.in_atomic_block))
            return act(*arguments, **options)

        return call

    monkeypatch.setattr(intake, "decode", watched("decode", intake.decode))
    monkeypatch.setattr(store, "put", watched("put", store.put))
    headers = {"Idempotency-Key": "once"}
    first, again = (send(DATA, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert seen == [("decode", False), ("put", False), ("put", False)]
    assert Media.objects.count() == 1


@pytest.mark.django_db
def test_a_row_that_cannot_be_written_leaves_no_file(user, kept, most):
    prepared = media_prepare(owner_id=user.pk, file=io.BytesIO(DATA))
    most(bytes_max=1)
    with pytest.raises(RuleError):
        media_keep(prepared, alt_text="")
    assert kept() == set()


@pytest.mark.django_db
def test_an_avatar_is_no_upload_that_is_counted_against(user, most, api):
    most(bytes_max=0, per_day=0)
    with pytest.raises(RuleError):
        media_create(owner_id=user.pk, file=io.BytesIO(DATA))
    answer = api(user).put("/api/v1/me/avatar", {"file": io.BytesIO(DATA)}, format="multipart")
    assert answer.status_code == 200
