"""Arbitrary cases for property tests: every field filled with whatever its type allows."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from oauthcert.model.case import Case
from oauthcert.model.evidence import Answer, ClockSeen, Fault, JsonValue, NotSeen, Observation, ReachSeen, Seen, SignInSeen, TlsSeen
from oauthcert.model.finding import Cause, Finding, Severity, Verdict
from oauthcert.model.plan import Consent, Manner
from oauthcert.model.repair import Outcome
from oauthcert.model.repair_record import ProblemCount, RepairRecord, StepRecord
from oauthcert.model.target import Product, Target

texts = st.text(max_size=12) | st.sampled_from(["<script>alert(1)</script>", "\u202e", "{server}", "\ud800", "a\x00b\n", "ßä日本"])
whole = st.integers(-(2**63) + 1, 2**63 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)
times = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - bounds of hypothesis are naive
some_texts = st.lists(texts, max_size=3).map(tuple)
facts = st.dictionaries(texts, st.none() | st.booleans() | whole | floats | texts | some_texts, max_size=4)
long_texts = st.sampled_from(["MII" + "A" * 200, "MII" + "B" * 200])
names = texts | st.sampled_from(["shared_text", "shared_value"])
json_values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | whole | floats | texts | long_texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
)
not_seen = st.builds(NotSeen, texts, st.dictionaries(texts, texts, max_size=2))
faults = st.builds(Fault, texts, texts, texts, texts, whole, texts, some_texts)
answers = st.builds(
    Answer, texts, st.booleans(), st.lists(json_values, max_size=3).map(tuple), st.none() | faults, st.tuples(faults), some_texts, whole
)
tls = st.builds(TlsSeen, texts, texts, texts, times, times)
observations = st.builds(
    Observation,
    texts,
    st.builds(Seen, st.builds(ReachSeen, texts, whole, texts)) | not_seen,
    st.builds(Seen, st.builds(SignInSeen, texts, texts)) | not_seen,
    st.builds(Seen, st.builds(ClockSeen, floats, floats, whole, st.just(0.0) | floats.filter(bool))) | not_seen,
    st.dictionaries(texts, answers, max_size=2),
    st.none() | not_seen,
    st.none() | tls,
    st.none() | times,
    st.none() | times,
)
targets = st.builds(
    Target,
    texts.filter(bool),
    st.sampled_from(["http", "https"]),
    st.integers(1, 65535),
    st.none() | texts,
    st.sampled_from(Product),
    st.none() | st.text("0123456789abcdef", min_size=64, max_size=64),
)
findings = st.builds(
    Finding,
    texts,
    st.none() | texts.filter(bool),
    st.sampled_from(Verdict),
    st.sampled_from(Severity),
    texts,
    facts,
    some_texts,
    some_texts,
)
steps = st.builds(
    StepRecord,
    texts,
    texts,
    texts,
    st.sampled_from(Manner),
    texts,
    st.sampled_from(Outcome),
    times,
    times,
    st.sampled_from(Consent),
    facts,
    texts,
    facts,
)
counts = st.builds(ProblemCount, st.integers(0, 2**31), st.integers(0, 2**31))
repairs = st.builds(
    RepairRecord, texts, times, times, st.lists(steps, max_size=2).map(tuple), some_texts, st.none() | counts, st.none() | counts
)
cases = st.builds(
    Case,
    times,
    times,
    texts,
    st.lists(targets, max_size=2).map(tuple),
    st.lists(observations, max_size=2).map(tuple),
    st.lists(findings, max_size=3).map(tuple),
    st.lists(st.builds(Cause, texts, some_texts), max_size=2).map(tuple),
    texts,
    st.lists(repairs, max_size=2).map(tuple),
)
