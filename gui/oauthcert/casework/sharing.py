"""Keeps equal answers of different servers once: each of 1000 servers prints the same topology of 1000 machines."""

import json
from dataclasses import replace
from hashlib import sha256
from threading import Lock

from oauthcert.model.evidence import Answer, JsonValue, Observation

_LARGE_AND_ALIKE = frozenset({"topology"})
_DIFFERENT = 16
"""Values remembered. Servers agree on the topology, but for those whose local store is older."""


class SharedAnswers:
    """Used by all lanes of one look. Values are never changed after they were read, so that they can be shared."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[JsonValue, ...]] = {}
        self._lock = Lock()

    def shared(self, answer: Answer) -> Answer:
        """The same answer, its value replaced by an equal one that is already kept."""
        if answer.probe not in _LARGE_AND_ALIKE or not answer.value:
            return answer
        # by its text, not by ==, for which 1 and true are the same
        digest = sha256(json.dumps(answer.value).encode("ascii")).digest()
        with self._lock:
            if digest in self._known:
                return replace(answer, value=self._known[digest])
            if len(self._known) < _DIFFERENT:
                self._known[digest] = answer.value
        return answer

    def observation(self, observation: Observation) -> Observation:
        """The same observation with its answers shared, for those that came through a pipe, each with a copy of its own."""
        return replace(observation, answers={probe: self.shared(answer) for probe, answer in observation.answers.items()})
