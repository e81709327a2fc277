#!/usr/bin/env bash
# reportlab 5.1.0: a letter beyond U+FFFF (as in the Japanese name Yoshino, U+20BB7) is drawn, but the table by which a
# reader copies or searches the text names it by five hex digits, <20BB7>. PDF wants UTF-16BE there: <D842DFB7>.
# pypdf says "Odd-length string" and leaves the letter out.
# Exits 0 while reportlab behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q reportlab==5.1.0 fonttools==4.68.0 pypdf==7.1.0
cd "$place"
"$place/venv/bin/python" - <<'PY'
import io, sys
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

letters = "\U00020bb7\u91ce"
names = {ord(c): f"u{ord(c):05X}" for c in " " + letters}
order, drawn = [".notdef", *names.values()], {}
for glyph in order:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0)); pen.lineTo((0, 700)); pen.lineTo((700, 0)); pen.closePath()
    drawn[glyph] = pen.glyph()
b = FontBuilder(1000)
b.setupGlyphOrder(order); b.setupCharacterMap(names); b.setupGlyf(drawn)
b.setupHorizontalMetrics({g: (1000, 0) for g in order}); b.setupHorizontalHeader(ascent=900, descent=-100)
b.setupNameTable({"familyName": "Drawn", "styleName": "Regular", "psName": "Drawn"}); b.setupOS2(); b.setupPost()
content = io.BytesIO(); b.save(content); content.seek(0)
pdfmetrics.registerFont(TTFont("Drawn", content))
paper = io.BytesIO(); canvas = Canvas(paper, pageCompression=0)
canvas.setFont("Drawn", 12); canvas.drawString(50, 700, letters); canvas.save()
page = PdfReader(paper).pages[0]
tables = [f.get_object()["/ToUnicode"].get_object().get_data() for f in page["/Resources"]["/Font"].get_object().values()
          if "/ToUnicode" in f.get_object()]
odd = any(b"<20BB7>" in table.upper() for table in tables)
print("five digits in the table:", odd)
print("read back:", ascii(page.extract_text()), "drawn:", ascii(letters))
sys.exit(0 if odd and letters not in page.extract_text() else 1)
PY
