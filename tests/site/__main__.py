"""The newspaper of the tests on an address of this machine: ``python -m tests.site --port 8001``."""

import argparse
from datetime import UTC, datetime

from werkzeug.serving import run_simple

from tests.site.app import create_app
from tests.site.paper import Paper


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.site", description=__doc__)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--design", type=int, choices=(1, 2), default=1, help="2: the paper redesigned")
    given = parser.parse_args()
    paper = Paper(base=datetime.now(UTC), design=given.design)
    run_simple("127.0.0.1", given.port, create_app(paper), threaded=True)


if __name__ == "__main__":
    main()
