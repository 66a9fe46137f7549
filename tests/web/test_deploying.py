"""Units, proxies and the wrapper of `docs/web/deploy` are what their programs take."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from veedor.cli.app import app

DEPLOY = Path(__file__).parents[2] / "docs" / "web" / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
TIMERS = sorted(DEPLOY.glob("*.timer"))
PAGES = ("docs/web/run-it.md", "docs/es/sitio-en-una-hora.md")
#: What `systemd-analyze security` may find at most, of 100, as tenths.
MOST_EXPOSED = 20
_HELD = {
    "NoNewPrivileges": "true", "ProtectSystem": "strict", "ProtectHome": "true",
    "PrivateTmp": "true", "PrivateDevices": "true", "CapabilityBoundingSet": "",
    "ReadWritePaths": "/var/lib/veedor", "UMask": "0077",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6", "User": "veedor",
    "EnvironmentFile": "/etc/veedor/environment",
}  # fmt: skip


def _service(path: Path) -> dict[str, str]:
    unit = RawConfigParser(strict=False, interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(path.read_text(encoding="utf-8"))
    return dict(unit["Service"])


def _analyzed(*command: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    return subprocess.run([program, *command], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", SERVICES, ids=lambda one: one.name)
def test_a_service_may_do_nothing_but_its_own(path):
    service = _service(path)
    assert {name: service.get(name) for name in _HELD} == _HELD
    namespaces = "user net" if path.name == "veedor-worker.service" else "true"
    assert service["RestrictNamespaces"] == namespaces
    assert "MemoryMax" in service
    assert "TasksMax" in service


@pytest.mark.parametrize("path", SERVICES, ids=lambda one: one.name)
def test_a_service_starts_a_command_that_there_is(path):
    import click

    program, *words = _service(path)["ExecStart"].split()
    assert program == "/opt/veedor/bin/veedor"
    command, given = app, list(words)
    while isinstance(command, click.Group):
        command = command.get_command(None, given.pop(0))
    known = {opt for one in command.params for opt in one.opts}
    assert {word for word in given if word.startswith("--")} <= known
    assert given[0] == "/var/lib/veedor/site"


def test_units_are_in_order(tmp_path):
    program = tmp_path / "veedor"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for path in (*SERVICES, *TIMERS):
        text = path.read_text(encoding="utf-8").replace("/opt/veedor/bin/veedor", str(program))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    told = _analyzed("verify", *(str(tmp_path / path.name) for path in (*SERVICES, *TIMERS)))
    ours = [line for line in told.stderr.splitlines() if "veedor" in line]
    assert not ours, told.stderr


@pytest.mark.parametrize("path", SERVICES, ids=lambda one: one.name)
def test_little_is_left_open_to_a_service(path):
    told = _analyzed("security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(path))
    assert told.returncode == 0, told.stdout[-2000:] + told.stderr


def test_a_timer_has_its_service():
    assert {one.stem for one in TIMERS} <= {one.stem for one in SERVICES}


def test_the_server_is_where_proxies_look_for_it():
    bind = re.search(r"--bind (\S+)", _service(DEPLOY / "veedor-web.service")["ExecStart"])
    assert bind is not None
    for name in ("nginx.conf", "Caddyfile"):
        assert bind.group(1) in (DEPLOY / name).read_text(encoding="utf-8")


def test_proxies_take_what_the_site_takes_and_say_who_asks():
    from veedor.web.site.folder import Uploads

    most = Uploads().file_mib + 1
    nginx, caddy = ((DEPLOY / name).read_text("utf-8") for name in ("nginx.conf", "Caddyfile"))
    assert f"client_max_body_size {most}m;" in nginx
    assert f"max_size {most}MiB" in caddy
    # What a stranger writes there is thrown away: only what the proxy saw is passed on.
    assert re.findall(r"X-Forwarded-For (\S+);", nginx) == ["$remote_addr"]
    assert re.findall(r"X-Forwarded-For (\S+)\n", caddy) == ["{remote_host}"]
    for text in (nginx, caddy):
        assert re.search(r"X-Forwarded-Proto https", text)
        assert "Strict-Transport-Security" not in text  # the site says so, once


def _without_certificates(text: str, folder: Path) -> str:
    """The same configuration where nothing of the machine is there: a key of its own, no log."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", str(key), "-out", str(certificate), "-subj", "/CN=localhost",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    text = re.sub(r"ssl_certificate_key\s+\S+;", f"ssl_certificate_key {key};", text)
    text = re.sub(r"ssl_certificate\s+\S+;", f"ssl_certificate {certificate};", text)
    return text.replace("/var/log/nginx/veedor.log", str(folder / "error.log"))


def test_nginx_takes_its_file(tmp_path):
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    (tmp_path / "site.conf").write_text(_without_certificates(text, tmp_path), encoding="utf-8")
    places = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{places}include {tmp_path}/site.conf;\n}}\n"
    )
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    command = [program, "-t", "-e", str(tmp_path / "error.log"), "-c", str(tmp_path / "nginx.conf")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "warn" not in told.stderr


def test_caddy_takes_its_file(tmp_path):
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("caddy is not installed")
    command = [program, "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_the_wrapper_asks_as_the_account_of_the_site(tmp_path):
    """With stand-ins for the folders and for `runuser`: what is run, where and with what."""
    (tmp_path / "environment").write_text((DEPLOY / "environment").read_text("utf-8"))
    (tmp_path / "runuser").write_text('#!/bin/sh\necho "$DATABASE_URL"; echo "$@"\n')
    (tmp_path / "runuser").chmod(0o755)
    script = (DEPLOY / "veedor").read_text(encoding="utf-8")
    script = script.replace("/etc/veedor/environment", str(tmp_path / "environment"))
    script = script.replace("/var/lib/veedor", str(tmp_path))
    command = ["sh", "-c", script, "veedor", "web", "init", "a site"]
    path = f"{tmp_path}:{os.environ['PATH']}"
    told = subprocess.run(
        command, capture_output=True, text=True, check=True, env={"PATH": path}
    ).stdout.splitlines()
    assert told[0] == "postgres://%2Fvar%2Frun%2Fpostgresql/veedor"
    assert told[1].startswith("--user veedor -- env ")
    assert told[1].endswith("/opt/veedor/bin/veedor web init a site")


def test_the_database_is_asked_by_the_socket():
    import dj_database_url

    text = (DEPLOY / "environment").read_text(encoding="utf-8")
    url = re.search(r"DATABASE_URL='(.+)'", text)
    assert url is not None
    read = dj_database_url.parse(url.group(1))
    assert read["HOST"] == "/var/run/postgresql"
    assert (read["NAME"], read["USER"], read["PASSWORD"]) == ("veedor", "", "")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_files_that_there_are(page):
    text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
    named = set(re.findall(r"\b(veedor-[a-z]+\.(?:service|timer)|nginx\.conf|Caddyfile)\b", text))
    assert named == {one.name for one in (*SERVICES, *TIMERS)} | {"nginx.conf", "Caddyfile"}
