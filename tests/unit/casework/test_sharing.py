"""Equal answers are kept once, different ones stay what they are."""

from oauthcert.casework.sharing import SharedAnswers
from oauthcert.model.evidence import Answer, JsonValue, NotSeen, Observation


def _topology(machines: int, milliseconds: int = 1) -> Answer:
    value: JsonValue = {"clusters": [{"fqdn": f"fe{number}.contoso.lab"} for number in range(machines)]}
    return Answer("topology", True, (value,), milliseconds=milliseconds)


def test_that_equal_values_become_one_and_the_rest_of_the_answer_stays() -> None:
    answers = SharedAnswers()
    first = answers.shared(_topology(5, 10))
    second = answers.shared(_topology(5, 20))

    assert second.value is first.value
    assert (first.milliseconds, second.milliseconds) == (10, 20)


def test_that_different_values_and_other_probes_are_left_alone() -> None:
    answers = SharedAnswers()
    answers.shared(_topology(5))

    assert answers.shared(_topology(6)) == _topology(6)
    other = Answer("store", True, _topology(5).value)
    assert answers.shared(other) is other
    empty = Answer("topology", False)
    assert answers.shared(empty) is empty


def test_that_true_and_one_are_not_the_same_fact() -> None:
    answers = SharedAnswers()
    answers.shared(Answer("topology", True, ({"active": 1},)))

    assert repr(answers.shared(Answer("topology", True, ({"active": True},))).value) == "({'active': True},)"


def test_that_only_a_few_different_values_are_remembered() -> None:
    answers = SharedAnswers()
    for machines in range(40):
        answers.shared(_topology(machines))

    assert answers.shared(_topology(3)) == _topology(3)
    assert answers.shared(_topology(39)) == _topology(39)


def test_that_observations_that_came_one_by_one_share_again_what_was_shared() -> None:
    gone = NotSeen("cut-off")
    store = Answer("store", True, ({"my": []},))
    first, second = (
        Observation(name, gone, gone, gone, {"topology": _topology(5), "store": store}, lost=gone) for name in ("fe01", "fe02")
    )
    answers = SharedAnswers()

    assert answers.observation(first) == first
    again = answers.observation(second)
    assert again == second
    assert again.answers["topology"].value is answers.shared(_topology(5)).value
