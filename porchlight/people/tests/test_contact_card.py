"""The contact card: kept and starred, our texts and calls get through while a phone is silent."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.people.models import Network, Person
from porchlight.people.tests import cast

NUMBERS = ("+31612345678", "+31201234567")
STEPS = {
    "en": [
        "Open the contact and tap the star.",
        "Open the phone's settings and look for «Do not disturb».",
        "Choose «People», and let starred contacts call and text.",
    ],
    "es": [
        "Abre el contacto y toca la estrella.",
        "Abre los ajustes del teléfono y busca «No molestar».",
        "Elige «Personas» y deja que los contactos con estrella llamen y envíen mensajes.",
    ],
    "ar": [
        "افتح جهة الاتصال وانقر النجمة.",
        "افتح إعدادات الهاتف وابحث عن «عدم الإزعاج».",
        "اختر «الأشخاص»، واسمح لجهات الاتصال المميزة بنجمة بالاتصال والمراسلة.",
    ],
}
"""To star it, where the phone keeps quiet, and that starred people get through: word for word, so
that no catalogue loses one of them."""
KEPT_FIRST = {
    "en": "1. Keep the contact",
    "es": "1. Guarda el contacto",
    "ar": "1. حفظ جهة الاتصال",
}
IPHONE = {"en": "Emergency Bypass", "es": "Emergency Bypass", "ar": "تجاوز للطوارئ"}


@pytest.fixture
def bo(db: None, settings: Any) -> Client:
    settings.PHONE_NUMBERS = NUMBERS
    return cast.signed_in(Client(), cast.bo())


def address(name: str) -> str:
    return reverse(f"people:{name}", args=["linden"])


def read(client: Client, language: str) -> Any:
    """The page in somebody's own language."""
    Person.objects.filter(name="Bo").update(language=language)
    return client.get(address("card"))


def words_of(piece: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", piece)).split())


@pytest.mark.parametrize("language", STEPS)
def test_the_star_that_passes_do_not_disturb_is_a_step_of_the_page(
    bo: Client, language: str
) -> None:
    answer = read(bo, language)
    assert answer["Content-Language"] == language
    page = answer.content.decode()
    lists = [re.findall(r"<li>(.*?)</li>", one, re.S) for one in re.findall("<ol>(.*?)</ol>", page)]
    assert STEPS[language] in [[words_of(step) for step in steps] for steps in lists]
    said = words_of(page)
    assert said.index(KEPT_FIRST[language]) < said.index(STEPS[language][0])
    assert IPHONE[language] in said


@pytest.mark.parametrize("language", STEPS)
def test_the_page_and_the_card_name_the_number_that_texts_and_calls_come_from(
    bo: Client, language: str
) -> None:
    page = read(bo, language).content.decode()
    assert f'href="{address("card-file")}"' in page
    card = bo.get(address("card-file")).content.decode()
    lines = card.replace("\r\n ", "").split("\r\n")
    numbers = [line.rpartition(":")[2] for line in lines if line.startswith("TEL")]
    assert numbers == list(NUMBERS)
    for number in numbers:
        assert number in words_of(page)
    assert f"FN:{Network.objects.get(slug='linden').name}" in lines


def test_the_card_is_one_tap_from_how_i_can_be_reached_and_from_letting_this_phone_ring(
    bo: Client,
) -> None:
    for name in ("addresses", "push"):
        assert f'href="{address("card")}"' in bo.get(address(name)).content.decode()
