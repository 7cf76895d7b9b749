"""What does a web page say: its structure, its declared data, its article, its lists, its trouble?

Pure. ``page.read`` makes a ``Page`` of bytes, once; everything else here asks that value.
"""
