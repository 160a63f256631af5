"""The production guide is followed, word for word, on an empty Debian; then it is looked at, broken, and put back.

One machine for all of it, in this order: the guide's own blocks, what runs, planted faults (each found by the guide's
own check, for its own reason), and going back to a moment. Needs root and Debian's packages; elsewhere it says so, and
skips.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from proof_tests import empty_debian
from proof_tests.empty_debian import KEPT, PROJECT, Machine, NotHere

GUIDE = (PROJECT / "docs" / "production.md").read_text()
WITNESSING = (PROJECT / "docs" / "witnessing.md").read_text()
NAME = "tracker.example.gov.uk"
PAGE = f"curl -sS -k --max-time 30 --resolve {NAME}:443:127.0.0.1 https://{NAME}"
SQL = "setpriv --reuid=postgres --regid=postgres --init-groups psql -d knownto -qAt -v ON_ERROR_STOP=1"


FOLLOWED: set[str] = set()  # the blocks that were run


def blocks(kind: str, guide: str = GUIDE) -> list[str]:
    """What stands in the guide's blocks of that kind (`sh`, or `sh` and a word), to be run by whoever asks."""
    found = re.findall(rf"^```{kind}\n(.*?)^```", guide, re.S | re.M)
    FOLLOWED.update(found)
    return found


@pytest.fixture(scope="module")
def server():
    """A Debian on which the guide has been followed to its end."""
    try:
        empty_debian.able()
    except NotHere as why:
        pytest.skip(str(why))
    package = KEPT / "knownto.tar"
    KEPT.mkdir(parents=True, exist_ok=True)
    [pack] = blocks("sh pack")
    pack = pack.replace("knownto.tar", str(package))
    made = subprocess.run(["sh", "-ec", pack], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr[-2000:]
    with empty_debian.empty_debian(KEPT / "machine") as machine:
        shutil.copy(package, machine.root / "root")
        machine.said = [machine.do(f"set -e\n{block}") for block in blocks("sh")]
        yield machine


def wrong(server: Machine) -> list[str]:
    """What the guide's own check finds, a line each."""
    said = server.run("knownto-check")
    lines = said.out.strip().splitlines()
    assert (said.status == 0) == (lines == ["Everything is as it should be."]), said.out
    return [] if said.status == 0 else lines


def planted(server: Machine, fault: str, mended: str) -> list[str]:
    """What the check finds with a fault, which is mended afterwards."""
    server.do(fault)
    try:
        return wrong(server)
    finally:
        server.do(mended)


def test_the_guide_asks_for_what_the_installer_is_tried_with():
    assert set(re.search(r"--no-install-recommends (.*?)\n\[", GUIDE, re.S)[1].replace("\\", "").split()) == set(
        empty_debian.packages()
    )


def test_the_machine_had_no_network_and_no_compiler(server):
    assert server.do("ls /sys/class/net").split() == ["lo"]
    assert server.run("command -v cc gcc").status != 0


def test_what_the_guide_says_is_there(server):
    assert wrong(server) == []
    assert any("First password: " in said for said in server.said)


def test_there_is_one_first_administrator(server):
    again = server.run("knownto administrator --sign-in second --name Second --agency council")
    assert again.status == 2 and "there is an administrator already" in again.out


def test_the_first_administrator_signs_in_and_must_choose_another_password(server):
    password = re.search(r"First password: (\S+)", "".join(server.said))[1]
    page = server.do(f"{PAGE}/sign-in/ -c jar")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = f"--data-urlencode csrfmiddlewaretoken={token} --data-urlencode login=first.admin"
    here = f"-b jar -c jar -e https://{NAME}/sign-in/ {form} --data-urlencode password={password}"
    led = server.do(f"{PAGE}/sign-in/ {here} -o /dev/null -w '%{{http_code}} %{{redirect_url}}'")
    assert led.split() == ["302", f"https://{NAME}/"], led
    assert "/account/password/" in server.do(f"{PAGE}/ -b jar -o /dev/null -w '%{{redirect_url}}'")


def test_no_database_but_ours_is_there(server):
    there = server.do("pg_lsclusters --no-header").splitlines()
    assert [line.split()[1] for line in there] == ["knownto", "knowntokeys"]
    assert server.run("psql -h localhost -p 5432 -U postgres -c 'SELECT 1'").status != 0


def test_nobody_reaches_the_databases_without_tls_a_password_and_a_right(server):
    as_app = "PGPASSFILE=/etc/knownto/pass/web psql -h 127.0.0.1 -p 5442 -U knownto_app -qAtc 'SELECT 1'"
    assert "no encryption" in server.run(f"{as_app} 'dbname=knownto sslmode=disable'").out
    assert (
        "does not match host name"
        in server.run(f"{as_app} 'dbname=knownto sslmode=verify-full sslrootcert=/etc/knownto/tls/ca.pem'").out
    )
    assert "no pg_hba.conf entry" in server.run(f"{as_app} 'dbname=postgres sslmode=require'").out
    assert "password" in server.run(f"PGPASSFILE=/dev/null {as_app} 'dbname=knownto sslmode=require' -w").out


def test_the_product_cannot_lift_its_own_walls(server):
    as_app = "PGPASSFILE=/etc/knownto/pass/web psql -h localhost -p 5442 -U knownto_app -d knownto -qAtc"
    assert "must be owner" in server.run(f"{as_app} 'ALTER TABLE casework_episode DISABLE ROW LEVEL SECURITY'").out
    assert "permission denied" in server.run(f"{as_app} 'CREATE TABLE public.t (a int)'").out
    assert "permission denied" in server.run(f"{as_app} 'UPDATE ledger_entry SET kind = kind'").out


def test_no_process_of_ours_is_root_and_the_web_server_cannot_read_a_key(server):
    users = server.do("ps -eo user:20,args | grep -E '[/]opt/knownto/current' | cut -d' ' -f1").split()
    assert set(users) == {f"knownto-{each}" for each in ("keys", "guards", "web", "worker", "archive", "metrics")}
    for file in ("/var/lib/knownto-keys/keys.json", "/etc/knownto/owner.env", "/etc/knownto/pass/owner"):
        assert server.run(f"setpriv --reuid=knownto-web --regid=knownto --clear-groups cat {file}").status != 0


def test_no_unit_is_more_exposed_than_it_says(server):
    """systemd's own measure, of 10: 2 and less is what it calls well confined."""
    for unit in ("keys", "guards", "web", "worker", "archive", "metrics"):
        said = server.do(f"systemd-analyze security --no-pager knownto-{unit} | tail -1")
        assert float(re.search(r": ([\d.]+) ", said)[1]) <= 2.0, said


def test_pages_are_logged_without_what_was_asked(server):
    server.do(f"{PAGE}/'search/?family=Featherstonehaugh' -o /dev/null; {PAGE}/static/Featherstonehaugh -o /dev/null")
    server.wait_for("grep -q ' GET /search 302 ' /var/log/knownto/pages.log")
    everywhere = "grep -rl Featherstonehaugh /var/log /run/log 2>/dev/null; journalctl --no-pager | grep Featherstone"
    assert server.run(everywhere).out == ""


def test_logs_are_put_aside_and_begun_anew(server):
    """By the rule itself: what was there is beside it, and what comes after goes into the new one, its owner's."""
    logs = {
        "knownto/pages": "www-data adm 640",
        **{f"knownto-{w}/asks": f"knownto-{w} knownto-ask 600" for w in ("keys", "guards")},
    }
    before = {log: server.do(f"cat /var/log/{log}.log") for log in logs}
    assert all(before.values())
    assert "error" not in server.do("logrotate --force /etc/logrotate.d/knownto 2>&1")
    for log, owned in logs.items():
        assert server.do(f"cat /var/log/{log}.log.1").startswith(before[log])
        assert server.do(f"stat -c '%U %G %a' /var/log/{log}.log").strip() == owned
    server.do(f"{PAGE}/health/live -o /dev/null; {PAGE}/health/ready -o /dev/null")
    server.wait_for("grep -q ' GET /health 200 ' /var/log/knownto/pages.log")
    server.wait_for("[ -s /var/log/knownto-keys/asks.log ] && [ -s /var/log/knownto-guards/asks.log ]")


def test_a_body_that_is_too_large_is_not_taken(server):
    server.do("head -c 70000000 /dev/zero > large")
    status = server.do(f"{PAGE}/sign-in/ --data-binary @large -o /dev/null -D headers -w '%{{http_code}}'; rm large")
    headers = server.do("cat headers").lower()
    assert status == "413" and "strict-transport-security" in headers
    assert re.findall("^server: (.*)$", headers, re.M) == ["nginx"]


def test_counts_are_about_nobody_and_reached_from_this_machine_only(server):
    asked = "curl -sS --unix-socket /run/knownto-metrics/metrics.sock http://localhost/metrics"
    said = server.do(asked)
    for name in ("up 1", "clocks_overdue 0", "ledger_unnumbered", "jobs", "request_seconds_count"):
        assert f"knownto_{name}" in said, said
    assert float(re.search(r"^knownto_request_seconds_count (\S+)", said, re.M)[1]) > 0
    labels = {label for found in re.findall(r"\{([^}]*)\}", said) for label in re.findall(r"(\w+)=", found)}
    assert labels <= {"state", "agency", "le"}
    assert server.run(f"{PAGE}/metrics -o /dev/null -w '%{{http_code}}'").out == "404"
    assert server.run(f"setpriv --reuid=www-data --regid=www-data --clear-groups {asked}").status != 0


def test_what_is_down_is_said_and_nothing_else(server):
    server.do("systemctl stop knownto-guards")
    said = server.run(f"{PAGE}/health/ready -w ' %{{http_code}}'").out
    server.do("systemctl start knownto-guards")
    parts, _, status = said.rpartition(" ")
    assert status == "503"
    assert json.loads(parts) == {"database": "up", "keys-database": "up", "keys": "up", "guards-keys": "down"}
    server.wait_for(f"{PAGE}/health/ready -f -o /dev/null")


def test_the_installer_may_run_again_and_takes_back_what_somebody_gave(server):
    server.do(f"echo 'ALTER ROLE knownto_app CREATEDB' | {SQL} -p 5442")
    keys = server.do("sha256sum /var/lib/knownto-keys/keys.json /etc/knownto/secret.env")
    server.do("sh /opt/knownto/current/deploy/install all")
    server.wait_for(f"{PAGE}/health/ready -f -o /dev/null")
    assert server.do("sha256sum /var/lib/knownto-keys/keys.json /etc/knownto/secret.env") == keys
    server.wait_for("knownto-check")


# Planted faults. Each is found, and it alone.


def test_a_role_that_may_pass_by_row_level_security_is_found(server):
    found = planted(
        server,
        f"echo 'ALTER ROLE knownto_app BYPASSRLS' | {SQL} -p 5442",
        f"echo 'ALTER ROLE knownto_app NOBYPASSRLS' | {SQL} -p 5442",
    )
    assert found == ["database knownto: knownto_app may pass by row-level security"]


def test_a_way_into_the_database_without_tls_is_found(server):
    hba = "/etc/postgresql/17/knowntokeys/pg_hba.conf"
    found = planted(
        server,
        f"cp -p {hba} hba; echo 'host all all 127.0.0.1/32 trust' >> {hba}",
        f"cp -p hba {hba}",
    )
    assert len(found) == 1 and found[0].startswith("database knowntokeys: line ") and "without TLS" in found[0], found


def test_a_header_that_is_missing_is_found(server):
    conf = "/etc/nginx/conf.d/knownto.conf"
    found = planted(
        server,
        f"cp {conf} conf; sed -i 's/^    proxy_hide_header .*/& proxy_hide_header Content-Security-Policy;/' {conf};"
        "systemctl restart nginx",
        f"cp conf {conf}; systemctl restart nginx",
    )
    assert len(found) == 1 and found[0].startswith("header content-security-policy is missing"), found


def test_a_database_that_nobody_asked_for_is_found(server):
    made = "pg_createcluster 17 main --port 5432 --start"
    found = planted(server, made, "pg_dropcluster --stop 17 main")
    assert len(found) == 1 and found[0].startswith(
        "database main is none of ours and takes connections on port 5432"
    ), found


def test_a_unit_that_runs_as_root_is_found(server):
    drop_in = "/etc/systemd/system/knownto-metrics.service.d"
    found = planted(
        server,
        f"mkdir -p {drop_in}; printf '[Service]\\nUser=root\\n' > {drop_in}/root.conf; systemctl daemon-reload",
        f"rm -r {drop_in}; systemctl daemon-reload",
    )
    assert found == ["knownto-metrics runs as root"]


def test_a_secret_that_everybody_can_read_is_found(server):
    file = "/etc/knownto/secret.env"
    assert planted(server, f"chmod 644 {file}", f"chmod 600 {file}") == [f"{file} can be read by everybody"]


def written(server: Machine, port: int) -> None:
    """Something is committed, and the piece of the log that it is in is finished and in the archive."""
    server.do(f"echo 'SELECT pg_switch_wal()' | {SQL} -p {port}")
    server.do(f"echo 'CREATE TABLE noise (a int); DROP TABLE noise' | {SQL} -p {port}")


def test_a_gap_in_the_archive_is_found(server):
    for _ in range(3):
        written(server, 5442)
    wal = "/var/lib/knownto-archive/data/wal"
    server.wait_for(f"[ $(ls {wal} | grep -Ec '^[0-9A-F]{{24}}$') -ge 3 ]")
    gone = server.do(f"ls {wal} | grep -E '^[0-9A-F]{{24}}$' | tail -1").strip()
    found = planted(server, f"mv {wal}/{gone} gone", f"mv gone {wal}/{gone}")
    assert len(found) == 1 and f"a piece of the log is missing, {gone[8:]}" in found[0], found


# Going back to a moment, as the guide says.


def ask(server: Machine, statement: str) -> str:
    said = server.run(f"{SQL} -p 5442", given=statement)
    assert said.status == 0, said.out
    return said.out.strip()


def agencies(server: Machine) -> set[str]:
    return set(ask(server, "SELECT code FROM partners_agency").split())


def test_going_back_to_a_moment_by_the_guides_own_commands(server):
    add = "INSERT INTO partners_agency (code, name, connected, \"order\") VALUES ('{0}', '{0}', false, 0)"
    ask(server, add.format("kept"))
    moment = ask(server, "SELECT clock_timestamp()").replace(" ", "T")
    ask(server, add.format("mistaken"))
    assert {"kept", "mistaken"} <= agencies(server)
    [restore] = blocks("sh restore")
    server.do(f"set -e\nMOMENT='{moment}:00'\n{restore}")
    assert "kept" in agencies(server) and "mistaken" not in agencies(server)
    server.do("systemctl start knownto-backup")
    server.wait_for(f"{PAGE}/health/ready -f -o /dev/null", 120)
    server.wait_for("knownto-check")


def test_there_is_no_going_back_past_what_is_missing(server):
    wal = Path("/var/lib/knownto-archive/data")
    server.do(f"mv {wal}/base {wal}/elsewhere; mkdir {wal}/base")
    said = server.run("knownto restore --to 2020-01-01T00:00:00")
    server.do(f"rmdir {wal}/base; mv {wal}/elsewhere {wal}/base")
    assert said.status == 2 and "No copy of main was complete by" in said.out, said.out
    assert "kept" in agencies(server)


# Another release over the first, and back; then a witness, on a partner's machine that happens to be this one.

STEP = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]
    operations = [migrations.RunSQL("CREATE TABLE partners_second (a int)", "DROP TABLE partners_second")]
"""


@pytest.fixture
def second(server):
    """The package of a second release, which brings a table, in the first one's place. Gives both names."""
    first = Path(server.do("readlink /opt/knownto/current").strip())
    second = first.with_name(f"knownto-{int(first.name.split('-')[1]) + 1}-second")
    server.do(
        f"set -e; mkdir new; tar -C new -xf knownto.tar; mv new/{first.name} new/{second.name}\n"
        f"cat > new/{second.name}/src/knownto/partners/migrations/0002_second.py <<'END'\n{STEP}END\n"
        f"cd new/{second.name}; rm SHA256SUMS; find . -type f -print0 | xargs -0 sha256sum > ../sums\n"
        "mv ../sums SHA256SUMS\n"
        f"cd ..; tar -cf ../knownto.tar {second.name}; cd ..; rm -r new"
    )
    return first.name, second.name


def test_a_second_release_is_put_over_the_first_and_taken_back(server, second):
    [upgrade], [back] = blocks("sh upgrade"), blocks("sh back")
    said = server.do(f"set -e\n{upgrade}")
    moment = re.search(r"the moment to go back to: (\S+)", said)[1]
    assert server.do("readlink /opt/knownto/current").strip().endswith(second[1])
    assert ask(server, "SELECT to_regclass('partners_second')") == "partners_second"
    assert ready(server) == 200 and "kept" in agencies(server)
    server.do(f"set -e\nMOMENT='{moment}' OLD='{second[0]}'\n{back}")
    server.wait_for(f"{PAGE}/health/ready -f -o /dev/null", 120)
    assert server.do("readlink /opt/knownto/current").strip().endswith(second[0])
    assert ask(server, "SELECT to_regclass('partners_second') IS NULL") == "t" and "kept" in agencies(server)
    server.run("knownto ledger declare --because 'Back to the release before.'")
    server.do("systemctl start knownto-backup")
    server.wait_for("knownto-check")


def ready(server: Machine) -> int:
    return int(server.do(f"{PAGE}/health/ready -o /dev/null -w '%{{http_code}}'"))


def test_a_partners_witness_is_set_up_by_its_own_page_and_sees_the_log(server):
    [block] = blocks("sh witness", WITNESSING)
    here = "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    server.do(
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem {here} -out cert.pem;"
        "cp /opt/knownto/current/src/knownto/proof/witness.py /opt/knownto/current/deploy/witness/* .;"
        "install -m 0644 cert.pem /etc/knownto/tls/partners.pem"
    )
    log = server.do("knownto ledger key").split()[0]
    said = server.do(f"set -e\nLOGKEY='{log}' WITNESS='council.example/witness'\n{block}")
    key = re.search(r"council\.example/witness\+\S+", said)[0]
    exposed = server.do("systemd-analyze security --no-pager knownto-witness | tail -1")
    assert float(re.search(r": ([\d.]+) ", exposed)[1]) <= 2.0, exposed
    trusted = "KNOWNTO_PARTNER_CA='/etc/knownto/tls/partners.pem'\nKNOWNTO_PRIVATE_ENDPOINTS='1'"
    server.do(f'printf "{trusted}\\n" >> /etc/knownto/site.conf; sh /opt/knownto/current/deploy/install product')
    server.do(f"knownto ledger witness --agency council --at https://127.0.0.1:8443 --key '{key}'")
    server.wait_for("[ -s /var/lib/knownto-witness/heads.log ]", 120)
    status = "python3 /opt/knownto-witness/witness.py status --folder /var/lib/knownto-witness"
    assert server.run(status).status == 0
    server.wait_for("knownto ledger witnesses")
    server.do("systemctl kill --signal=KILL knownto-witness")
    server.wait_for("systemctl is-active knownto-witness")


def test_no_command_of_the_guide_was_left_out(server):
    """Of its blocks every one was run above, and no command stands outside a block."""
    written = re.findall(r"^```[^\n]*\n(.*?)^```", GUIDE, re.S | re.M)
    assert set(written) <= FOLLOWED, [block for block in written if block not in FOLLOWED]
    assert not re.findall(r"^    \S.*$", re.sub(r"^```.*?^```", "", GUIDE, flags=re.S | re.M), re.M)
