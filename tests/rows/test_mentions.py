"""Which instruments a text names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.rows.mentions import Names, find_mentions, make_names, short_name

NAMES = make_names(
    [
        ("OGDC", "Oil & Gas Development Company Limited"),
        ("HUBC", "The Hub Power Company Limited"),
        ("GGL", "Ghani Global Holdings Limited"),
        ("GGGL", "Ghani Global Glass Limited"),
        ("PACE", "Pace (Pakistan) Limited"),
        ("POWER", "Power Cement Limited"),
        ("KSE100", "KSE 100 Index"),
        ("AHL", "Arif Habib Limited"),
        ("AHCL", "Arif Habib Corporation Limited"),
        ("KEL", "K-Electric Limited"),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("OGDC rose and OGDC fell", {"OGDC": 2}),
        ("The KSE-100 Index, or KSE 100, or KSE100", {"KSE100": 3}),
        ("Hub Power and the Hub Power Company Limited", {"HUBC": 2}),
        ("Ghani Global Glass Limited", {"GGGL": 1}),
        ("K-Electric said that KEL", {"KEL": 2}),
        ("Power Cement", {"POWER": 1}),
        ("ogdc, OGDCX, X-OGDC, OGDC.PK", {}),
        ("PACE of POWER", {}),
        ("OGDC AND HUBC IN CAPITALS", {}),
        ("Arif Habib", {}),
        ("", {}),
        ("KSE-100 gained 100", {"KSE100": 1}),
    ],
)
def test_which_instruments_a_text_names(text: str, found: dict[str, int]) -> None:
    assert dict(find_mentions(text, NAMES)) == found


def test_names_are_shortened_as_texts_write_them() -> None:
    assert short_name("The Hub Power Company Limited") == "Hub Power"
    assert short_name("Jahangir Siddiqui & Co. Ltd.") == "Jahangir Siddiqui"


@given(
    st.lists(
        st.sampled_from(
            ["OGDC", "Hub Power", "Ghani", "Global", "K-Electric", "KSE", "-100", "x", "É", "2",
             ".", " ", " ", "\n", "power", "The "]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_no_name_is_passed_over_for_speed(parts: list[str]) -> None:
    """Most texts are let go at a glance: never one in which something is named."""
    text = "".join(parts)
    # One more name, which every such text ends with, so that none is let go.
    any_text = Names(NAMES.symbols, NAMES.names, NAMES.starts | {b"Q"})
    assert find_mentions(text, NAMES) == find_mentions(f"{text}\nQ", any_text)
