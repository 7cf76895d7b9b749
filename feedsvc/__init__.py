"""feedsvc: collects articles from configured sources and publishes per-category feeds."""
