"""DVC's files say which data a commit had, and only what a pipeline is given counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.causes import DataChanged, DataVersion
from bot.judge.data import data_changes, data_versions, kept_by_dvc
from bot.judge.documents import BYTES_AT_MOST, Unreadable

LOCK = b"""schema: '2.0'
stages:
  prepare:
    cmd: python prepare.py
    deps:
    - path: data/raw
      hash: md5
      md5: 11111111111111111111111111111111.dir
      size: 1500
      nfiles: 3
    - path: prepare.py
      md5: 22222222222222222222222222222222
      size: 10
    outs:
    - path: data/prepared
      md5: 33333333333333333333333333333333.dir
  train:
    cmd: python train.py
    deps:
    - path: data/prepared
      md5: 33333333333333333333333333333333.dir
    params:
      params.yaml: {lr: 0.1}
    outs:
    - path: model.pkl
      md5: 44444444444444444444444444444444
  fetch:
    cmd: curl -O labels
    outs:
    - path: ../shared/labels.csv
      etag: '"5"'
      size: 7
"""
POINTER = b"""outs:
- md5: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  size: 14445097
  hash: md5
  path: train.csv
"""
CLOUD = b"""outs:
- path: images
  files:
  - relpath: a.png
    size: 5
    cloud:
      s3: {etag: x, version_id: v1}
  - relpath: b.png
    size: 6
    md5: bb
wdir: ..
"""


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("dvc.lock", True),
        ("jobs/dvc.lock", True),
        ("data/train.csv.dvc", True),
        (".dvc/config", False),
        (".dvc", False),
        ("dvc.yaml", False),
        ("my.dvc.lock", False),
    ],
)
def test_the_files_in_which_dvc_keeps_versions(path: str, kept: bool) -> None:
    assert kept_by_dvc(path) is kept


def test_a_pipeline_is_told_by_what_it_is_given() -> None:
    assert data_versions("jobs/dvc.lock", LOCK) == {
        "jobs/data/raw": DataVersion("1" * 32 + ".dir", 1500, 3),
        "jobs/prepare.py": DataVersion("2" * 32, 10),
        "shared/labels.csv": DataVersion('"5"', 7),
    }


def test_a_pointer_stands_beside_its_file() -> None:
    assert data_versions("data/train.csv.dvc", POINTER) == {"data/train.csv": DataVersion("a" * 32, 14445097)}


def test_versions_that_the_store_keeps_are_one_version() -> None:
    (found,) = data_versions("data/deep/images.dvc", CLOUD).items()
    assert found[0] == "data/images"
    assert (found[1].size, found[1].files) == (11, 2)
    (other,) = data_versions("data/deep/images.dvc", CLOUD.replace(b"v1", b"v2")).values()
    assert other.hash != found[1].hash


def test_a_file_that_is_not_there_keeps_nothing() -> None:
    assert data_versions("dvc.lock", None) == {}
    assert data_versions("dvc.lock", b"") == {}
    assert data_versions("dvc.lock", b"schema: '2.0'\n") == {}
    assert data_versions("x.dvc", b"outs:\n- path: not-pushed-yet\n") == {}


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"- a list",
        b"outs: 7",
        b"outs: [&a [*a]]",
        b"a: &a [x, x]\nouts: [*a, *a]",
        b"!!python/object/apply:os.system ['true']",
        b"[" * 5000,
        b"x" * (BYTES_AT_MOST + 1),
        b"outs: [{size: many}]",
    ],
)
def test_what_dvc_never_wrote_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        data_versions("x.dvc", content)


def test_data_that_changed_is_told_and_scripts_are_not() -> None:
    before = data_versions("dvc.lock", LOCK)
    after = data_versions("dvc.lock", LOCK.replace(b"1" * 32, b"9" * 32).replace(b"2" * 32, b"8" * 32))
    raw = DataChanged("data/raw", before["data/raw"], after["data/raw"])
    assert data_changes(before, after, {"prepare.py"}) == (raw,)
    assert len(data_changes(before, after)) == 2
    assert data_changes(before, after, {"prepare.py", "data/raw/README.md"}) == ()
    assert data_changes({}, {"a": DataVersion("1")}) == (DataChanged("a", None, DataVersion("1")),)


@given(st.sampled_from(["dvc.lock", "a.dvc"]), st.text("-:[]{}&*!|>#\n a1'\"outspathstages", max_size=80))
def test_any_text_is_read_or_refused(path: str, text: str) -> None:
    try:
        found = data_versions(path, text.encode())
    except Unreadable:
        return
    assert all(version.hash for version in found.values())
