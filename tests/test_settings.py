"""Settings are read from QA_* variables once; what a person gives on the command line wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import SettingsError
from qa.settings import Settings


def test_variables_set_what_they_name() -> None:
    settings = Settings.from_env({"QA_INDEX": "news", "QA_PORT": "9000", "QA_FEEDS": "true"})
    assert (settings.index, settings.port, settings.feeds) == (Path("news"), 9000, True)


def test_an_option_wins_over_a_variable_and_an_absent_one_does_not() -> None:
    settings = Settings.from_env({"QA_PORT": "9000", "QA_HOST": "0.0.0.0"}, port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "0.0.0.0")


@pytest.mark.parametrize(
    ("key", "value"),
    [("QA_PORT", "http"), ("QA_PORT", "70000"), ("QA_THREADS", "0"), ("QA_FEEDS", "maybe")],
)
def test_a_value_that_cannot_be_used_is_named_with_its_key(key: str, value: str) -> None:
    with pytest.raises(SettingsError, match=key) as refused:
        Settings.from_env({key: value})
    assert value in str(refused.value)


def test_a_misspelt_variable_is_named_not_ignored() -> None:
    with pytest.raises(SettingsError, match="QA_PROT"):
        Settings.from_env({"QA_PROT": "9000"})


def test_only_loopback_counts_as_this_machine_alone() -> None:
    assert Settings.from_env({}).local_only
    assert not Settings.from_env({"QA_HOST": "0.0.0.0"}).local_only
