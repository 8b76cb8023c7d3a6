"""A repair told line by line on stderr: it waits long and seldom, and a person may be asked in between."""

from datetime import UTC, datetime

from oauthcert.casework import events
from oauthcert.cli.console import Console
from oauthcert.cli.plan_text import result_line
from oauthcert.cli.sentences import Sentences
from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Plan
from oauthcert.model.repair import StepResult
from oauthcert.words.showing import visible


class FixProgress:
    """As `Progress`, for the events of a repair. A wait says something when what it sees has changed."""

    def __init__(self, console: Console, sentences: Sentences, plan: Plan, quiet: bool) -> None:
        self._console = console
        self._sentences = sentences
        self._plan = plan
        self._quiet = quiet
        self._seen: tuple[str, ...] | None = None

    def take(self, event: events.Event | events.RepairEvent) -> None:
        if self._quiet:
            return
        match event:
            case events.RepairStarted(run):
                self._say("repair_started", run=run)
            case events.StepStarted(step):
                self._seen = None
                title = next((self._sentences.catalogue.step(one).title for one in self._plan.steps if one.id == step), visible(step))
                self._console.say(f"> {title}")
            case events.StepSaid(_, text):
                for line in text.splitlines()[:50]:
                    self._console.say(f"  | {visible(line)}")
            case events.StepWaiting():
                self._waiting(event)
            case events.StepEnded(result):
                self._console.say(f"  {result_line(result, self._plan, self._sentences)}")
                self._hand_over(result)
            case events.VerifyStarted(servers):
                self._say("verifying", servers=len(servers))
            case _:
                pass

    def _hand_over(self, result: StepResult) -> None:
        """A signing request has to be carried to the authority by a person, who needs its text."""
        request = result.after.get("request")
        if isinstance(request, str) and request:
            self._say("carry_this")
            for line in request.splitlines():
                self._console.say(visible(line))

    def _waiting(self, event: events.StepWaiting) -> None:
        open_ones = tuple(one.id for one in event.seen if one.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE))
        if open_ones != self._seen and open_ones:
            left = max(0.0, (event.until - datetime.now(UTC)).total_seconds())
            self._say("waiting_for", findings=", ".join(open_ones), left=self._sentences.catalogue.formats.duration(left))
        self._seen = open_ones

    def _say(self, key: str, **facts: str | int) -> None:
        self._console.say(self._sentences(key, **facts))

    def tick(self) -> None:
        """Nothing is drawn in place."""

    def clear(self) -> None:
        """Nothing is drawn in place."""
