"""Limits and fixed sizes of media; the decoder's child imports this, so it knows no Django."""

from typing import Final, Literal

Kind = Literal["image", "video"]
State = Literal["processing", "ready", "failed"]

# A key: p everybody may read, s with a signed address, o with one made for the owner; 128 bits.
KEY_PATTERN: Final = r"[pso][0-9a-f]{32}"
NAME_PATTERN: Final = r"[0-9a-z]{1,12}\.[0-9a-z]{2,4}"
# The file of what people sent, and of what is still being sent to the store directly.
ORIGINAL_STEM: Final = "original"
ARRIVAL_NAME: Final = "upload.bin"
TYPES: Final = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "heic": "image/heic",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
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
# libheif holds planes, pixels and Pillow's copy at once; measured, as for WebP.
HEIC_PIXELS_MAX: Final = 25_000_000
AVIF_IN_PIXELS_MAX: Final = 25_000_000
PIXELS_MAX: Final = {
    "WEBP": WEBP_PIXELS_MAX,
    "HEIF": HEIC_PIXELS_MAX,
    "AVIF": AVIF_IN_PIXELS_MAX,
}
# A progressive JPEG costs its whole area again for each scan; cameras write about ten.
PICTURE_SCANS_MAX: Final = 40
ALT_TEXT_MAX: Final = 1_500
UPLOADS_PER_HOUR: Final = 1_200

PICTURE_TYPES: Final = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/avif",
    "image/heic",
)
VIDEO_TYPES: Final = ("video/mp4", "video/quicktime", "video/webm")

VIDEO_BYTES_MAX: Final = 200 * MB
VIDEO_SECONDS_MAX: Final = 60
# Cameras that are told to stop after a minute stop a little later.
VIDEO_SECONDS_GRACE: Final = 0.5
VIDEO_SIDE_MAX: Final = 4_096
VIDEO_PIXELS_MAX: Final = 9_500_000
VIDEO_WIDTH: Final = 1_080
VIDEO_FRAMES_PER_S: Final = 30

# What one person may keep here, originals counted, and add within 24 hours.
PERSON_BYTES_MAX: Final = 20_000 * MB
PERSON_PER_DAY_MAX: Final = 1_000

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

# Memory for strange files, in shares, for all of a machine: what is large waits for several, so
# that with all our processes 700 MB hold them.
MEMORY_SHARES: Final = 5
MEMORY_SHARE_BYTES: Final = 60 * MB
# What the decoder takes by itself and for each pixel, measured with benchmarks/media_bombs.py.
DECODE_BYTES: Final = 30 * MB
DECODE_BYTES_PER_PIXEL: Final = {"WEBP": 16, "HEIF": 8, "AVIF": 9, "PNG": 5, "GIF": 5, "JPEG": 0.6}
DECODE_BYTES_PER_PIXEL_PROGRESSIVE: Final = 3.5

# One video at a time per machine; who finds none free looks again after so long.
TRANSCODE_AGAIN_S: Final = 10
TRANSCODE_MEMORY_BYTES: Final = 900 * 1024 * 1024
# Measured too: by itself, for each pixel of the source, and of the film.
TRANSCODE_BYTES: Final = 40 * MB
TRANSCODE_BYTES_PER_PIXEL: Final = (30, 60)
TRANSCODE_FILE_BYTES_MAX: Final = 60 * MB
# Media that are still not ready then never will be.
PROCESSING_GIVE_UP_S: Final = 6 * 3_600

# Signed addresses end with the window after the present one, so they live 5 to 10 minutes.
URL_WINDOW_S: Final = 300
# Addresses that clients still hold go on working this long after media became public.
WIDENED_GRACE_S: Final = 900
# What became narrower is gone within 5 minutes; first those who keep a snapshot learn the new key.
NARROWED_GRACE_S: Final = 60
ORPHAN_AGE_S: Final = 86_400

# A store elsewhere: a request waits at most 5 s on it in all. So long for reading what came
# directly, and for keeping files; then what is on its way has 2 s more. The background is patient.
# What the store did not take waits in the database, up to so many bytes.
ARRIVAL_PATIENCE_S: Final = 1.0
STORE_PATIENCE_S: Final = 2.0
STORE_RETRY_AFTER_S: Final = 5
WAITING_BYTES_MAX: Final = 2_000 * MB
WAITING_PART_BYTES: Final = 1 * MB

# A direct upload: how long it may take in all, how long one address is good, and above which size
# a file goes in parts.
DIRECT_LIFE_S: Final = 3_600
DIRECT_SECONDS: Final = 300
DIRECT_WHOLE_BYTES_MAX: Final = 16 * MB
DIRECT_PART_BYTES: Final = 8 * MB
# Cloudinary takes no more in one request.
CLOUDINARY_WHOLE_BYTES_MAX: Final = 100 * MB

# Why a file is refused: stable codes, and what people read.
REFUSALS: Final = {
    "empty_file": "The file is empty.",
    "file_too_large": (
        f"A picture may have {PICTURE_BYTES_MAX // MB} MB, a video {VIDEO_BYTES_MAX // MB}."
    ),
    "unsupported_type": (
        "Only JPEG, PNG, WebP, GIF, AVIF and HEIC pictures, and MP4, QuickTime and WebM videos,"
        " are accepted."
    ),
    "unreadable_picture": "This picture is damaged and cannot be read.",
    "too_many_pixels": (
        f"A picture may have {PICTURE_PIXELS_MAX // 1_000_000} megapixels,"
        f" a WebP {WEBP_PIXELS_MAX // 1_000_000}, a HEIC or AVIF {HEIC_PIXELS_MAX // 1_000_000}."
    ),
    "too_long_side": f"A side of a picture may have {PICTURE_SIDE_MAX} pixels.",
    "too_many_frames": f"An animation may have {PICTURE_FRAMES_MAX} frames.",
    "too_many_scans": f"A progressive JPEG may have {PICTURE_SCANS_MAX} scans.",
    "picture_too_complex": "This picture takes too much time or memory to read.",
    "video_unavailable": "This server takes no videos.",
    "unreadable_video": "This video is damaged, or of a kind that cannot be read.",
    "video_too_long": f"A video may last {VIDEO_SECONDS_MAX} seconds.",
    "video_too_large": f"A side of a video may have {VIDEO_SIDE_MAX} pixels, as 4K has.",
    "video_hdr_unsupported": "This server cannot convert HDR videos. Send it in standard range.",
    "video_too_complex": "This video takes too much time or memory to convert.",
    "wrong_size": "The file that arrived has another size than announced.",
    "processing_failed": "This could not be finished. Please upload it again.",
}
