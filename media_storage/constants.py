"""Limits and fixed sizes of media; the decoder's child imports this, so it knows no Django."""

from typing import Final, Literal

Kind = Literal["image", "video"]
State = Literal["processing", "ready", "failed"]

# A key: p everybody may read, s with a signed address, o with one made for the owner; 128 bits.
KEY_PATTERN: Final = r"[pso][0-9a-f]{32}"
NAME_PATTERN: Final = r"[0-9a-z]{1,12}\.[0-9a-z]{2,4}"
TYPES: Final = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
}
EXTENSIONS: Final = {content_type: extension for extension, content_type in TYPES.items()}

MB: Final = 1_000_000

# What an upload may be (API.md section 5).
PICTURE_BYTES_MAX: Final = 50 * MB
PICTURE_PIXELS_MAX: Final = 50_000_000
PICTURE_SIDE_MAX: Final = 12_000
PICTURE_FRAMES_MAX: Final = 200
# libwebp holds a picture four times while it decodes: above this it outgrows the child's memory.
WEBP_PIXELS_MAX: Final = 20_000_000
# A progressive JPEG costs its whole area again for each scan; cameras write about ten.
PICTURE_SCANS_MAX: Final = 40
ALT_TEXT_MAX: Final = 1_500
UPLOADS_PER_HOUR: Final = 1_200

ACCEPTED_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/gif")

# Widths made while the uploader waits, and those that the background adds.
FIRST_WIDTHS: Final = (320, 640, 1080)
FURTHER_WIDTHS: Final = (480, 828, 1440, 2160)
AVIF_WIDTHS: Final = (320, 640, 1080)
AVATAR_SIDES: Final = (96, 192, 320)

WEBP_QUALITY: Final = 80
WEBP_METHOD: Final = 2
AVIF_QUALITY: Final = 55
AVIF_SPEED: Final = 8
# AVIF holds the whole picture several times while it encodes.
AVIF_PIXELS_MAX: Final = 8_000_000
BLURHASH_COMPONENTS: Final = (4, 3)
BLURHASH_SIDE: Final = 32
BLURHASH_MAX: Final = 40

# Decoding: at most so many at once per machine, and so long a wait for a turn.
DECODE_SLOTS: Final = 2
DECODE_WAIT_S: Final = 5.0
DECODE_WAIT_BACKGROUND_S: Final = 60.0
DECODE_MEMORY_BYTES: Final = 400 * 1024 * 1024
DECODE_ANSWER_BYTES_MAX: Final = 40 * MB

# Signed addresses end with the window after the present one, so they live 5 to 10 minutes.
URL_WINDOW_S: Final = 300
# Addresses that clients still hold go on working this long after media became public.
WIDENED_GRACE_S: Final = 900
# What became narrower is gone within 5 minutes; first those who keep a snapshot learn the new key.
NARROWED_GRACE_S: Final = 60
ORPHAN_AGE_S: Final = 86_400

# Why a picture is refused: stable codes, and what people read.
REFUSALS: Final = {
    "empty_file": "The file is empty.",
    "file_too_large": f"A picture may have {PICTURE_BYTES_MAX // MB} MB.",
    "unsupported_type": "Only JPEG, PNG, WebP and GIF pictures are accepted.",
    "unreadable_picture": "This picture is damaged and cannot be read.",
    "too_many_pixels": (
        f"A picture may have {PICTURE_PIXELS_MAX // 1_000_000} megapixels,"
        f" a WebP {WEBP_PIXELS_MAX // 1_000_000}."
    ),
    "too_long_side": f"A side of a picture may have {PICTURE_SIDE_MAX} pixels.",
    "too_many_frames": f"An animation may have {PICTURE_FRAMES_MAX} frames.",
    "too_many_scans": f"A progressive JPEG may have {PICTURE_SCANS_MAX} scans.",
    "picture_too_complex": "This picture takes too much time or memory to read.",
}
