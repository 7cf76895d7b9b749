"""What does ``python -m feedsvc`` do? The same as ``feedsvc``."""

from feedsvc.cli import main

main()
