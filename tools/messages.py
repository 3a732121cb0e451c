"""Keeps the catalogues: finds every sentence people see, merges it, compiles what is translated.

    python tools/messages.py                       merge new sentences into the catalogues
    python tools/messages.py --only es --missing   print what lacks a translation, as JSON lines
    python tools/messages.py --only es --fill F    put translations from a JSON file in

Plain Python on purpose: neither merging nor installing needs the gettext programs.
"""

import argparse
import ast
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

REPOSITORY = Path(__file__).resolve().parent.parent
PROGRAM = REPOSITORY / "porchlight"
LANGUAGES = {
    "es": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 "
    ": n%100>=11 ? 4 : 5;",
}
PLAIN = {"gettext", "gettext_lazy", "gettext_noop", "_"}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
IN_TAG = re.compile(r"""_\((?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\)""")


@dataclass(frozen=True, order=True)
class Sentence:
    """One thing people read: `plural` and `context` are empty where there is none."""

    text: str
    plural: str = ""
    context: str = ""


def _parsed(source: str) -> ast.Module:
    """The same again where Python 3.11 loses count: a collection of garbage in the middle of it may
    run what was left behind by another thread («AST constructor recursion depth mismatch»)."""
    try:
        return ast.parse(source)
    except SystemError:
        return ast.parse(source)


def _words(node: ast.AST) -> str | None:
    """The text of a string constant; None for anything made while running."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_python(source: str) -> Iterator[Sentence]:
    for node in ast.walk(_parsed(source)):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        given = [_words(argument) for argument in node.args[:2]]
        if name in PLAIN and given[:1] and given[0]:
            yield Sentence(given[0])
        elif name in PLURAL and len(given) == 2 and given[0] and given[1]:
            yield Sentence(given[0], plural=given[1])
        elif name in IN_CONTEXT and len(given) == 2 and given[0] and given[1]:
            yield Sentence(given[1], context=given[0])


def in_template(source: str) -> Iterator[Sentence]:
    from django.template import Template
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    template = Template(source)
    for said in template.nodelist.get_nodes_by_type(TranslateNode):
        words = said.filter_expression.var
        if isinstance(words, str):
            yield Sentence(words.replace("%%", "%"), context=_context(said))
        elif getattr(words, "literal", None) and isinstance(words.literal, str):
            yield Sentence(words.literal, context=_context(said))
    for block in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        singular, _names = block.render_token_list(block.singular)
        plural = block.render_token_list(block.plural)[0] if block.plural else ""
        yield Sentence(singular, plural=plural, context=_context(block))
    for double, single in IN_TAG.findall(source):
        yield Sentence(double or single)


def _context(node: object) -> str:
    asked = getattr(node, "message_context", None)
    return str(asked.var) if asked is not None else ""


def all_sentences() -> dict[Sentence, list[str]]:
    """Every sentence people see, with the files it stands in."""
    found: dict[Sentence, list[str]] = {}
    for file in sorted([*PROGRAM.rglob("*.py"), *PROGRAM.rglob("templates/**/*.*")]):
        if {"tests", "migrations"} & set(file.parts) or not file.is_file():
            continue
        reader = in_python if file.suffix == ".py" else in_template
        for sentence in reader(file.read_text("utf-8")):
            where = str(file.relative_to(REPOSITORY))
            if where not in found.setdefault(sentence, []):
                found[sentence].append(where)
    # one text with and without a plural is one entry in a catalogue: the plural form wins
    plural = {(s.text, s.context) for s in found if s.plural}
    return {s: w for s, w in sorted(found.items()) if s.plural or (s.text, s.context) not in plural}


def catalogue_path(language: str) -> Path:
    return PROGRAM / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> polib.POFile:
    path = catalogue_path(language)
    if path.exists():
        return polib.pofile(str(path), encoding="utf-8", wrapwidth=100)
    fresh = polib.POFile(encoding="utf-8", wrapwidth=100)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": LANGUAGES[language],
    }
    return fresh


def merge(language: str) -> polib.POFile:
    """The catalogue with exactly today's sentences; translations of vanished ones go."""
    old = {
        (entry.msgid, entry.msgctxt or ""): entry
        for entry in read_catalogue(language)
        if not entry.obsolete
    }
    merged = read_catalogue(language)
    merged.clear()
    plurals = int(LANGUAGES[language].split(";")[0].split("=")[1])
    for sentence, files in all_sentences().items():
        before = old.get((sentence.text, sentence.context))
        entry = polib.POEntry(
            msgid=sentence.text,
            msgctxt=sentence.context or None,
            occurrences=[(file, "") for file in files],
        )
        if "%(" in sentence.text or "%(" in sentence.plural:
            entry.flags.append("python-format")
        if sentence.plural:
            entry.msgid_plural = sentence.plural
            kept = before.msgstr_plural if before else {}
            entry.msgstr_plural = {form: kept.get(form, "") for form in range(plurals)}
        elif before:
            entry.msgstr = before.msgstr
        merged.append(entry)
    return merged


def is_translated(entry: polib.POEntry) -> bool:
    if entry.msgid_plural:
        return all(entry.msgstr_plural.values())
    return bool(entry.msgstr)


def save(language: str, catalogue: polib.POFile) -> None:
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))


def fill(catalogue: polib.POFile, given: dict[str, str | list[str]]) -> None:
    """Put translations in: {sentence: text}, or a list of all forms where it has a plural."""
    for entry in catalogue:
        said = given.get(entry.msgid)
        if said and entry.msgid_plural and isinstance(said, list):
            entry.msgstr_plural = dict(enumerate(said))
        elif said and isinstance(said, str) and not entry.msgid_plural:
            entry.msgstr = said


def main(arguments: list[str]) -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", choices=sorted(LANGUAGES), help="one language")
    asked.add_argument("--missing", action="store_true", help="print what lacks a translation")
    asked.add_argument(
        "--fill", type=Path, help="a JSON file {sentence: translation or list of forms}"
    )
    chosen = asked.parse_args(arguments)
    for language in [chosen.only] if chosen.only else sorted(LANGUAGES):
        catalogue = merge(language)
        if chosen.fill:
            fill(catalogue, json.loads(chosen.fill.read_text("utf-8")))
        missing = [entry for entry in catalogue if not is_translated(entry)]
        if chosen.missing:
            for entry in missing:
                print(
                    json.dumps(
                        {
                            "id": entry.msgid,
                            "plural": entry.msgid_plural,
                            "in": entry.occurrences[0][0],
                        }
                    )
                )
            continue
        save(language, catalogue)
        print(f"{language}: {len(catalogue)} sentences, {len(missing)} without a translation")


if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "porchlight.settings")
    import django

    django.setup()
    main(sys.argv[1:])
