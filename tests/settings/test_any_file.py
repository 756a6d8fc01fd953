"""Whatever stands in app.yaml, it becomes Settings or problems with their lines, never a traceback."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from bot.settings import SettingsError, load_settings

VALID = (
    (Path(__file__).parents[2] / "app.yaml").read_text(encoding="utf-8")
    + """
following: {stalled_after: 3h, overlap: 15m}
experiments:
  "churn-*": &churn
    primary: val_auc
    metrics: {val_auc: {better: higher}}
  "other-*": {<<: *churn, baseline: "run:abc"}
ci:
  github: {secret: ${GITHUB_WEBHOOK_SECRET:-}}
people:
  - {mlflow: jdoe, slack: U0123ABC}
"""
)
ENVIRON = {"MLFLOW_TRACKING_URI": "http://mlflow:5000", "SLACK_BOT_TOKEN": "xoxb-1"}
LINE = re.compile(r"app\.yaml:[1-9]\d*:[1-9]\d*: \S")
INDICATORS = """{ } [ ] : - # ' " &a *a <<: !!int ? ${ } ${X} ${X:- null ~ 1e999 .inf 0x1F on | > --- @ ` xoxb-1"""
BREAKS = (
    ": ",
    "- ",
    "\t",
    "\n",
    "%YAML 9\n",
    "---\n",
    "<<: *churn",
    "\\ud800",
    '"\\UFFFFFFFF"',
    "9" * 30,
    "2026-01-01",
)
CHARACTERS = ("\x00", "\ufeff", "\u2028", "\U0010f024")
SNIPPETS = st.sampled_from([*INDICATORS.split(), *BREAKS, *CHARACTERS])


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = VALID
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(text)))
        end = min(len(text), begin + draw(st.sampled_from([0, 0, 1, 2, 8, 40])))
        text = text[:begin] + draw(SNIPPETS | st.text(max_size=4)) + text[end:]
    lines = text.split("\n")
    if draw(st.booleans()):
        first, second = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        lines[first], lines[second] = lines[second], lines[first]
    return "\n".join(lines)


def judged(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "app.yaml"
        path.write_bytes(content)
        try:
            load_settings(path, ENVIRON)
        except SettingsError as problem:
            assert problem.problems
            for line in problem.problems:
                assert LINE.match(line), line
                assert len(line.splitlines()) == 1, line
                line.encode("utf-8")


def test_the_file_that_is_mutated_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(VALID, encoding="utf-8")
    assert load_settings(path, ENVIRON).experiment("other-1").primary == "val_auc"


@given(mutated())
@example('app: "\\UFFFFFFFF"')
@example("%YAML 9.9\n---\n{}")
@example("? ? ? ?")
def test_a_damaged_file_is_settings_or_problems(text: str) -> None:
    judged(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=60))
def test_any_bytes_are_settings_or_problems(content: bytes) -> None:
    judged(content)
