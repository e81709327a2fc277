#!/usr/bin/env bash
# reportlab 5.1.0: of two TrueType fonts with the same PostScript name (two cuts of one font, say), one document gets
# only one font file: the text set in the other font shows boxes, and reading the PDF gives NUL for its letters.
# Nothing is reported. Expected: each registered font is embedded, as their registered names differ.
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

def font(letters, ps_name):
    names = {ord(c): f"u{ord(c):04X}" for c in " " + letters}
    order, drawn = [".notdef", *names.values()], {}
    for glyph in order:
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0)); pen.lineTo((0, 700)); pen.lineTo((700, 0)); pen.closePath()
        drawn[glyph] = pen.glyph()
    b = FontBuilder(1000)
    b.setupGlyphOrder(order); b.setupCharacterMap(names); b.setupGlyf(drawn)
    b.setupHorizontalMetrics({g: (1000, 0) for g in order}); b.setupHorizontalHeader(ascent=900, descent=-100)
    b.setupNameTable({"familyName": ps_name, "styleName": "Regular", "psName": ps_name}); b.setupOS2(); b.setupPost()
    content = io.BytesIO(); b.save(content); content.seek(0)
    return content

def text_of(first, second):
    pdfmetrics.registerFont(TTFont("One" + first, font("ЖЗИ", first)))
    pdfmetrics.registerFont(TTFont("Two" + second, font("ΛΞΠ", second)))
    paper = io.BytesIO(); canvas = Canvas(paper)
    canvas.setFont("One" + first, 12); canvas.drawString(50, 700, "ЖЗИ")
    canvas.setFont("Two" + second, 12); canvas.drawString(50, 600, "ΛΞΠ")
    canvas.save()
    return PdfReader(paper).pages[0].extract_text().split()

apart, alike = text_of("Alpha", "Beta"), text_of("Gamma", "Gamma")
print("PostScript names differ:", ascii(apart))
print("PostScript names alike: ", ascii(alike))
sys.exit(0 if sorted(apart) == sorted(["ЖЗИ", "ΛΞΠ"]) and sorted(alike) != sorted(apart) else 1)
PY
