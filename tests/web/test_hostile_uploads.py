"""Uploads made to break a site: a sample of a thousand, each kept or refused, and gone whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.web.databases import EACH_IN_A_RELEASE
from tests.web.hostile import MAKERS, uploads
from tests.web.test_uploads import held, last
from tests.web.working import site_folder, work

ROOT = Path(__file__).parents[2]
SAMPLE = len(MAKERS)


@pytest.mark.release(reason="each run has one of each kind go the whole way")
def test_a_sample_of_each_kind_ends_in_bounds_and_leaves_nothing():
    """In processes that are copies of one without threads."""
    asked = ["-m", "benchmarks.hostile_uploads", "--uploads", str(SAMPLE), "--seed", "2"]
    done = subprocess.run(
        [sys.executable, *asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{SAMPLE} uploads, 0 not as they must be" in done.stdout
    assert all(kind in done.stdout for kind in MAKERS)


def test_the_same_seed_makes_the_same_uploads():
    n = len(MAKERS)
    one, other = list(uploads(5, n)), list(uploads(5, n))
    still = [a == b for a, b in zip(one, other, strict=True) if "workbook" not in a.kind]
    assert all(still)
    assert {upload.kind for upload in one} == set(MAKERS)
    assert [a.data for a in one] != [b.data for b in uploads(6, n)]


@EACH_IN_A_RELEASE
@pytest.mark.parametrize("kind", MAKERS)
def test_each_kind_goes_the_whole_way(client_of, kind):
    client = client_of("analyst")
    (upload,) = (one for one in uploads(3, len(MAKERS)) if one.kind == kind)
    head = f'--B\r\nContent-Disposition: form-data; name="file"; filename="{upload.name}"\r\n\r\n'
    answer = client.post(
        "/projects/propio/uploads/new/",
        head.encode() + upload.data + b"\r\n--B--\r\n",
        content_type="multipart/form-data; boundary=B",
    )
    assert answer.status_code in (302, 400)
    if answer.status_code == 302:
        work()
        assert last().state in ("kept", "refused")
    kept = [site_folder() / "uploads" / "propio" / f"{last().key}{last().ending}"]
    assert held() == (kept if last().state == "kept" and last().key != "subida" else [])
    assert not list((site_folder() / "work" / ".jobs").glob("*.tmp"))
    page = client.get("/projects/propio/uploads/")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
