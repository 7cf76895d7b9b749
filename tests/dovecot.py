"""A real IMAP server for tests: dovecot on loopback ports, with a config and mails of its own.

It runs as somebody without rights: as whoever runs the tests, or as nobody where that is root.
"""

import contextlib
import grp
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TLS = Path(__file__).parent / "fetch" / "tls"
PASSWORD = "sesame-öffne-dich"

_COMMON = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_max_userip_connections = 100
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""
_UP_TO_2_3 = """
disable_plaintext_auth = no
ssl_cert = <{home}/tls.pem
ssl_key = <{home}/tls.pem
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
"""
_SINCE_2_4 = """
auth_allow_cleartext = yes
ssl_server_cert_file = {home}/tls.pem
ssl_server_key_file = {home}/tls.pem
mail_driver = maildir
mail_path = ~/Maildir
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {user}
    gid = {group}
    home = {home}/mail/%{{user}}
  }}
}}
"""


def program() -> str:
    """Its path; without it skip, but never in CI."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None or not Path("/usr/lib/dovecot/imap").exists():
        if os.environ.get("CI"):
            pytest.fail("dovecot-imapd is not installed, and CI must have it")
        pytest.skip("dovecot-imapd is not installed")
    return found


@dataclass(frozen=True, kw_only=True)
class Dovecot:
    """Anybody may log in with ``PASSWORD``, and finds a mailbox of his own."""

    home: Path
    port: int  # plain, and STARTTLS
    tls_port: int

    def folder(self, user: str, name: str = "INBOX") -> Path:
        maildir = self.home / "mail" / user / "Maildir"
        return maildir if name == "INBOX" else maildir / f".{name}"

    @contextlib.contextmanager
    def login(self, user: str) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as client:
            client.authenticate("PLAIN", lambda _: f"\0{user}\0{PASSWORD}".encode())
            yield client

    def put(self, user: str, *mails: bytes, folder: str = "INBOX", received: str | None = None) -> None:
        """Append mails; ``received`` is an INTERNALDATE such as ``"01-Mar-2026 10:00:00 +0000"``."""
        with self.login(user) as client:
            client.create(folder)
            for mail in mails:
                status, said = client.append(folder, "", received and f'"{received}"', mail)
                assert status == "OK", said

    def remove(self, user: str, folder: str) -> None:
        with self.login(user) as client:
            assert client.delete(folder)[0] == "OK"

    def flags(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """What is set on each mail."""
        with self.login(user) as client:
            client.select(folder, readonly=True)
            return re.findall(rb"FLAGS \(([^)]*)\)", b" ".join(client.fetch("1:*", "(FLAGS)")[1]))


@contextlib.contextmanager
def running() -> Iterator[Dovecot]:
    path = program()
    owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    home = Path(tempfile.mkdtemp(prefix="feedsvc-imap-"))  # short: a socket's path may have 107 characters
    made = Dovecot(home=home, port=_free_port(), tls_port=_free_port())
    try:
        _prepare(made, path, owner)
        with _process(path, home, owner):
            _wait_for(made)
            yield made
    finally:
        shutil.rmtree(home)


def _prepare(server: Dovecot, path: str, owner: pwd.struct_passwd) -> None:
    version = subprocess.run([path, "--version"], check=True, capture_output=True, text=True).stdout
    number = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    assert number, version
    (server.home / "run").mkdir()
    shutil.copy(TLS / "localhost.pem", server.home / "tls.pem")
    if (int(number[1]), int(number[2])) < (2, 4):
        head, template = "", _COMMON + _UP_TO_2_3
    else:  # the file must begin with the version that it is written for
        head = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
        template = _COMMON + _SINCE_2_4
    text = head + template.format(
        home=server.home,
        user=owner.pw_name,
        group=grp.getgrgid(owner.pw_gid).gr_name,
        password=PASSWORD,
        port=server.port,
        tls_port=server.tls_port,
    )
    (server.home / "dovecot.conf").write_text(text)
    for one in (server.home, *server.home.iterdir()):
        os.chown(one, owner.pw_uid, owner.pw_gid)


@contextlib.contextmanager
def _process(path: str, home: Path, owner: pwd.struct_passwd) -> Iterator[None]:
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    command = [path, "-F", "-c", home / "dovecot.conf"]
    with (home / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=home, **as_owner)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _wait_for(server: Dovecot, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError, imaplib.IMAP4.error), server.login("nobody-yet"):
            return
        time.sleep(0.05)
    said = [(server.home / name).read_text() for name in ("output", "log") if (server.home / name).exists()]
    raise AssertionError(f"dovecot did not start: {said}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
