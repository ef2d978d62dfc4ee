"""Which file a scenario's name or path means, and why a file cannot be read at all."""

import os
from pathlib import Path

import pytest
from policymix.errors import InputError
from policymix.scenario import load_scenario, parse_scenario

HEAD = 'title = "A title"\nsummary = "A summary."\n'


def refused_name(name: str | Path) -> str:
    with pytest.raises(InputError) as refusal:
        load_scenario(name)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


@pytest.mark.parametrize("name", ["../baseline", "ledger/assumptions", "", ".", "base\nline", "é"])
def test_a_name_that_is_not_shipped_is_refused(name: str) -> None:
    assert "no shipped scenario of this name" in refused_name(name)


def test_a_name_nearly_shipped_is_suggested(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert refused_name("demand-first").endswith("Did you mean demand_first?")
    assert refused_name(tmp_path / "demand_first.toml").endswith("Did you mean demand_first?")
    assert refused_name("suply_first.toml").endswith("Did you mean supply_first?")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_mix.toml").write_text(HEAD)
    assert refused_name("my_mix").endswith("Did you mean my_mix.toml?")


def test_a_path_gives_the_scenario_its_stem_as_name(tmp_path: Path) -> None:
    path = tmp_path / "my-mix_2.toml"
    path.write_text(HEAD, encoding="utf-8")
    assert load_scenario(path) == load_scenario(str(path))
    assert load_scenario(path).name == "my-mix_2"
    assert not load_scenario(path).is_shipped


@pytest.mark.parametrize(
    ("stem", "hint"),
    [
        ("my mix", "Did you mean my_mix?"),
        ("a.b", "Did you mean a_b?"),
        ("_x", "Did you mean x?"),
        ("größe", "Did you mean gr_e?"),
        ("a" * 65, "Did you mean " + "a" * 64),
        ("a\x1b[31m", "'a\\x1b[31m'"),
        ("NUL", "Windows keeps that name"),
        ("com1", "Windows keeps that name"),
    ],
)
def test_a_name_that_result_files_cannot_have_is_refused(
    tmp_path: Path, stem: str, hint: str
) -> None:
    path = tmp_path / f"{stem}.toml"
    path.write_text(HEAD, encoding="utf-8")
    assert hint in refused_name(path)
    with pytest.raises(InputError):
        parse_scenario(HEAD.encode(), stem)


def test_a_path_that_is_not_there_names_the_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "my_mix.toml").write_text(HEAD, encoding="utf-8")
    (tmp_path / "mine" / "my_mx.txt").write_text("no scenario", encoding="utf-8")
    there = tmp_path / "mine" / "my_mix.toml"
    assert refused_name(there.with_name("my_mx.toml")).endswith(f"Did you mean {there}?")
    told = refused_name(tmp_path / "mien" / "my_mix.toml")
    assert told.endswith(f"Did you mean {there.parent}?")
    assert "Did you mean" not in refused_name(there / "my_mix.toml")


def test_only_ordinary_files_of_bounded_size_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    assert "folder.toml: is a folder" in refused_name(folder)
    large = tmp_path / "large.toml"
    large.write_bytes(HEAD.encode() + b"#" * 1_000_000)
    assert "large.toml: is larger than 1,000,000 bytes" in refused_name(large)
    with pytest.raises(InputError, match="larger"):
        parse_scenario(large.read_bytes(), "large")
    assert "null\\x00byte.toml: a scenario cannot be called" in refused_name("null\0byte.toml")
    assert "there is no such file" in refused_name(large / "below.toml")
    assert refused_name("x" * 5_000 + ".toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_devices_and_dangling_links_are_refused_without_waiting(tmp_path: Path) -> None:
    pipe, link, device = (tmp_path / name for name in ("pipe.toml", "link.toml", "device.toml"))
    os.mkfifo(pipe)
    link.symlink_to(tmp_path / "nothing")
    device.symlink_to("/dev/zero")
    assert "pipe.toml: is not an ordinary file" in refused_name(pipe)
    assert "device.toml: is not an ordinary file" in refused_name(device)
    assert "link.toml: cannot be read" in refused_name(link)


def test_a_file_that_may_not_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "secret.toml"
    path.write_text(HEAD)

    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert refused_name(path).endswith("secret.toml: cannot be read: Permission denied")
