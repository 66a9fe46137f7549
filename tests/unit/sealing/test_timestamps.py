"""Trusted time, by a real time-stamping authority on this machine."""

import datetime
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from veedor.errors import SealError
from veedor.report import write_document
from veedor.report.sealed import sealed_document
from veedor.report.words import words_in
from veedor.sealing import findings, load_roots, score, seal, verify
from veedor.statistics.codes import Finding

from .conftest import FIRST, WEEK

CONFIG = """
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
"""


def _certificate(folder, name, issuer=None):
    """Write NAME.key and NAME.pem: a root, or a time-stamping certificate that it issued."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    signer, signed_by = issuer or (key, subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signed_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=10))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer is not None:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    certificate = builder.sign(signer, hashes.SHA256())
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return key, subject


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """URL of an authority that `openssl ts` runs, and the folder of its certificates."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here to be the time-stamping authority")
    folder = tmp_path_factory.mktemp("tsa")
    _certificate(folder, "tsa", _certificate(folder, "root"))
    _certificate(folder, "stranger")
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder), encoding="utf-8")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            command = f"openssl ts -reply -config {folder}/tsa.cnf -queryfile {folder}/query"
            done = subprocess.run(command.split(), capture_output=True, check=True)
            (folder / "last").write_bytes(done.stdout)
            answer = done.stdout
            if self.path == "/replayed":
                answer = (folder / "replayed").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def today(time):
    """Set the log's clock to the real time, as the authority's is; the week that begins next."""
    time.at = np.datetime64(datetime.datetime.now(datetime.UTC).replace(tzinfo=None), "us")
    return int((time.at - FIRST) // WEEK) + 1


def test_a_token_proves_by_when_entries_existed(
    authority, today, forecast, log_key, tmp_path, time
):
    url, folder = authority
    log = tmp_path / "log"
    made = seal([forecast("Tilted", today)], log, log_key, tsa=url)
    assert [type(entry.manifest).__name__ for entry in made.entries] == ["Promise", "Timestamp"]
    assert made.entries[0].manifest.time_source != "own clock only"
    verdict = verify(log, tsa_roots=load_roots(folder / "root.pem"))
    assert verdict.holds, verdict.problems
    assert abs(verdict.existed_by[0] - time.at) < np.timedelta64(5, "m")
    assert "log_existed_by_authority" in {one.code for one in findings(verdict).proven}


def test_without_roots_the_authority_is_not_checked(authority, today, forecast, log_key, tmp_path):
    url, _ = authority
    seal([forecast("Tilted", today)], tmp_path / "log", log_key, tsa=url)
    found = findings(verify(tmp_path / "log"))
    assert "log_authority_not_checked" in {one.code for one in found.not_proven}
    page = tmp_path / "page.html"
    write_document(sealed_document(found, words_in("en")), page)
    assert ", authority not checked</td>" in page.read_text(encoding="utf-8")


def test_an_authority_that_the_verifier_does_not_trust(
    authority, today, forecast, log_key, tmp_path
):
    url, folder = authority
    seal([forecast("Tilted", today)], tmp_path / "log", log_key, tsa=url)
    verdict = verify(tmp_path / "log", tsa_roots=load_roots(folder / "stranger.pem"))
    assert [one.where for one in verdict.problems] == [Finding("log_timestamp", {"entry": 1})]


def test_a_token_of_another_request_is_refused(authority, today, forecast, log_key, tmp_path):
    url, folder = authority
    seal([forecast("Tilted", today)], tmp_path / "log", log_key, tsa=url)
    (folder / "replayed").write_bytes((folder / "last").read_bytes())
    with pytest.raises(SealError, match="the log's own tree head"):
        seal([forecast("Next", today)], tmp_path / "log", log_key, tsa=f"{url}/replayed")
    assert len(verify(tmp_path / "log").promises) == 1


def test_a_clock_set_back_is_found_out_by_the_authority(
    authority, today, forecast, log_key, tmp_path, time
):
    url, _ = authority
    path = forecast("Tilted", today)
    time.at -= np.timedelta64(3, "D")
    with pytest.raises(SealError, match="must agree within ten minutes"):
        seal([path], tmp_path / "log", log_key, tsa=url)


def test_the_authority_says_that_the_period_has_begun(
    authority, today, log_key, tmp_path, time, place, grid
):
    """The period begins between this clock, five minutes slow, and the authority's."""
    from veedor.forecasts import CountDistribution, Forecast, write_forecast
    from veedor.spacetime import Periods

    url, _ = authority
    time.at -= np.timedelta64(5, "m")
    edges = np.array([time.at + np.timedelta64(1, "m"), time.at + WEEK])
    cells, path = grid(3, 2), place / "soon.parquet"
    soon = Forecast(
        CountDistribution(np.ones((1, 6)), 0.0), cells, Periods(edges, "UTC"), "theft", "T", "1",
        time.at, time.at,
    )  # fmt: skip
    write_forecast(soon, path)
    with pytest.raises(SealError, match="before its first period begins"):
        seal([path], tmp_path / "log", log_key, tsa=url)
    assert verify(tmp_path / "log").promises == {}


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "http://127.0.0.1:1/closed"])
def test_no_answer_seals_nothing(url, time, forecast, log_key, tmp_path):
    with pytest.raises(SealError, match="time-stamping authority"):
        seal([forecast("Tilted")], tmp_path / "log", log_key, tsa=url)
    assert verify(tmp_path / "log").promises == {}


def test_scorings_are_stamped_too(authority, today, forecast, incidents, log_key, tmp_path, time):
    url, _ = authority
    path = forecast("Tilted", today - 3)
    seal([path], tmp_path / "log", log_key, late=True)
    made = score(tmp_path / "log", log_key, incidents(time.at), tsa=url)
    assert len(made.entries) == 2
    assert verify(tmp_path / "log").holds
