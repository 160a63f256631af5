"""Starting says what is wrong, rather than being answered for by somebody else."""

import socket
import subprocess
import sys

import pytest

from knownto.site import command
from knownto.site.running import PortTaken, serving


def test_it_refuses_a_port_that_something_else_listens_on():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"PORT={port + 1}"), serving(port):
            pytest.fail("it started")


@pytest.mark.parametrize("name", command.COMMANDS)
def test_every_command_has_help_that_a_stranger_can_follow(name, capsys):
    with pytest.raises(SystemExit) as ended:
        command.parser().parse_args([name, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0 and len(said) > 200


def test_it_names_the_commands_when_none_is_given():
    done = subprocess.run([sys.executable, "-m", "knownto.site.command"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and all(name in done.stderr for name in ("demo", "serve", "ledger"))
