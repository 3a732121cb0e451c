"""Copy the browser's outside files from node_modules into the program, exactly as they are served.

Run by `npm ci && npm run vendor` after changing a version in package.json. The results are
committed, so that installing and running Porchlight needs no Node.
"""

import io
import json
import re
import shutil
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).parent.parent
NODE = ROOT / "node_modules"
BROWSER = ROOT / "porchlight" / "browser"
STATIC = BROWSER / "static" / "browser"

# English, Spanish and the letters of neighbouring languages that the Latin files hold.
# Every other script uses the fonts of the phone.
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x2010, *range(0x2013, 0x2015)]
LETTERS += [0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x2039, 0x203A]
LETTERS += [0x20AC, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x00D7]

ICONS = [
    "alert-triangle",
    "arrow-left",
    "bell-ringing",
    "chevron-right",
    "copy",
    "device-mobile",
    "door-exit",
    "download",
    "edit",
    "eye",
    "eye-off",
    "file-text",
    "heart",
    "history",
    "id",
    "info-circle",
    "key",
    "language",
    "list",
    "lock",
    "logout",
    "mail",
    "map",
    "message",
    "notes",
    "printer",
    "qrcode",
    "refresh",
    "route",
    "scale",
    "search",
    "send",
    "settings",
    "share",
    "star",
    "sun",
    "text-size",
    "trash",
    "upload",
    "user",
    "users-group",
    "wifi-off",
    "x",
]


def shrink_font(package: str, file: str, weights: tuple[int, int], target: str) -> None:
    """Keep only the letters and weights the pages use."""
    source = NODE / "@fontsource-variable" / package
    font = TTFont(source / "files" / file)
    limits: dict[str, object] = {}
    for axis in font["fvar"].axes:
        limits[axis.axisTag] = weights if axis.axisTag == "wght" else axis.defaultValue
    if weights[0] == weights[1]:
        limits["wght"] = weights[0]
    narrowed = io.BytesIO()
    instantiateVariableFont(font, limits).save(narrowed)
    narrowed.seek(0)
    font = TTFont(narrowed)  # read again: the subsetter trips over tables still in the making
    options = Options(
        flavor="woff2", layout_features=["kern", "liga", "mark", "mkmk", "tnum", "ccmp"]
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    written = io.BytesIO()
    font.save(written)
    (STATIC / "fonts" / f"{target}.woff2").write_bytes(written.getvalue())
    shutil.copy(source / "LICENSE", STATIC / "fonts" / f"{target}.LICENSE.txt")


def copy_htmx() -> None:
    """One file for htmx and its live extension: one request fewer on a slow line."""
    source = NODE / "htmx.org"
    parts = [source / "dist/htmx.min.js", source / "dist/ext/hx-sse.min.js"]
    texts = [re.sub(r"//# sourceMappingURL=.*", "", part.read_text("utf-8")) for part in parts]
    (STATIC / "vendor/htmx.js").write_text(
        "\n".join(text.strip() for text in texts) + "\n", "utf-8"
    )


def copy_icons() -> None:
    """Keep the strokes of the icons we use; our own drawings live in icons/own.svg."""
    symbols = []
    for name in ICONS:
        drawing = (NODE / "@tabler/icons/icons/outline" / f"{name}.svg").read_text("utf-8")
        strokes = " ".join(re.findall(r'<path d="([^"]+)"', drawing))
        symbols.append(f'<symbol id="{name}"><path d="{strokes}"/></symbol>')
    sheet = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (BROWSER / "icons" / "tabler.svg").write_text(sheet, "utf-8")


def note_licences() -> None:
    """Say beside the files whose they are."""
    pinned = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    parts = [
        f"htmx.js: htmx.org {pinned['htmx.org']} with its hx-sse extension, Zero-Clause BSD",
        (NODE / "htmx.org/LICENSE").read_text("utf-8").strip(),
        f"../../../icons/tabler.svg: @tabler/icons {pinned['@tabler/icons']}, MIT",
        (NODE / "@tabler/icons/LICENSE").read_text("utf-8").strip(),
        "../fonts: Atkinson Hyperlegible Next and Bricolage Grotesque, subsets, SIL OFL 1.1;\n"
        "the licences stand beside the files.",
    ]
    (STATIC / "vendor/LICENSES").write_text("\n\n---\n\n".join(parts) + "\n", "utf-8")


def copy_axe() -> None:
    """The accessibility checker is for tests only and is never served."""
    target = ROOT / "tests" / "vendor"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(NODE / "axe-core/axe.min.js", target / "axe.min.js")
    shutil.copy(NODE / "axe-core/LICENSE", target / "axe.LICENSE.txt")


if __name__ == "__main__":
    shrink_font(
        "atkinson-hyperlegible-next",
        "atkinson-hyperlegible-next-latin-wght-normal.woff2",
        (400, 700),
        "atkinson-next",
    )
    shrink_font(
        "bricolage-grotesque",
        "bricolage-grotesque-latin-wght-normal.woff2",
        (700, 700),
        "bricolage",
    )
    copy_htmx()
    copy_icons()
    note_licences()
    copy_axe()
