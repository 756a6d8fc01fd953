"""Which notebook a run was started from: VS Code, Jupyter and papermill say so, each in its own way."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from rundown_tracking.start import Start

SOURCE, TYPE = "mlflow.source.name", "mlflow.source.type"
SUFFIX = ".ipynb"


def shell() -> Any:
    """The IPython of a notebook's kernel; nothing in a script and in a terminal's IPython."""
    ipython = sys.modules.get("IPython")
    found = ipython.get_ipython() if ipython is not None else None
    return found if getattr(found, "kernel", None) is not None else None


def path(kernel: Any, env: Mapping[str, str]) -> Path | None:
    """The notebook's absolute path; nothing where nobody says it. Nobody is asked over the network."""
    if kernel is None:
        return None
    # After a rename Jupyter still says the old path.
    said = (Path(one) for one in _said(kernel.user_ns, env) if one.endswith(SUFFIX))
    return next((one.absolute() for one in said if one.is_file()), None)


def tags(start: Start) -> dict[str, str]:
    """The notebook's path in its repository; its name alone outside of one, since folders name people."""
    if start.notebook is None:
        return {}
    name, top = start.notebook.name, start.repository.place[0]
    with suppress(ValueError):
        name = start.notebook.resolve().relative_to(Path(top or os.devnull).resolve()).as_posix()
    return {SOURCE: name, TYPE: "NOTEBOOK"}


def _said(names: Mapping[str, Any], env: Mapping[str, str]) -> Iterator[str]:
    yield str(names.get("__vsc_ipynb_file__", ""))  # VS Code
    yield str(names.get("PAPERMILL_INPUT_PATH", ""))  # papermill --inject-paths
    yield env.get("JPY_SESSION_NAME", "")  # Jupyter Server 2: JupyterLab and Notebook 7
    with suppress(OSError):
        yield _of_command(Path(f"/proc/{os.getppid()}"))


def _of_command(process: Path) -> str:
    """The notebook that `papermill`, `jupyter execute` or `jupyter nbconvert` was called with; on Linux only."""
    words = [Path(os.fsdecode(word)) for word in (process / "cmdline").read_bytes().split(b"\0")]
    notebooks = [word for word in words if word.suffix == SUFFIX]
    # papermill's second is the one that it writes.
    if not notebooks or (len(notebooks) > 1 and not any(word.name == "papermill" for word in words)):
        return ""
    return str((process / "cwd").readlink() / notebooks[0])
