"""One's own file: everything as JSON, and what is no text as files beside it, in one zip."""

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

EVERYTHING = "everything.json"


@dataclass(frozen=True, kw_only=True)
class File:
    """Something in an export that is no text, such as a picture."""

    name: str
    """With its ending; a number is put before it, so that two of one name do not meet."""
    content: bytes = field(repr=False)


def zipped(parts: Iterable[dict[str, Any]]) -> bytes:
    """All answers to `export_of` as one zip; in the JSON a file is the path to it."""
    files: list[File] = []
    found: dict[str, Any] = {}
    for part in parts:
        found |= {key: _with_paths(value, files) for key, value in part.items()}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as together:
        together.writestr(
            EVERYTHING, json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        )
        for number, file in enumerate(files, start=1):
            together.writestr(_path(number, file), file.content)
    return held.getvalue()


def _with_paths(value: Any, files: list[File]) -> Any:
    if isinstance(value, File):
        files.append(value)
        return _path(len(files), value)
    if isinstance(value, dict):
        return {key: _with_paths(one, files) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_with_paths(one, files) for one in value]
    return value


def _path(number: int, file: File) -> str:
    return f"files/{number}-{file.name}"
