"""What stands before a page of the newspaper, where it is told to?"""

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tests.site.paper import Wall


def answer(kind: Wall) -> ResponseReturnValue:
    """What is answered instead of the page that was asked for."""
    if kind == "challenge":
        headers = {"cf-mitigated": "challenge", "Server": "cloudflare"}
        return Response(render_template("walls/challenge.html"), status=403, headers=headers)
    if kind == "consent":
        return redirect(f"/consent?back={request.path}")
    if kind == "login":
        return redirect(f"/login?next={request.path}")
    if kind == "pdf":
        return Response(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", mimetype="application/pdf")
    if kind == "parked":
        return Response(render_template("walls/parked.html", host=request.host))
    return Response(render_template(f"walls/{kind}.html", path=request.path))


def blueprint() -> Blueprint:
    made = Blueprint("walls", __name__)

    @made.get("/consent")
    def consent() -> str:
        return render_template("walls/consent.html", back=request.args.get("back", "/"))

    @made.get("/login")
    def login() -> str:
        return render_template("walls/login.html", back=request.args.get("next", "/"))

    return made
