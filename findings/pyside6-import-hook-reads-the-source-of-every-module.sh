#!/usr/bin/env bash
# PySide6 6.11.3: after `import PySide6.QtCore`, every module that a program imports is also read as source text: the
# import that PySide6 puts in the place of Python's own calls inspect.getsource() on each new module and looks for the
# word "PySide6" in it, for the sake of `from __feature__ import ...`. The text stays in linecache.
# A program that imports Qt first and SQLAlchemy later keeps 5.7 MB of text, in single lines 13 MB, that nobody asks for.
# Expected: a switch that only few programs use costs the others nothing.
# With Python's own `__import__` put back after Qt is loaded, only the few files are read that SQLAlchemy itself inspects.
# Exits 0 while PySide6 behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q PySide6_Essentials==6.11.3 shiboken6==6.11.3 sqlalchemy==2.1.9
cd "$place"
cat > measured.py <<'PY'
import builtins
import linecache
import sys
import time

own_import = builtins.__import__
import PySide6.QtCore

if sys.argv[1] == "own":
    builtins.__import__ = own_import
began = time.process_time()
import sqlalchemy

texts = [entry[2] for name, entry in linecache.cache.items() if name.endswith(".py") and len(entry) == 4]
size = sum(len(line) for lines in texts for line in lines)
print(f"{sys.argv[1]:8} {len(texts):4} files read as text, {size / 1e6:4.1f} MB, {time.process_time() - began:.2f} s")
PY
"$place/venv/bin/python" -c "import PySide6.QtCore, sqlalchemy"  # compiles the byte code
read_by_pyside=$("$place/venv/bin/python" measured.py pyside)
read_by_own=$("$place/venv/bin/python" measured.py own)
echo "$read_by_pyside"
echo "$read_by_own"
[[ $(awk '{print $2}' <<< "$read_by_pyside") -gt 50 && $(awk '{print $2}' <<< "$read_by_own") -lt 20 ]]
