"""Every text of every catalogue is one message with its link and digits, and gives nothing away."""

import pytest
from django.conf import settings

from porchlight.alerts.rules import words
from porchlight.notices.queries.words import render
from porchlight.notices.rules import Wording
from porchlight.notices.rules.texting import fit, segments

LINK = "https://porchlight.example.org/a/abcdefghij/"
"""As long as most: 44 letters."""
FACTS = {"codes": "AB 20:14, CD 20:31, EF 20:40", "number": "112", "place": "By the bakery"}
SAID = {name: one for name, one in vars(words).items() if isinstance(one, Wording)}
QUESTIONS = ("INVITE", "MORE")
LEADING = (
    *QUESTIONS,
    "SECOND",
    "SOMEBODY_COMES",
    "ENOUGH_COME",
    "PLACE",
    "NEW_PLACE",
    "RING",
    "RING_LATE",
    "OVER",
)
"""These lead to a page; a reply to a text says all there is."""
TELLING = {
    "en": ("hurt", "ill", "fire", "unsafe", "missing", "police", "violence", "address"),
    "es": ("herid", "enferm", "fuego", "perdid", "polic", "violencia"),
    "ar": ("مريض", "حريق", "مفقود", "شرطة", "عنف"),
}
"""Words that would tell a carrier or a locked phone what it is about."""


def said(name: str, language: str) -> str:
    one = SAID[name]
    wording = Wording(
        title=one.title,
        line=one.line,
        text=one.text,
        short_text=one.short_text,
        facts=FACTS if "%(" in one.text else {},
        answers=one.answers,
    )
    return fit(render(wording, language), LINK)


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("name", SAID)
def test_one_message_with_the_link(name: str, language: str) -> None:
    text = said(name, language)
    assert segments(text) == 1
    assert text.endswith(LINK) or name not in LEADING
    for telling in TELLING.get(language, ()):
        assert telling not in text.casefold()


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_names_its_three_digits(name: str, language: str) -> None:
    text = said(name, language).removesuffix(LINK)
    for digit in "123":
        assert digit in text


@pytest.mark.parametrize("name", SAID)
def test_carrier_words_are_never_asked_for(name: str) -> None:
    written = f" {SAID[name].text} {SAID[name].short_text} ".replace(":", " ").replace(".", " ")
    for reserved in ("STOP", "CANCEL", "END", "QUIT", "HELP", "INFO", "YES"):
        assert f" {reserved} " not in written
