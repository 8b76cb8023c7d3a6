"""Error output of PowerShell, whole, cut and mixed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthcert.remote.clixml import TEXT_LIMIT, readable_error_text

START = '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
PROGRESS = '<Obj S="progress" RefId="0"><MS><PR N="Record"><AV>Preparing modules for first use.</AV></PR></MS></Obj>'


def error(*lines: str) -> str:
    return "".join(f'<S S="Error">{line}_x000D__x000A_</S>' for line in lines)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("", ""),
        (START + PROGRESS + "</Objs>", ""),
        (START + error("one", "two") + "</Objs>", "one\ntwo"),
        ("before\r\n" + START + error("one") + "</Objs>", "before\none"),
        (START + PROGRESS + "</Objs>" + START + error("two") + "</Objs>\r\nafter", "two\nafter"),
        (START + error("one") + '<S S="Error">cut in the mid', "one\ncut in the mid"),
        (START + error("one") + "<S S=", "one"),
        (START + '<S S="warning">careful</S><S S="verbose">chatter</S><S S="debug">more</S></Objs>', "careful"),
        (START + error("a &lt;b&gt; &amp; c_x0020_d _x00E4_ _xD83D__xDE00_ _x005F_x") + "</Objs>", "a <b> & c d ä 😀 _x"),
        (START + error("half _xD83D_") + "</Objs>", "half \ufffd"),
        ("The command line is too long.\r\n", "The command line is too long."),
        ("#< CLIXML\r\n", ""),
    ],
)
def test_that_what_a_person_should_read_is_left(raw: str, text: str) -> None:
    assert readable_error_text(raw.encode()) == text


def test_that_another_code_page_does_not_raise() -> None:
    assert readable_error_text("Zugriff verweigert: Pässe".encode("cp850")).startswith("Zugriff verweigert: P")


def test_that_the_text_is_bounded() -> None:
    assert len(readable_error_text((START + error("x" * 100_000)).encode())) == TEXT_LIMIT


@given(st.binary(max_size=300), st.text(max_size=100))
def test_that_nothing_makes_it_raise(noise: bytes, text: str) -> None:
    readable_error_text(START.encode() + noise + error(text).encode("utf-8", "replace") + noise)
