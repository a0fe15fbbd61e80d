"""Ids as clients write them: what no row can have is told before any SQL."""

import pytest

from core.ids import LARGEST_ID, id_of


@pytest.mark.parametrize("number", [1, 42, LARGEST_ID])
def test_a_string_of_digits_is_the_id_that_it_names(number):
    assert id_of(str(number)) == number


@pytest.mark.parametrize(
    "value",
    [
        "",
        "0",
        "007",
        "-1",
        "+1",
        "1.0",
        " 1",
        "1\n",
        "\uff11",
        "x",
        str(LARGEST_ID + 1),
        "9" * 5000,
    ],
)
def test_what_no_row_can_have_is_refused(value):
    with pytest.raises(ValueError, match=r"^.*"):
        id_of(value)


@pytest.mark.parametrize("value", [1, 1.0, True, None, ["1"], b"1"])
def test_what_is_no_string_is_refused(value):
    with pytest.raises(ValueError, match=r"^.*"):
        id_of(value)
