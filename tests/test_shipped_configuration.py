"""What is shipped for a server says what the registers claim of it. Whether it then does is tried on a real one, in
`proof_tests/test_production.py`, where one can be made."""

import re
from pathlib import Path

import pytest

from tests.test_production_settings import behind_tls  # noqa: F401 (a fixture)

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
FORWARD_SECRET = re.compile(r"ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA(256|384)|CHACHA20-POLY1305)$")


def directives(text):
    """nginx's directives, in their order: [(name, value)]. Comments and blocks' braces are left out."""
    lines = [line.split(" #")[0].strip() for line in text.splitlines() if not line.strip().startswith("#")]
    return [tuple(line[:-1].split(None, 1)) for line in lines if line.endswith(";") and " " in line]


@pytest.fixture(scope="module")
def proxy():
    return directives((DEPLOY / "nginx.conf").read_text())


def values(said, name):
    return [value for key, value in said if key == name]


def tls_faults(said):
    """What of its TLS is old or weak."""
    versions = {version for value in values(said, "ssl_protocols") for version in value.split()}
    ciphers = [cipher for value in values(said, "ssl_ciphers") for cipher in value.split(":")]
    found = sorted(versions - {"TLSv1.2", "TLSv1.3"}) + [c for c in ciphers if not FORWARD_SECRET.match(c)]
    return found + ([] if versions and ciphers else ["nothing is said"])


def test_the_proxy_speaks_tls_1_2_and_1_3_with_forward_secrecy_alone(proxy):
    assert not tls_faults(proxy)


@pytest.mark.parametrize(
    ("was", "now"), [("TLSv1.2 ", "TLSv1.1 TLSv1.2 "), ("ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA")]
)
def test_old_tls_would_be_found(was, now):
    text = (DEPLOY / "nginx.conf").read_text()
    assert was in text and tls_faults(directives(text.replace(was, now)))


def test_what_the_proxy_says_of_the_client_is_not_the_clients_to_say(proxy):
    headers = dict(value.split(None, 1) for value in values(proxy, "proxy_set_header"))
    assert headers["X-Forwarded-For"] == "$remote_addr" and headers["X-Forwarded-Proto"] == "https"
    assert headers["Host"] == "$host"


def test_the_proxy_tells_no_version_and_logs_no_address_no_query_and_nobody(proxy):
    assert set(values(proxy, "server_tokens")) == {"off"}
    (format_,) = values(proxy, "log_format")
    written = set(re.findall(r"\$(\w+)", format_))
    assert written and not written & {
        "request",
        "request_uri",
        "args",
        "uri",
        "remote_addr",
        "http_referer",
        "remote_user",
    }
    assert all(value == "off" or value.endswith(" knownto") for value in values(proxy, "access_log"))


def test_bodies_and_pages_never_lie_on_the_proxys_disk(proxy):
    said = dict(proxy)
    assert said["client_body_buffer_size"] == said["client_max_body_size"] and said["proxy_max_temp_file_size"] == "0"


def test_proxy_and_product_say_the_same_of_tls_in_time_to_come(proxy, behind_tls):  # noqa: F811
    (header,) = [value for value in values(proxy, "add_header") if value.startswith("Strict-Transport-Security")]
    assert header.split('"')[1] == behind_tls["hsts"]


def test_the_databases_let_nobody_in_without_tls_and_a_password_of_their_own():
    lines = [
        line.split() for line in (DEPLOY / "postgresql/pg_hba.conf").read_text().splitlines() if line[:1] not in "# "
    ]
    assert lines and all(line[-1] in ("peer", "scram-sha-256") for line in lines)
    assert [line for line in lines if line[0] == "local"] == [["local", "all", "postgres", "peer"]]
    assert all(line[0] == "hostssl" and line[1] != "all" for line in lines if line[0] != "local")
    said = (DEPLOY / "postgresql/knownto.conf").read_text()
    assert "ssl = on" in said and "log_parameter_max_length = 0" in said and "log_statement = 'none'" in said


def test_every_service_runs_as_a_user_of_its_own_without_rights():
    services = list((DEPLOY / "systemd").glob("knownto-*.service"))
    users = {service.stem: re.findall(r"^User=(\S+)$", service.read_text(), re.MULTILINE) for service in services}
    assert len(services) >= 5 and all(len(found) == 1 and found != ["root"] for found in users.values()), users
    hardening = (DEPLOY / "systemd/hardening.conf").read_text()
    for line in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
        "LimitCORE=0",
        "PrivateTmp=yes",
    ):
        assert re.search(rf"^{line}$", hardening, re.MULTILINE)


def test_what_is_packed_holds_no_history_and_no_tests():
    packed = (DEPLOY / "pack").read_text()
    assert "git archive HEAD" in packed and ":(exclude)*/tests/*" in packed and "--require-hashes" in packed
    assert not re.search(r"git clone|--no-verify|\bcurl\b", packed)
