"""Judges product, version and build."""

from oauthcert.checks.builds import line_of, main_component, parse_version
from oauthcert.checks.gates import unanswered, unseen
from oauthcert.checks.installed import has_exchange, lync_products
from oauthcert.checks.look import Look
from oauthcert.checks.say import say, say_not_needed
from oauthcert.checks.view import ServerView
from oauthcert.model.finding import Finding


def product_build(server: ServerView, look: Look) -> Finding:
    check, evidence = "product-build", server.evidence
    if finding := unanswered(check, server) or unseen(check, server, evidence.product, "product"):
        return finding
    main = main_component(lync_products(evidence))
    if main is None:
        return say_not_needed(check, server.name, "exchange-only" if has_exchange(evidence) else "no-product")
    line, version = line_of(main), parse_version(main.version)
    if line is None or version is None:
        return say(check, "unknown-build", server.name, product=main.name, version=main.version)
    ended = line.support_ended.isoformat() if line.support_ended else ""
    over = line.support_ended is not None and look.now.date() > line.support_ended
    if over and not line.serviced:
        return say(check, "out-of-support", server.name, product=line.name, version=main.version, support_ended=ended)
    if version < line.required:
        return say(
            check,
            "update-missing",
            server.name,
            product=line.name,
            version=main.version,
            required_version=".".join(str(number) for number in line.required),
            required_since=line.required_since,
        )
    if over:
        return say(check, "serviced-beyond-support", server.name, product=line.name, version=main.version, support_ended=ended)
    return say(check, "pass", server.name, product=line.name, version=main.version)
