"""Three languages, complete, with the same blanks in each sentence."""

import re
import sys
from pathlib import Path

import polib
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from tools import messages

BLANK = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]")
LANGUAGES = sorted(messages.LANGUAGES)


def blanks(text: str) -> list[str]:
    return sorted(match.group(0) for match in BLANK.finditer(text))


def catalogue(language: str) -> polib.POFile:
    return messages.read_catalogue(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_on_the_screen_is_in_the_catalogue(language: str) -> None:
    known = {
        (entry.msgid, entry.msgid_plural, entry.msgctxt or "") for entry in catalogue(language)
    }
    wanted = {(s.text, s.plural, s.context) for s in messages.all_sentences()}
    assert sorted(wanted - known) == []
    assert sorted(known - wanted) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    assert [e.msgid for e in catalogue(language) if not messages.is_translated(e) or e.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_the_same_blanks(language: str) -> None:
    wrong = []
    for entry in catalogue(language):
        if not entry.msgid_plural:
            if blanks(entry.msgid) != blanks(entry.msgstr):
                wrong.append(entry.msgid)
            continue
        allowed = set(blanks(entry.msgid_plural)) | set(blanks(entry.msgid))
        few = 3 if language == "ar" else 1  # "one" and "two" may say the number in words
        for form, said in entry.msgstr_plural.items():
            if not set(blanks(said)) <= allowed or (form >= few and set(blanks(said)) != allowed):
                wrong.append(f"{entry.msgid} [{form}]")
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_one_in_the_text_file(language: str) -> None:
    path = messages.catalogue_path(language)
    compiled = {
        (e.msgid, e.msgctxt): (e.msgstr, e.msgstr_plural)
        for e in polib.mofile(str(path.with_suffix(".mo")))
    }
    written = {(e.msgid, e.msgctxt): (e.msgstr, e.msgstr_plural) for e in catalogue(language)}
    assert {key: value for key, value in written.items() if compiled.get(key) != value} == {}


def test_a_sentence_with_a_plural_is_found_in_python_and_in_templates() -> None:
    assert list(messages.in_python('x = ngettext("%(n)d seat", "%(n)d seats", n)')) == [
        messages.Sentence("%(n)d seat", plural="%(n)d seats")
    ]
    source = (
        "{% load i18n %}{% blocktranslate trimmed count n=n %}\n one {{ n }}\n"
        "{% plural %}\n many {{ n }}\n{% endblocktranslate %}"
    )
    assert list(messages.in_template(source)) == [
        messages.Sentence("one %(n)s", plural="many %(n)s")
    ]
