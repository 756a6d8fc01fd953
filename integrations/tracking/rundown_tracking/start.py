"""What is known of the process when a run starts, from which every source reads."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rundown_tracking.repository import Repository


@dataclass(frozen=True)
class Start:
    """The start of a run, of which its sources tell until `deadline` (seconds of time.monotonic()).

    `notebook` is an absolute path, nothing where none is known; `folder` is where the code is.
    """

    env: Mapping[str, str]
    notebook: Path | None
    folder: Path | None
    repository: Repository
    deadline: float


def code_folder(notebook: Path | None, in_kernel: bool) -> Path:
    """The folder of the notebook or script that runs; else, as for an installed program, the working directory."""
    if notebook is not None:
        return notebook.parent
    script = Path(sys.argv[0] if sys.argv else "")
    if in_kernel or not script.is_file() or script.absolute().is_relative_to(sys.prefix):
        return Path.cwd()
    return script.absolute().parent
