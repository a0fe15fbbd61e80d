"""`manage.py doctor`: whether videos can be taken."""

import pytest

from config.ops.doctor.findings import Level
from config.ops.doctor.videos import examine_videos
from media_storage.backends.ffmpeg import NEEDS, Tools, tools
from tests.config.doctors import only


@pytest.fixture
def path(monkeypatch):
    """`path(folder)`: programs are looked for there alone."""

    def look_in(folder):
        monkeypatch.setenv("PATH", str(folder))
        tools.cache_clear()

    yield look_in
    monkeypatch.undo()
    tools.cache_clear()


def program(folder, name, says):
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{says}'\n")
    file.chmod(0o755)


def test_without_ffmpeg_it_names_the_line_that_installs_it(path, tmp_path):
    path(tmp_path)
    found = only(examine_videos(), Level.WARNING)
    assert found.mend == NEEDS


def test_an_ffmpeg_without_h264_is_none(path, tmp_path):
    for name in ("ffmpeg", "ffprobe"):
        program(tmp_path, name, " V..... mpeg4 MPEG-4 / A..... aac AAC ")
    path(tmp_path)
    assert "there is no ffmpeg" in only(examine_videos(), Level.WARNING).found


def test_one_without_zscale_takes_no_hdr(path, tmp_path):
    for name in ("ffmpeg", "ffprobe"):
        program(tmp_path, name, " V..... libx264 H.264 / A..... aac AAC ")
    path(tmp_path)
    assert tools() == Tools(f"{tmp_path}/ffmpeg", f"{tmp_path}/ffprobe", can_tone_map=False)
    assert "HDR" in only(examine_videos(), Level.WARNING).found


def test_a_whole_one_is_well(path, tmp_path):
    for name in ("ffmpeg", "ffprobe"):
        program(tmp_path, name, " libx264 / aac / zscale / tonemap ")
    path(tmp_path)
    assert only(examine_videos(), Level.OK).found == f"converted by {tmp_path}/ffmpeg"
