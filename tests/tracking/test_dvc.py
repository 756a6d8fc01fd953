"""The data of the working tree is told as Rundown reads it, in tags that MLflow takes, all of it or none."""

from pathlib import Path
from posixpath import normpath

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mlflow.utils.validation import _validate_tag_name

from bot.judge.causes import DATA_TAG
from bot.judge.data import data_versions
from rundown_tracking.dvc import OTHERS, SINGLE_AT_MOST, as_tags, tags, versions_in
from tests.judge.test_data import LOCK
from tests.tracking.places import git, repository, start

POINTER = "outs:\n- md5: {md5}\n  size: 5\n  hash: md5\n  path: {path}\n"
ONE, TWO, THREE = (digit * 32 for digit in "123")


def test_each_path_is_a_tag(tmp_path: Path) -> None:
    files = {
        "dvc.lock": LOCK.decode(),
        "data/train.csv.dvc": POINTER.format(md5=TWO, path="train.csv"),
        ".dvc/config": "",
    }
    made = repository(tmp_path, {**files, "src/train.py": ""})
    (made / "new.dvc").write_text(POINTER.format(md5=THREE, path="new"))
    told = tags(start(made / "src"))
    assert told["dvc.data/raw"] == f"{ONE}.dir"
    assert told["dvc.data/train.csv"] == TWO
    assert told["dvc.new"] == THREE, "one that is not committed yet"
    assert "dvc.data/prepared" not in told, "follows from what the pipeline is given"
    assert all(DATA_TAG.fullmatch(tag) for tag in told)


def test_data_without_a_repository_is_told(tmp_path: Path) -> None:
    (tmp_path / ".dvc").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "data/images").mkdir(parents=True)
    (tmp_path / "data/images.dvc").write_text(POINTER.format(md5=ONE, path="images"))
    (tmp_path / "data/images/inside.dvc").write_text(POINTER.format(md5=TWO, path="no"))
    assert tags(start(tmp_path / "src")) == {"dvc.data/images": ONE}
    with pytest.raises(TimeoutError):
        tags(start(tmp_path / "src", left=-1))


def test_where_dvc_is_not_used_nothing_is_told(tmp_path: Path) -> None:
    assert tags(start(None)) == {}
    assert tags(start(tmp_path)) == {}
    assert tags(start(repository(tmp_path))) == {}


def test_what_takes_too_long_to_read_is_left_out_whole(tmp_path: Path) -> None:
    made = repository(tmp_path, {"a.dvc": POINTER.format(md5=ONE, path="a"), "b.dvc": "#" * 3_000_000})
    assert tags(start(made)) == {"dvc.a": ONE}
    assert tags(start(made, left=2)) == {}


def test_a_pointer_that_was_deleted_or_ignored_is_none(tmp_path: Path) -> None:
    made = repository(tmp_path, {"a.dvc": POINTER.format(md5=ONE, path="a"), ".gitignore": "out/\n"})
    (made / "out").mkdir()
    (made / "out/b.dvc").write_text(POINTER.format(md5=TWO, path="b"))
    assert tags(start(made)) == {"dvc.a": ONE}
    (made / "a.dvc").unlink()
    assert tags(start(made)) == {}
    git(made, "checkout", "--quiet", "a.dvc")
    assert tags(start(made)) == {"dvc.a": ONE}


HASHES = st.sampled_from([ONE, TWO, THREE])
PATHS = st.sampled_from(["data/raw", "data/raw/a", "train.py", "../up", "model.pkl", "größe"])
CLOUD = st.dictionaries(st.sampled_from(["s3", "gcs"]), st.fixed_dictionaries({"version_id": HASHES}), max_size=2)
PART = st.fixed_dictionaries({"relpath": PATHS}, optional={"md5": HASHES, "cloud": CLOUD})
ENTRY = st.fixed_dictionaries(
    {"path": PATHS},
    optional={
        "md5": HASHES, "etag": HASHES, "checksum": HASHES, "cloud": CLOUD, "files": st.lists(PART, max_size=3)
    },
)  # fmt: skip
ENTRIES = st.lists(ENTRY, max_size=4)
STAGE = st.fixed_dictionaries({"cmd": st.just("x")}, optional={"deps": ENTRIES, "outs": ENTRIES})
A_LOCK = st.fixed_dictionaries({"stages": st.dictionaries(st.sampled_from("abc"), STAGE, max_size=3)})
A_POINTER = st.fixed_dictionaries({"outs": ENTRIES}, optional={"wdir": st.sampled_from([".", "..", "in"])})


@given(st.sampled_from(["dvc.lock", "sub/dvc.lock"]), A_LOCK)
def test_a_lock_is_read_as_rundown_reads_it(name: str, lock: dict[str, object]) -> None:
    content = yaml.safe_dump(lock).encode()
    assert versions_in(name, content) == {path: one.hash for path, one in data_versions(name, content).items()}


@given(st.sampled_from(["x.dvc", "sub/x.dvc"]), A_POINTER)
def test_a_pointer_is_read_as_rundown_reads_it(name: str, pointer: dict[str, object]) -> None:
    content = yaml.safe_dump(pointer).encode()
    assert versions_in(name, content) == {path: one.hash for path, one in data_versions(name, content).items()}


@given(st.dictionaries((st.text(min_size=1, max_size=300) | PATHS).map(normpath), HASHES, max_size=60))
def test_mlflow_takes_every_tag(versions: dict[str, str]) -> None:
    told = as_tags(versions)
    for tag in told:
        _validate_tag_name(tag)
        assert len(tag.encode()) <= 250
    assert len(told) <= SINGLE_AT_MOST + 1
    names = set(told)
    for tag in names:
        assert not any(other != tag and other.startswith(f"{tag}/") for other in names), "a file and a folder"


def test_many_paths_are_one_tag_that_changes_with_any() -> None:
    many = {f"data/{number:03}": ONE for number in range(100)}
    told = as_tags(many)
    assert told[OTHERS].startswith("70 more: ")
    assert as_tags({**many, "data/099": TWO})[OTHERS] != told[OTHERS]
    assert as_tags({**many, "data": ONE}) == {"dvc.data": ONE}
