"""How are the shipped examples of server configs run, as they are but for names, ports and places?"""

import http.client
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clients.conftest import free_port, require

ROOT = Path(__file__).parents[2]
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
NGINX = """
{module}
daemon off; master_process off; pid {here}/nginx.pid; error_log {here}/nginx.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {here}/tmp; proxy_temp_path {here}/tmp; fastcgi_temp_path {here}/tmp;
  uwsgi_temp_path {here}/tmp; scgi_temp_path {here}/tmp;
  include {here}/feeds.conf;
}}
"""


@contextmanager
def nginx(site: Path, here: Path) -> Iterator[int]:
    """deploy/nginx.conf over an exported site; the port that it listens on."""
    program, port = require("nginx"), free_port()
    shipped = (ROOT / "deploy" / "nginx.conf").read_text()
    made = shipped.replace("/srv/feeds", str(site)).replace("listen 80;", f"listen 127.0.0.1:{port};")
    module = f"load_module {BROTLI};"
    if not BROTLI.exists():  # as its comment says
        assert not os.environ.get("CI"), f"{BROTLI} is not installed, and CI must have it"
        module, made = "", made.replace("brotli_static on;", "")
    here.mkdir()
    (here / "feeds.conf").write_text(made)
    (here / "nginx.conf").write_text(NGINX.format(here=here, module=module))
    command = [program, "-e", f"{here}/nginx.log", "-p", str(here), "-c", str(here / "nginx.conf")]
    with _running(command, here, port):
        yield port


@contextmanager
def caddy(site: Path, here: Path) -> Iterator[int]:
    """deploy/Caddyfile over an exported site; the port that it listens on."""
    program, port = require("caddy"), free_port()
    shipped = (ROOT / "deploy" / "Caddyfile").read_text()
    made = shipped.replace("/srv/feeds", str(site))
    made = made.replace("\nfeeds.example.org {", f"\nhttp://127.0.0.1:{port} {{\n\tbind 127.0.0.1", 1)
    here.mkdir()
    (here / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{made}")
    with _running([program, "run", "--config", str(here / "Caddyfile")], here, port):
        yield port


@contextmanager
def _running(command: list[str], here: Path, port: int) -> Iterator[None]:
    shutil.rmtree(here / "tmp", ignore_errors=True)
    environment = {**os.environ, "HOME": str(here), "XDG_DATA_HOME": str(here), "XDG_CONFIG_HOME": str(here)}
    with (here / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=here)
    try:
        _wait(process, here, port)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: "subprocess.Popen[bytes]", here: Path, port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/robots.txt")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
    raise AssertionError((here / "log").read_text())
