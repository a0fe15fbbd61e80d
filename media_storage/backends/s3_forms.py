"""Direct uploads to S3: what a signed form or part allows, and nothing else."""

from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from media_storage.backends.base import Arrival, Form, Part
from media_storage.constants import (
    DIRECT_PART_BYTES,
    DIRECT_SECONDS,
    DIRECT_WHOLE_BYTES_MAX,
)

Place = dict[str, str]
ENCRYPTED: Final = "x-amz-server-side-encryption"


def form(client: Any, place: Place, arrival: Arrival, *, until: datetime) -> Form:
    """One POST for a small file, parts by PUT for a large one."""
    seconds = max(1, min(DIRECT_SECONDS, int((until - timezone.now()).total_seconds())))
    if arrival.bytes <= DIRECT_WHOLE_BYTES_MAX:
        return _whole(client, place, arrival, seconds)
    return _in_parts(client, place, arrival, seconds)


def _whole(client: Any, place: Place, arrival: Arrival, seconds: int) -> Form:
    """The policy: this key, this type, this length, encrypted, for so many seconds."""
    fields = {
        "Content-Type": arrival.content_type,
        ENCRYPTED: "AES256",
        "success_action_status": "204",
    }
    exact: list[Any] = [{name: value} for name, value in fields.items()]
    made = client.generate_presigned_post(
        **place,
        Fields=fields,
        Conditions=[*exact, ["content-length-range", arrival.bytes, arrival.bytes]],
        ExpiresIn=seconds,
    )
    return Form(url=made["url"], fields=made["fields"])


def _in_parts(client: Any, place: Place, arrival: Arrival, seconds: int) -> Form:
    """An address for each part that is still missing; its length is signed with it."""
    token = arrival.token or _begin(client, place, arrival)
    have = {one["PartNumber"]: one["Size"] for one in _parts(client, place, token)}
    parts = tuple(
        Part(
            number=number,
            bytes=size,
            url=client.generate_presigned_url(
                "upload_part",
                Params={
                    **place,
                    "UploadId": token,
                    "PartNumber": number,
                    "ContentLength": size,
                },
                ExpiresIn=seconds,
            ),
        )
        for number, size in sizes_of_parts(arrival.bytes)
        if have.get(number) != size
    )
    return Form(url="", method="PUT", parts=parts, token=token)


def sizes_of_parts(total: int) -> list[tuple[int, int]]:
    """Number, from 1, and length of each part; all but the last are of one length."""
    starts = range(0, total, DIRECT_PART_BYTES)
    return [(n, min(DIRECT_PART_BYTES, total - at)) for n, at in enumerate(starts, start=1)]


def join(client: Any, place: Place, arrival: Arrival) -> None:
    """Make one object of the parts, once all have come; again is fine."""
    try:
        parts = list(_parts(client, place, arrival.token))
    except client.exceptions.ClientError as error:
        # It was joined before, and S3 knows the upload no more.
        if error.response["Error"]["Code"] == "NoSuchUpload":
            return
        raise
    if [(one["PartNumber"], one["Size"]) for one in parts] != sizes_of_parts(arrival.bytes):
        return
    named = [{"PartNumber": one["PartNumber"], "ETag": one["ETag"]} for one in parts]
    client.complete_multipart_upload(
        **place, UploadId=arrival.token, MultipartUpload={"Parts": named}
    )


def abort(client: Any, place: Place, arrival: Arrival) -> None:
    """Drop the parts; an upload that ended is fine."""
    try:
        client.abort_multipart_upload(**place, UploadId=arrival.token)
    except client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchUpload":
            raise


def _begin(client: Any, place: Place, arrival: Arrival) -> str:
    made = client.create_multipart_upload(
        **place, ContentType=arrival.content_type, ServerSideEncryption="AES256"
    )
    return str(made["UploadId"])


def _parts(client: Any, place: Place, token: str) -> list[Any]:
    pages = client.get_paginator("list_parts").paginate(**place, UploadId=token)
    return [one for page in pages for one in page.get("Parts", ())]
