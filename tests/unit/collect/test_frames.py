"""Golden frames: what a server really wrote to stdout, all the way to evidence."""

from pathlib import Path

from tests.unit.collect.samples import PRINTED, observation

from oauthcert.collect.evidence import evidence_of
from oauthcert.model.evidence import Answer, NotSeen, Observation, Seen
from oauthcert.model.target import Target
from oauthcert.remote.wire import FrameReader, answer_of, encode_frame, is_end

GOLDEN = Path(__file__).with_name("golden_frames.txt")


def read(stdout: bytes) -> dict[str, Answer]:
    reader = FrameReader()
    frames = [*reader.feed(stdout), *reader.finish()]
    assert reader.damaged == 0
    return {answer.probe: answer for answer in map(answer_of, (frame for frame in frames if not is_end(frame)))}


def observed(answers: dict[str, Answer]) -> Observation:
    return observation(answers)


def test_that_golden_frames_still_mean_what_they_meant() -> None:
    """They were written before some of the probes existed."""
    answers, complete = read(GOLDEN.read_bytes()), observation().answers
    known = observation({name: answer for name, answer in complete.items() if name in answers})
    assert len(known.answers) == len(answers) > 10
    assert evidence_of(observed(answers), Target("fe01.contoso.lab")) == evidence_of(known, Target("fe01.contoso.lab"))


def test_that_frames_cut_in_the_middle_keep_what_arrived() -> None:
    whole = GOLDEN.read_bytes()
    lines = whole.splitlines(keepends=True)
    reader = FrameReader()
    frames = reader.feed(b"".join(lines[:7]) + lines[7][:40])
    answers = {answer.probe: answer for answer in map(answer_of, frames)}
    evidence = evidence_of(observation(answers, lost=NotSeen("connection-reset")), Target("fe01.contoso.lab"))
    assert isinstance(evidence.services, Seen)
    assert evidence.transport == NotSeen("connection-reset")


def test_that_an_array_wrapped_by_an_old_powershell_is_read() -> None:
    wrapped = encode_frame({"probe": "services", "ok": True, "value": {"value": list(PRINTED["services"]), "Count": 2}})
    evidence = evidence_of(observed(read(wrapped)), Target("fe01.contoso.lab"))
    assert isinstance(evidence.services, Seen)
    assert [service.name for service in evidence.services.value] == ["REPLICA", "MASTER"]
