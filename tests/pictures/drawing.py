"""Where pictures stand, and how they are made small."""

from __future__ import annotations

import io
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from PIL import Image, ImageChops

_ROOT = Path(__file__).parents[2]
IMAGES, MADE = _ROOT / "docs" / "images", _ROOT / "build" / "pictures"
LANGUAGES = ("en", "es")
#: Of a window, in CSS pixels.
WIDE, HIGH = 1280, 900
#: White below what is last is cut away, but for this.
_MARGIN = 24
_COLOURS, _MOST_BYTES = 96, 150_000


def told(words: Sequence[str], every: Collection[str]) -> set[str]:
    """The pictures that were asked for: all where none is named."""
    if unknown := set(words) - set(every):
        sys.exit(f"no picture is called {', '.join(sorted(unknown))}; there are {sorted(every)}")
    return set(words) or set(every)


def keep(png: bytes, name: str, language: str) -> None:
    """Write a picture in few colours."""
    path = IMAGES / f"{name}{'' if language == 'en' else f'.{language}'}.png"
    drawn = Image.open(io.BytesIO(png)).convert("RGB")
    _, _, _, bottom = ImageChops.invert(drawn).getbbox() or (0, 0, 0, drawn.height)
    drawn = drawn.crop((0, 0, drawn.width, min(bottom + _MARGIN, drawn.height)))
    drawn.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    sys.stdout.write(f"{path.name}: {drawn.width} x {drawn.height}, {size / 1000:.0f} kB\n")
    if size > _MOST_BYTES:
        sys.exit(f"{path} has more than {_MOST_BYTES} bytes")
