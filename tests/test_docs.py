"""What the documentation says holds: its examples run, and every setting and command is named."""

from __future__ import annotations

import re
from argparse import _SubParsersAction
from dataclasses import fields
from pathlib import Path

import pytest

from qa.cli import _parser
from qa.settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.S)


def test_the_readme_has_a_library_and_a_chatbot_example() -> None:
    assert ["Archive.open" in example for example in EXAMPLES] == [True, True]


@pytest.mark.parametrize(
    ("example", "says"),
    [(EXAMPLES[0], "2021-10-17 - Norrland Presse 2021-10-18"), (EXAMPLES[1], "helium")],
    ids=["library", "langchain"],
)
def test_an_example_of_the_readme_runs_and_says_what_it_should(
    example: str, says: str, seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(example.replace('"index"', repr(str(seeds_index))), {})
    assert says in capsys.readouterr().out


def test_every_setting_stands_in_the_readme() -> None:
    missing = [f.name for f in fields(Settings) if f"`QA_{f.name.upper()}`" not in README]
    assert missing == []


def test_every_command_is_documented() -> None:
    (commands,) = (a for a in _parser()._actions if isinstance(a, _SubParsersAction))
    pages = README + "".join(page.read_text() for page in (PROJECT / "docs").rglob("*.md"))
    assert [name for name in commands.choices if f"qa {name}" not in pages] == []


@pytest.mark.parametrize(
    "page", ["README.md", *(f"docs/{p.name}" for p in (PROJECT / "docs").glob("*.md"))]
)
def test_every_link_to_a_file_leads_to_one(page: str) -> None:
    path = PROJECT / page
    links = re.findall(r"\]\(([^)#:\s]+)\)", re.sub(r"```.*?```", "", path.read_text(), flags=re.S))
    assert [link for link in links if not (path.parent / link).exists()] == []
