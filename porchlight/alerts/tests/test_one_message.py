"""Every text of every catalogue is one message with its link and digits, and gives nothing away."""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from porchlight.alerts.rules import words
from porchlight.notices.queries.words import AGAIN, render
from porchlight.notices.rules import Wording, bare, wish
from porchlight.notices.rules.texting import fit, segments

LINK = "https://porchlight.example.org/a/abcdefghij/"
"""As long as most: 44 letters."""
FACTS = {
    "codes": "AB 20:14, CD 20:31, EF 20:40",
    "asked": "88",
    "coming": "9",
    "number": "112",
    "place": "By the bakery",
}
SAID = {name: one for name, one in vars(words).items() if isinstance(one, Wording)}
LANGUAGES = [code for code, _name in settings.LANGUAGES]
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


def wording_of(name: str) -> Wording:
    one = SAID[name]
    return replace(one, facts=FACTS if "%(" in one.text else {})


def said(name: str, language: str) -> str:
    return fit(render(wording_of(name), language), LINK)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAID)
def test_one_message_with_the_link(name: str, language: str) -> None:
    text = said(name, language)
    assert segments(text) == 1
    assert text.endswith(LINK) or name not in LEADING
    for telling in TELLING.get(language, ()):
        assert telling not in text.casefold()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_names_its_three_digits(name: str, language: str) -> None:
    text = said(name, language).removesuffix(LINK)
    for digit in "123":
        assert digit in text


# ---------- words that carriers take for themselves ----------

RESERVED = {
    "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "help", "info", "yes", "start",
    "unstop", "opt out",
}  # fmt: skip
"""Where a phone writes one of these, a carrier may answer in our place, or shut us out. Source:
research/alerting.md 7.3; SAFETY.md 9."""
ASKS = re.compile(
    r"(?:write|reply|answer|text|send|press|type|escrib\w+|respond\w+|contest\w+|env\w+|manda\w*"
    r"|puls\w+|marca\w*|اكتب\w*|أجب\w*|أجيب\w*|أرسل\w*|رد|اضغط\w*)\W+(\w+)"
)
TO_DO = re.compile(r"(?<![\w'])[\d٠-٩]\W+(\w+)")
"""What stands behind a digit is said of that digit: «1 yes» is answered by «1»."""


def phone_words(name: str, language: str) -> list[str]:
    """Everything a text may say of one wording: whole, short, with answers, and once more.

    Its line is read on pages and letters, and goes into no text.
    """
    rendered = render(wording_of(name), language)
    with override(language):
        marks = ("", gettext(AGAIN))
    whole = [fit(rendered, link, mark) for link in ("", LINK) for mark in marks]
    titles = replace(rendered, text="", short_text="")
    whole += [fit(titles, link, mark) for link in ("", LINK) for mark in marks]
    return [*whole, rendered.title, rendered.text, rendered.short_text]


def carriers_words(said: str) -> list[str]:
    """Which words of the carriers' a text begins with, shouts, asks for, or has beside no digit."""
    low = said.removesuffix(LINK).casefold()
    first = next(iter(re.findall(r"\w+", low)), "")
    asked = set(ASKS.findall(low)) | {first}
    bare_of_digits = TO_DO.sub(" ", low)
    return sorted(
        word
        for word in RESERVED
        if word in asked
        or re.search(rf"\b{word.upper()}\b", said)
        or re.search(rf"\b{word}\b", bare_of_digits)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAID)
def test_no_text_asks_for_a_word_of_the_carriers(name: str, language: str) -> None:
    found = {said: carriers_words(said) for said in phone_words(name, language)}
    assert {said: words for said, words in found.items() if words} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAID)
def test_no_answer_is_called_by_a_word_of_the_carriers(name: str, language: str) -> None:
    """Whoever types the label of an answer, and not its digit, is heard too."""
    for option in render(wording_of(name), language).answers:
        assert bare(option.label) not in RESERVED
        assert wish(option.label) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_other_languages_are_not_the_english_ones(language: str) -> None:
    """Else the two tests above would look at the same words three times."""
    same = [name for name in SAID if phone_words(name, language) == phone_words(name, "en")]
    assert same == (list(SAID) if language == "en" else [])


@pytest.mark.parametrize(
    ("said", "found"),
    [("Stop: nobody comes", ["stop"]), ("Write YES now", ["yes"]), ("Or CANCEL it.", ["cancel"]),
     ("Para salir escribe «info».", ["info"]), ("أجب help", ["help"]),
     ("Is this the end?", ["end"]), ("Say quit", ["quit"]),
     ("1 yes, 2 no, 3 help from here", []), ("Depend on us", [])],
)  # fmt: skip
def test_this_search_finds_words_of_the_carriers(said: str, found: list[str]) -> None:
    assert carriers_words(said) == found
