"""One place for what the site looks like: static/src/css/tokens.css. The other style sheets speak in its words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.gallery.__main__ import IMAGES, KEPT_BYTES, file_name, shown_in_docs
from tests.gallery.looks import LOOKS
from tests.gallery.scenes import SCENES
from tests.quality.tree import sources
from tests.support.site import ROOT

TOKENS = ROOT / "static" / "src" / "css" / "tokens.css"
NAMED = "white|black|red|green|blue|gray|grey"
COLOUR = rf"#[0-9a-f]{{3,8}}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|(?<![\w-])(?:{NAMED})(?![\w-])"
LENGTH = r"(?<![\w.-])\d*\.?\d+(?:px|rem|pt)\b"
RAW = {
    "a colour": (r"(?!content)[\w-]+", COLOUR),
    "a size of letters": (r"font|font-size", LENGTH),
    "a corner": (r"border(?:-[a-z-]+)?-radius", LENGTH),
    "a shadow": (r"box-shadow", r"\brgb|\d+px \d+px \d"),
    "a movement": (r"transition|animation", r"\d+m?s\b|cubic-bezier"),
}
# Where nobody looks at the site's own page: on paper, and where a reader's wish overrules the tokens.
APART = {"print.css"}


def declarations() -> Iterator[tuple[str, str, str]]:
    """File, property and value of everything that our style sheets but the tokens say."""
    for path, text in sources(".css"):
        if path.parts[:3] != ("static", "src", "css") or path.name in {TOKENS.name, *APART}:
            continue
        bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        for name, value in re.findall(r"([\w-]+)\s*:\s*([^;{}]+);", bare):
            yield path.name, name, " ".join(value.split())


@pytest.mark.parametrize("kind", RAW)
def test_only_the_tokens_say(kind: str) -> None:
    where, what = RAW[kind]
    found = [
        f"{file}: {name}: {value}"
        for file, name, value in declarations()
        if re.fullmatch(where, name) and re.search(what, value, re.IGNORECASE)
    ]
    assert found == []


# What is a side of its own whichever way a text runs.
SIDES = {
    "prose_blocks.css: text-align: left",  # as its writer has it
    "prose_blocks.css: text-align: right",
    "prose.css: text-align: right",
}
# In the middle, from side to side, and for browsers that do not know `inline-start` there.
EITHER = {"left: 50%", "left: 0 !important", "right: 0", "float: left"}


def test_no_rule_knows_left_from_right() -> None:
    """Pages and texts that read from the right are laid out by the same rules."""
    found = [
        f"{file}: {name}: {value}"
        for file, name, value in declarations()
        if re.search(r"(?:^|-)(left|right)(?:-|$)", name) or value in {"left", "right"}
        if f"{name}: {value}" not in EITHER
    ]
    assert set(found) == SIDES


def test_every_token_is_used_and_every_word_is_a_token() -> None:
    """A word is also what a rule sets for its own parts, or a script for an element."""
    said = "".join(text for path, text in sources(".css", ".ts") if path.parts[0] == "static")
    tokens = set(re.findall(r"^ +(--[\w-]+):", TOKENS.read_text(), re.MULTILINE))
    used = set(re.findall(r"var\((--[\w-]+)", said))
    assert tokens - used == set()
    assert used - set(re.findall(r"(--[\w-]+)[\"']?[:,]", said)) == set()


CONTRASTS = {
    **dict.fromkeys(("ink", "ink-soft", "accent", "accent-strong"), ("sheet", "desk", "raised", "accent-wash")),
    **{name: ("sheet", "desk", "raised", f"{name}-wash") for name in ("danger", "good", "warn")},
    **{f"ink-{name}": ("sheet", "raised", f"wash-{name}") for name in ("gray", "brown", "orange", "yellow", "green")},
    **{f"ink-{name}": ("sheet", "raised", f"wash-{name}") for name in ("teal", "blue", "purple", "red")},
    "on-action": ("action", "action-strong"),
    "on-accent": ("accent", "accent-strong"),
}


def palette(theme: str) -> dict[str, str]:
    """The tokens that are plain colours, as #rrggbb; dark ones stand on those of the light theme."""
    light, _, dark = TOKENS.read_text().partition("@media screen and (prefers-color-scheme: dark)")
    said = light + (dark.partition("@media print")[0] if theme == "dark" else "")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", said))
    return colours | {"accent": colours["rubric"]}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_written_can_be_read(theme: str) -> None:
    """4.5 to 1 for letters, 3 to 1 for the edge of a field (WCAG 2.2 AA)."""
    colours = palette(theme)
    pairs = [(name, ground, 4.5) for name, grounds in CONTRASTS.items() for ground in grounds]
    pairs += [("edge", ground, 3.0) for ground in ("sheet", "raised")]
    weak = {
        f"{name} on {ground}": round(found, 2)
        for name, ground, least in pairs
        if (found := contrast(colours[name], colours[ground])) < least
    }
    assert weak == {}


def contrast(one: str, other: str) -> float:
    """The contrast ratio by WCAG 2.2 of two colours as #rrggbb."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_pictures_in_the_docs_can_be_renewed_and_are_small() -> None:
    scenes = {file_name(scene, look) for scene in SCENES for look in LOOKS.values()}
    kept = {path.name: path.stat().st_size for path in IMAGES.glob("*.png")}
    assert set(kept) == shown_in_docs() <= scenes
    assert max(kept.values()) <= KEPT_BYTES
