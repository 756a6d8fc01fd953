"""What takes long to make is kept in .bench/ for the next time, under a name that says what it is."""

import shutil
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".bench"


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name, made whole or not at all; older ones of the same kind (up to the first @) go."""
    there = FOLDER / name
    if there.exists():
        return there
    kind = name.partition("@")[0]
    FOLDER.mkdir(exist_ok=True)
    for older in FOLDER.glob(f"{kind}@*"):
        shutil.rmtree(older)
    part = FOLDER / f"{kind}@part"
    part.mkdir()
    make(part)
    part.rename(there)
    return there
