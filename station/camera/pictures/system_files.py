"""Files and folders that systems, drives and programs keep for themselves among the pictures of a person."""

import re
from fnmatch import fnmatchcase

_FOLDERS = frozenset(
    name.lower()
    for name in (
        "@eaDir",  # Synology: thumbnails
        "@SynoResource",
        "@tmp",
        "#recycle",
        "#snapshot",
        "~snapshot",
        "@Recycle",  # QNAP
        "@Recently-Snapshot",
        "__MACOSX",  # archives from a Mac
        "Network Trash Folder",
        "Temporary Items",
        "$RECYCLE.BIN",  # Windows
        "RECYCLER",
        "RECYCLED",
        "System Volume Information",
        "$Extend",
        "Config.Msi",
        "lost+found",  # Linux
        "LOST.DIR",  # Android
        "__pycache__",
        "_gsdata_",  # GoodSync
        "_thumbs",  # viewers and galleries
        "_thumbnails",
        "thumbs",
        "thumbnails",
    )
)
_FOLDER_KINDS = (".*", "found.[0-9][0-9][0-9]", "trash-[0-9]*")

_FILES = frozenset(
    (
        "thumbs.db",
        "ehthumbs.db",
        "ehthumbs_vista.db",
        "desktop.ini",
        "icon\r",
        "autorun.inf",
        "picasa.ini",
        "zbthumbnail.info",
        "pspbrwse.jbf",
        "$recycle.bin",
    )
)
_TEMPORARY = """.* ~$* *~ *.tmp *.temp *.part *.partial *.crdownload *.download *.filepart *.swp *.swo *.bak *.lnk *.url
*.aux.xml *.!ut *.opdownload thumbs.db:* *.thumb"""
_FILE_KINDS = tuple(_TEMPORARY.split())
_BESIDE_AN_ORIGINAL = re.compile(r"\d{4,}(-.+)?-[0-9a-f]{8}-(thumbnail\.jpg|map\.png)")
"""How the station names the small picture and the map of a part, which lie beside its picture."""
_OF_RECORDS = "small pictures and maps of the station's records"


def is_system_folder(name: str) -> bool:
    """Return whether a folder of this name holds nothing that a person put there: hidden, thumbnails, waste."""
    lower = name.lower()
    return lower in _FOLDERS or any(fnmatchcase(lower, kind) for kind in _FOLDER_KINDS)


def is_system_file(name: str) -> bool:
    """Return whether a file of this name is hidden, temporary, a back-up copy, or kept by a system for itself."""
    lower = name.lower()
    known = lower in _FILES or any(fnmatchcase(lower, kind) for kind in _FILE_KINDS)
    return known or _BESIDE_AN_ORIGINAL.fullmatch(name) is not None


def name_of_kind(name: str) -> str:
    """Return how files such as this system file are counted: by their own name, as "hidden" or as "temporary"."""
    if _BESIDE_AN_ORIGINAL.fullmatch(name):
        return _OF_RECORDS
    if name.lower() in _FILES or name == ".DS_Store":
        return name
    return "hidden" if name.startswith(".") else "temporary"
