"""A person does a guided step in the practice deployment."""

from datetime import datetime

from oauthcert.lab.deployment import Deed, Deployment
from oauthcert.lab.hands import HANDS, Hand
from oauthcert.lab.machines import Machine


def do_by_hand(deployment: Deployment, fix: str, server: str, moment: datetime) -> Machine:
    """Does it and notes it down; gives the machine on which it was done. Raises KeyError for an unknown server or fix."""
    with deployment.lock:
        machine = deployment.machines[server]
        HANDS[fix](Hand(deployment, machine, moment))
        deployment.deeds.append(Deed(server, f"by-hand:{fix}", moment))
        return machine
