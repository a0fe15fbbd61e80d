"""Pictures for tests: four coloured quadrants, in any mode, with any metadata, and hostile files."""

import io
import struct
import zlib

from PIL import Image, ImageCms, ImageStat, PngImagePlugin

RED, GREEN, BLUE, GOLD = (200, 40, 40), (40, 160, 60), (40, 60, 190), (220, 180, 40)
# Top left, top right, bottom left, bottom right.
COLOURS = (RED, GREEN, BLUE, GOLD)
SIZE = (480, 320)
CANARY = b"canary-7c1e"


def quadrants(size=SIZE, colours=COLOURS, mode="RGB"):
    """A picture whose quadrants have these colours."""
    picture = Image.new(mode, size)
    width, height = size[0] // 2, size[1] // 2
    for index, colour in enumerate(colours):
        box = ((index % 2) * width, (index // 2) * height)
        picture.paste(colour, (*box, box[0] + width, box[1] + height))
    return picture


def encoded(picture, kind="JPEG", **options):
    """The bytes of a picture."""
    out = io.BytesIO()
    if kind == "JPEG":
        options = {"quality": 95, "subsampling": 0, **options}
    picture.save(out, kind, **options)
    return out.getvalue()


def jpeg(size=SIZE, **options):
    """A JPEG of four quadrants."""
    return encoded(quadrants(size), **options)


def worst_error(data, colours=COLOURS):
    """The largest mean difference of any quadrant and channel, in 255ths."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
    width, height = picture.width // 2, picture.height // 2
    worst = 0.0
    for index, colour in enumerate(colours):
        left, top = (index % 2) * width, (index // 2) * height
        # The middle of the quadrant: its borders are blurred by any scaling.
        box = (left + width // 8, top + height // 8, left + width * 7 // 8, top + height * 7 // 8)
        means = ImageStat.Stat(picture.crop(box)).mean
        worst = max(worst, *(abs(a - b) for a, b in zip(means, colour, strict=True)))
    return worst


def turned(orientation):
    """The quadrants stored so that this EXIF orientation makes them upright."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    picture = quadrants()
    return picture.transpose(undo) if undo is not None else picture


def exif(orientation=1):
    """EXIF with camera, serial number, GPS position, comment and orientation."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = CANARY.decode()
    made.get_ifd(0x8769)[0xA431] = CANARY.decode()
    made.get_ifd(0x8769)[0x9286] = b"ASCII\x00\x00\x00" + CANARY
    gps = made.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (48.0, 51.0, 30.0), "E", (2.0, 17.0, 40.0)
    gps[0x1B] = CANARY
    return made


def segment(marker, payload):
    """One JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def laden_jpeg():
    """A JPEG with EXIF, GPS, XMP, IPTC, a profile, a comment, a thumbnail and trailing bytes."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = jpeg(exif=exif(), icc_profile=profile, comment=CANARY)
    thumbnail = b"Exif\x00\x00MM\x00*" + CANARY + jpeg((64, 64))
    xmp = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x10" + CANARY.ljust(16)
    extra = segment(0xE1, xmp) + segment(0xED, iptc) + segment(0xE1, thumbnail)
    return plain[:2] + extra + plain[2:] + b"PK\x03\x04<script>" + CANARY


def laden_png():
    """A PNG with text, EXIF, XMP and trailing bytes."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", CANARY.decode(), zip=False)
    info.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    return encoded(quadrants(), "PNG", pnginfo=info, exif=exif()) + CANARY


def laden_webp():
    """A WebP with EXIF and XMP."""
    return encoded(quadrants(), "WEBP", quality=95, exif=exif(), xmp=CANARY) + CANARY


def chunk(name, payload):
    """One PNG chunk."""
    body = name + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


def png_claiming(width, height, *, extra=b"", depth=8, colour=2):
    """A small PNG file that says it is this large."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + pixels + chunk(b"IEND", b"")


def webp_bomb(width, height):
    """A valid WebP of 40 bytes and any size: each of its five codes has one symbol of no bits."""
    fields = [(0x2F, 8), (width - 1, 14), (height - 1, 14), (0, 1), (0, 3), (0, 1), (0, 1), (0, 1)]
    fields += [(1, 1), (0, 1), (1, 1), (200, 8)] * 4 + [(1, 1), (0, 1), (0, 1), (0, 1)]
    number = place = 0
    for value, bits in fields:
        number |= value << place
        place += bits
    payload = number.to_bytes(20, "little")
    body = b"WEBPVP8L" + struct.pack("<I", len(payload)) + payload
    return b"RIFF" + struct.pack("<I", len(body)) + body


def png_of_one_colour(width, height, colour):
    """A real PNG with alpha, made without ever holding it."""
    pack = zlib.compressobj(1)
    row = b"\0" + bytes(colour) * width
    rows = b"".join(pack.compress(row) for _ in range(height)) + pack.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def webp_with_false_canvas():
    """A WebP whose header says 100 by 100 and whose picture is 3000 by 3000."""
    inner = encoded(Image.new("RGB", (3000, 3000)), "WEBP", lossless=True)[12:]
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\x63\0\0\x63\0\0"
    body = b"WEBP" + canvas + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


def scan_bomb(scans, size):
    """A progressive JPEG whose last scan is repeated: small to send, long to decode."""
    plain = encoded(quadrants(size), progressive=True, quality=30)
    at = plain.rindex(b"\xff\xda")
    return plain[:at] + plain[at:-2] * scans + plain[-2:]


def gif_of(frames, size=(40, 30)):
    """An animation; its first frame has the four quadrants."""
    first = quadrants(size)
    others = [Image.new("RGB", size, (index % 256, 0, 0)) for index in range(1, frames)]
    return encoded(first, "GIF", save_all=True, append_images=others, duration=50)


def apng_claiming(frames):
    """A PNG that says it has so many frames."""
    return png_claiming(40, 30, extra=chunk(b"acTL", struct.pack(">II", frames, 0)))


def ico():
    """An icon, a type that is not accepted."""
    return encoded(quadrants((64, 64)), "ICO")


def size_of(data):
    """Width and height of an encoded picture."""
    return Image.open(io.BytesIO(data)).size
