"""The processes the program starts get passwords through pipes alone: neither their arguments nor their environment shows one."""

import multiprocessing
import os
import pickle
import sys
import threading
import time
import traceback
from copy import deepcopy
from pathlib import Path

import pytest

from oauthcert.casework.apart import LookOrder, look_apart
from oauthcert.casework.diagnose import Limits
from oauthcert.casework.events import Answered
from oauthcert.lab.apart import LabProcess
from oauthcert.model.cancel import CancelToken
from oauthcert.model.secret import Credential, Secret

CANARY = "CANARY-7f3e'\"\\ü"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_that_processes_show_no_password_in_arguments_or_environment() -> None:
    lab = LabProcess("healthy-lync")
    try:
        password = lab.credential.password.reveal().encode()
        shown: dict[str, bytes] = {}
        token = CancelToken()

        def look_around(event: object) -> None:
            if isinstance(event, Answered) and "look" not in shown:
                for process in multiprocessing.active_children():
                    folder = Path("/proc") / str(process.pid)
                    shown[process.name] = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
                token.cancel()

        look_apart(LookOrder(lab.targets, lab.credential, Limits(lanes=4, seconds=60)), token, look_around)
    finally:
        lab.close()
    assert {name for name, text in shown.items() if b"python" in text} >= {"practice-lab", "look"}
    assert {name for name, text in shown.items() if password in text} == set()
    assert password.decode() not in "".join(os.environ.values())


@pytest.mark.parametrize("form", [repr, str, "{}".format, "{!r}".format, ascii])
def test_that_nothing_that_holds_a_secret_prints_it(form: object) -> None:
    assert callable(form)
    account = Credential("CONTOSO\\admin", Secret(CANARY))
    order = LookOrder((), account, Limits())
    for holder in (account.password, account, order, [account], {"a": account}, (account.password,)):
        assert "CANARY" not in str(form(holder))


def test_that_a_secret_cannot_be_copied_to_a_file_by_accident() -> None:
    account = Credential("CONTOSO\\admin", Secret(CANARY))
    for copied in (pickle.dumps, deepcopy):
        with pytest.raises(TypeError) as caught:
            copied(account)
        assert "CANARY" not in "".join(traceback.format_exception(caught.value))


def test_that_a_traceback_through_a_look_shows_no_secret() -> None:
    """What a crash prints of the program's own frames: lines of code and messages, never the values of variables."""

    def broken(_event: object) -> None:
        raise RuntimeError("the listener broke")

    order = LookOrder((), Credential("CONTOSO\\admin", Secret(CANARY)), Limits())
    with pytest.raises(RuntimeError) as caught:
        look_apart(order, CancelToken(), broken)
    assert "CANARY" not in "".join(traceback.format_exception(caught.value))
    end = time.monotonic() + 10
    while any(process.name == "look" for process in multiprocessing.active_children()) and time.monotonic() < end:
        threading.Event().wait(0.05)
    assert not any(process.name == "look" for process in multiprocessing.active_children())
