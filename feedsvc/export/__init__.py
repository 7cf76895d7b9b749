"""How does everything that is published become files for a web server? ``export_site`` writes them."""

from feedsvc.export.servers import CADDY, NGINX
from feedsvc.export.site import OLDER, export_site
from feedsvc.export.tree import Brought

__all__ = ["CADDY", "NGINX", "OLDER", "Brought", "export_site"]
