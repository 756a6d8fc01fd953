"""`make torture`: seeds played one after another, a table for each, and an exit code that says if all held."""

import argparse
import random
import sys
import tempfile
import traceback
from pathlib import Path

from sandbox.mlflow_server import start_mlflow
from tests.torture.size import SHORT, WHOLE, Size
from tests.torture.story import Outcome, play


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--seed", type=int, help="play just this one; random when it is not given")
    parser.add_argument("--seeds", type=int, default=1, help="play so many, from --seed (or a random one) on")
    parser.add_argument("--short", action="store_true", help="the short form that `make test` plays")
    parser.add_argument("--keep", type=Path, help="a folder for logs and databases; else they are thrown away")
    given = parser.parse_args()
    first = given.seed if given.seed is not None else random.SystemRandom().randrange(100_000)
    with tempfile.TemporaryDirectory(prefix="torture-") as temporary:
        folder = given.keep or Path(temporary)
        broken = []
        for seed in range(first, first + given.seeds):
            say(f"seed {seed} …")
            own = folder / f"seed-{seed}"
            own.mkdir(parents=True)
            outcome = played(seed, SHORT if given.short else WHOLE, own, cache=folder)
            say(shown(outcome))
            broken += [seed] if outcome.violations else []
    say(f"{given.seeds - len(broken)} of {given.seeds} seeds held" + "".join(map(replay, broken)))
    return 1 if broken else 0


def played(seed: int, size: Size, folder: Path, cache: Path) -> Outcome:
    """One seed against an MLflow server of its own; one that breaks off counts as broken."""
    mlflow = start_mlflow(folder / "mlflow", cache=cache)
    try:
        return play(seed, size, folder, mlflow.url)
    except Exception as problem:
        traceback.print_exc()
        return Outcome(seed, 0.0, (), (f"it broke off: {problem!r}",))
    finally:
        mlflow.stop()


def shown(outcome: Outcome) -> str:
    """The table of one seed."""
    width = max((len(name) for name, _ in outcome.table), default=0)
    lines = [f"  {name:<{width}}  {value}" for name, value in outcome.table]
    ends = [f"  BROKEN  {one}" for one in outcome.violations] or ["  every promise held"]
    return "\n".join([f"seed {outcome.seed}, {outcome.seconds:.0f} s", *lines, *ends])


def replay(seed: int) -> str:
    """How to play a seed again: the same faults in the same order; the machine's own timing differs."""
    keep = f".venv/bin/python -m tests.torture --seed {seed} --keep FOLDER"
    return f"\nreplay: make torture SEED={seed}    (to keep logs and database: {keep})"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
