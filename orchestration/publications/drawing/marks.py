"""The mark on a figure that travels without its page: that its data are synthetic.

Belongs here: adding a line under a finished drawing, SVG or PNG. Not here: the drawing, and the page's own banner.
"""

import io
import re

from orchestration.publications.drawing.figures import MARGIN, PNG_DPI, QUIET, WEB_FONTS, font_file

SYNTHETIC = "Synthetic data: about nobody."
_POINTS = 9.5
_STRIP = 0.25  # inches


def marked_svg(svg: str) -> str:
    """The drawing with the mark under it and in its alternative text. Raises ValueError where it has no view box."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise ValueError("the drawing has no view box that begins at 0 0")
    height = float(found[2])
    taller = svg.replace(found[0], f'viewBox="0 0 {found[1]} {height + 72 * _STRIP:g}"', 1)
    line = f'<text x="0" y="{height + 72 * _STRIP - 5:g}" style="font: {_POINTS}px {WEB_FONTS}; fill: {QUIET}"'
    line += f">{SYNTHETIC}</text>"
    body, _, rest = taller.rpartition("</svg>")
    return f"{body}{line}\n</svg>{rest}".replace('aria-label="', f'aria-label="{SYNTHETIC} ', 1)


def marked_png(png: bytes) -> bytes:
    """The drawing with the mark under it."""
    from PIL import Image, ImageDraw, ImageFont

    drawn = Image.open(io.BytesIO(png)).convert("RGB")
    strip = round(_STRIP * PNG_DPI)
    taller = Image.new("RGB", (drawn.width, drawn.height + strip), "white")
    taller.paste(drawn)
    font = ImageFont.truetype(font_file(), round(_POINTS / 72 * PNG_DPI))
    ImageDraw.Draw(taller).text((round(MARGIN * PNG_DPI), drawn.height - strip // 4), SYNTHETIC, fill=QUIET, font=font)
    buffer = io.BytesIO()
    taller.save(buffer, format="png", dpi=(PNG_DPI, PNG_DPI))
    return buffer.getvalue()
