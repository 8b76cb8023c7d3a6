"""A practice server on the loopback that answers rounds by a few simple functions, and connections to it."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from oauthcert.lab.wsman import Account, Job, ListenerSettings, LoopThread, WsmanListener
from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import Answer
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.model.target import Target
from oauthcert.remote.conversation import Scripts, WinrmConnection
from oauthcert.remote.trust import TlsContexts
from oauthcert.remote.winrm_gateway import Timing, WinrmGateway
from oauthcert.remote.wire import Question, decode_request, encode_frame

NAME = "fe01.contoso.lab"
USERNAME = r"CONTOSO\admin"
PASSWORD = "Pässw0rd!"
ACCOUNTS = (Account(USERNAME, Secret(PASSWORD)), Account(r"CONTOSO\reader", Secret(PASSWORD), administrator=False))
SCRIPTS = Scripts(bootstrap="# for readers\n'bootstrap'", round_script="'round'")
QUICK = Timing(
    name_seconds=1, connect_seconds=1, contact_seconds=3, sign_in_seconds=3, answer_seconds=3, operation_seconds=1, cleanup_seconds=2
)


async def answering(job: Job) -> int:
    """The runner: one frame per question, made by what the question's function is called."""
    request = decode_request(await job.read_stdin())
    job.write_stdout(encode_frame({"probe": "", "ok": True, "value": [{"protocol": 1, "computer": "FE01"}]}))
    for question in request.questions:
        exit_code = await _answer(job, question)
        if exit_code is not None:
            return exit_code
    job.write_stdout(encode_frame({"probe": "#end", "ok": True}))
    return 0


async def _answer(job: Job, question: Question) -> int | None:
    frame: dict[str, object] = {"probe": question.id, "ok": True, "value": [dict(question.arguments)], "milliseconds": 1}
    match question.function:
        case "Wait":
            await asyncio.sleep(float(str(question.arguments["Seconds"])))
        case "Hang":
            await asyncio.Event().wait()
        case "Large":
            frame["value"] = [{"text": os.urandom(int(str(question.arguments["Bytes"])) // 2).hex()}]
        case "Die":
            job.write_stderr(b'#< CLIXML\r\n<Objs Version="1.1.0.1"><S S="Error">out of memory_x000D__x000A_</S></Objs>')
            return 5
        case "Print":
            job.write_stdout(str(question.arguments["Text"]).encode())
            return int(str(question.arguments.get("Exit", 0)))
        case "PrintAndHang":
            job.write_stdout(str(question.arguments["Text"]).encode())
            await asyncio.Event().wait()
        case "Damaged":
            job.write_stdout(b"#oac1 AAAA\r\n")
            return None
    job.write_stdout(encode_frame(frame))
    await asyncio.sleep(0)
    return None


def settings(**changes: object) -> ListenerSettings:
    return replace(ListenerSettings(accounts=ACCOUNTS, hostname=NAME, keep_order=True), **changes)  # type: ignore[arg-type]


def target_of(listener: WsmanListener, **changes: object) -> Target:
    target = Target(NAME, scheme=listener.scheme, port=listener.port, address="127.0.0.1")
    return replace(target, **changes)  # type: ignore[arg-type]


def credential(username: str = USERNAME, password: str = PASSWORD, method: SignInMethod = SignInMethod.NTLM) -> Credential:
    return Credential(username, Secret(password), method)


def gateway(timing: Timing = QUICK, trust: TlsContexts | None = None) -> WinrmGateway:
    return WinrmGateway(timing, trust, scripts=SCRIPTS)


@contextmanager
def connected(listener: WsmanListener, timing: Timing = QUICK) -> Iterator[WinrmConnection]:
    connection = gateway(timing).connect(target_of(listener), credential())
    try:
        yield connection
    finally:
        connection.close()


def echo(name: str = "echo", **arguments: object) -> Question:
    return Question(name, "Echo", 5, arguments)


def ask(connection: WinrmConnection, *questions: Question, seconds: float = 20, token: CancelToken | None = None) -> dict[str, Answer]:
    """The answers by probe; raises what `WinrmConnection.ask` raises, with the answers that came before in its `answers`."""
    answers: dict[str, Answer] = {}
    try:
        connection.ask(
            questions, "library", deadline_seconds=seconds, token=token or CancelToken(), on_answer=lambda a: answers.update({a.probe: a})
        )
    except Exception as error:
        error.answers = answers  # type: ignore[attr-defined]
        raise
    return answers


def values_of(answers: Mapping[str, Answer]) -> dict[str, object]:
    return {probe: answer.value[0] for probe, answer in answers.items() if probe != "hello"}


@contextmanager
def practice(**changes: object) -> Iterator[WsmanListener]:
    with LoopThread() as lab:
        yield lab.listen(answering, settings(**changes))


def comes_true(condition: Callable[[], bool], seconds: float = 2) -> bool:
    """Waits for what the lab's loop does a moment later."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()
