"""Pictures: small, upright, nothing in them but what is seen; nothing odd breaks the program."""

import base64
import io
import os
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from porchlight.alerts import models
from porchlight.alerts.forms.pictures import LARGEST_KEPT, LARGEST_SENT, small_jpeg
from porchlight.alerts.queries.words import missing_words
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tests.scene import Scene, scene
from porchlight.browser.middleware import most_bytes
from porchlight.kit import clock
from porchlight.people.tests import cast

GPS = 0x8825
ORIENTATION = 0x0112
CANARY = "Camera of Lena"


def photo(kind: str = "JPEG", size: tuple[int, int] = (3000, 2000), **more: Any) -> bytes:
    """A picture that hardly packs, with where and by what it was taken."""
    noise = Image.frombytes(
        "RGB", (size[0] // 4, size[1] // 4), os.urandom(size[0] * size[1] // 16 * 3)
    )
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = CANARY
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[1] = "N"
    noise.resize(size).save(out, format=kind, exif=exif, **more)
    return out.getvalue()


def opened(kept: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(kept)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_small_and_says_nothing_of_where_it_was_taken(kind: str) -> None:
    kept = small_jpeg(photo(kind, (1800, 1200)))
    assert kept is not None
    raw = base64.b64decode(kept)
    found = opened(kept)
    assert len(raw) <= LARGEST_KEPT
    assert found.format == "JPEG"
    assert not found.getexif()
    assert CANARY.encode() not in raw
    assert found.size[0] < found.size[1]  # turned upright before the note about it was taken out
    assert max(found.size) == 1024


def test_what_is_see_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, format="PNG")
    kept = small_jpeg(out.getvalue())
    assert kept is not None
    assert opened(kept).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"not a picture",
        b"\xff\xd8\xff\xe0 begins like one",
        b"GIF89a" + bytes(50),
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        bytes(LARGEST_SENT + 1),
        photo()[:5000],
    ],
    ids=["nothing", "words", "torn head", "gif", "pdf", "svg", "too large", "torn off"],
)
def test_what_is_no_picture_is_refused(odd: bytes) -> None:
    assert small_jpeg(odd) is None


def test_a_small_file_that_unfolds_into_a_giant_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 8_000)).save(out, format="PNG")
    assert len(out.getvalue()) < 1_000_000
    assert small_jpeg(out.getvalue()) is None


def test_only_the_page_for_pictures_takes_large_bodies() -> None:
    assert most_bytes("/n/linden/help/missing/") >= LARGEST_SENT
    for path in ("/n/linden/help/", "/n/linden/help/missing/x", "/", "/n/help/missing/"):
        assert most_bytes(path) == 2_000_000


@pytest.fixture
def street(db: None) -> Scene:
    return scene()


def send(street: Scene, picture: bytes) -> Any:
    return cast.signed_in(Client(), street.people["Lena"]).post(
        "/n/linden/help/missing/",
        {
            "client_key": str(uuid4()),
            "who": "Tim",
            "second": str(street.id("Sofie")),
            "is_family": "on",
            "picture": SimpleUploadedFile(f"{CANARY}.jpg", picture),
        },
    )


def test_a_picture_of_several_megabytes_arrives_small_and_guarded(street: Scene) -> None:
    large = photo("PNG", (2400, 1800))
    assert 2_000_000 < len(large) < LARGEST_SENT
    assert send(street, large).status_code == 302
    alert = models.Alert.objects.get()
    row = models.AlertWords.objects.get(alert=alert)
    assert b"JFIF" not in bytes(row.picture_guarded or b"")
    shown = missing_words(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    assert opened(shown.picture).format == "JPEG"


def test_a_file_we_cannot_read_is_a_sentence_and_the_rest_is_kept(street: Scene) -> None:
    answer = send(street, b"no picture")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert WhyNot.PICTURE.value in page
    assert ">\nTim</textarea>" in page
    assert not models.Alert.objects.exists()
