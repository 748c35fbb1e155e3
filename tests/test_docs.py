"""The documents name every command, setting, prompt, signal and blocker, and what the README tells you to type works."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from tests.servers.chat_server import ScriptedServer
from tests.sharing import scanned_sample

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("api", "briefs", "evals", "prompts", "retrieval")
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(path for package in PACKAGES if (path := ROOT / package / "README.md").exists())])
SAMPLE = "evals/portfolios/sample"
COMMAND = Path(sys.executable).with_name("briefs")

ADJECTIVES = (
    "amazing", "best-in-class", "blazing", "bleeding-edge", "cutting-edge", "effortless", "elegant", "enterprise-grade", "game-chang", "incredibl",
    "innovative", "intuitive", "lightning", "next-generation", "powerful", "revolution", "robust", "seamless", "sophisticated", "state-of-the-art",
    "supercharge", "unparalleled", "world-class",
)  # fmt: skip


def page(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def typed() -> list[str]:
    """Every `briefs` line of the README's shell blocks."""
    return [line.strip() for block in blocks(README, "sh") for line in block.splitlines() if line.strip().startswith("briefs ")]


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command of the command line and its long options, as the parser knows them."""
    import typer

    from api.cli.app import app

    def walk(command: Any, path: str) -> Iterator[tuple[str, list[str]]]:
        if hasattr(command, "commands"):
            for name, each in command.commands.items():
                yield from walk(each, f"{path} {name}")
        else:
            options = [name for each in command.params if each.param_type_name == "option" and not each.hidden for name in each.opts]
            yield path, [name for name in options if name.startswith("--") and name not in {"--help", "--json", "--home"}]

    yield from walk(typer.main.get_command(app), "briefs")


def test_every_command_and_option_is_in_the_readme():
    assert len(dict(commands())) > 15
    missing = [
        missing
        for command, options in commands()
        for missing in [*([command] if f"`{command}" not in README else []), *(f"{command} {o}" for o in options if f"`{o}" not in README)]
    ]
    assert missing == []


def test_the_readme_names_no_command_that_is_not_there():
    known = {command for command, _ in commands()}
    groups = {command.rsplit(" ", 1)[0] for command in known}
    pages = [*re.findall(r"`(briefs [^`]+)`", README), *typed()]
    named = {" ".join(takewhile(re.compile(r"[a-z][a-z-]*$").match, line.split())) for line in pages}
    assert sorted(name for name in named if name not in known | groups and name.rsplit(" ", 1)[0] not in known) == []


def test_every_setting_is_in_the_readme_and_the_example_file():
    from briefs.settings import Settings, variables

    names = [variables(setting)[0] for setting in Settings.model_fields]
    example = page(".env.example")
    assert [name for name in names if f"`{name}`" not in README] == []
    assert [name for name in names if f"{name}=" not in example] == []


def test_every_package_has_a_readme_that_says_how_to_add_one_more():
    assert [package for package in PACKAGES if not re.search(r"^## .*[Aa]dd", page(f"{package}/README.md"), re.MULTILINE)] == []


def test_every_prompt_is_in_its_readme():
    import prompts

    assert [name for name in prompts.NAMES if f"`{name}`" not in page("prompts/README.md")] == []


def test_every_signal_and_blocker_is_in_the_readme_of_briefs():
    from briefs.brief import SIGNAL_TYPES

    assert [name for name in SIGNAL_TYPES if f"`{name}`" not in page("briefs/README.md")] == []


def test_every_label_of_the_classifier_has_its_precision_and_recall_where_the_readme_says():
    from briefs.reading.classifier import load

    (linked,) = re.findall(r"\]\(([^)]+)\) has precision and recall for each type", README)
    rows = re.findall(r"^\| `(\w+)` \| \d+ \| \d\.\d\d \| \d\.\d\d \|", page(linked), re.MULTILINE)
    assert [label for label in load().labels if label not in rows] == []
    assert f"cross-validated figures in [{linked}]({linked})" in page("ARCHITECTURE.md")


def test_every_reason_code_is_in_the_readme_of_briefs():
    from briefs.gate import REJECT_CODES

    assert [code for code in REJECT_CODES if f"`{code}`" not in page("briefs/README.md")] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_pages_are_plain_about_the_product(path: Path):
    words = path.read_text("utf-8").lower()
    assert [word for word in ADJECTIVES if re.search(rf"\b{word}", words)] == []


def test_every_decision_says_its_context_consequence_and_what_enforces_it():
    decisions = re.split(r"^### ", page("ARCHITECTURE.md"), flags=re.MULTILINE)[1:]
    assert [int(decision.split(".")[0]) for decision in decisions] == list(range(1, len(decisions) + 1))
    for decision in decisions:
        for part in ("*Context.*", "*Decision.*", "*Consequence.*", "*Enforced by*"):
            assert part in decision, f"{decision.splitlines()[0]}: {part}"


def test_what_a_decision_names_as_its_guard_is_there():
    guards = [line for line in page("ARCHITECTURE.md").splitlines() if line.startswith("*Enforced by*")]
    paths = [path for line in guards for path in re.findall(r"`([\w.-]*/?[\w./-]+)`", line) if "/" in path]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_make_target_the_documents_name_is_there():
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE))
    named = {name for path in PAGES for name in re.findall(r"(?:`|^)(?:\w+=\S+ )?make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE)}
    assert sorted(named - targets) == []


def test_the_readme_shows_a_sample_of_the_output():
    sample = re.search(r'```text title="sample output"\n(.*?)```', README, re.DOTALL)
    assert sample is not None
    assert "qualified" in sample[1]


def briefs(home: Path, *arguments: str, token: str = "", cwd: Path = ROOT, model: str = "") -> subprocess.CompletedProcess[str]:
    """One command. `model` is the address of a chat server."""
    environment = os.environ | {"BRIEFS_HOME": str(home), "BRIEFS_TOKEN": token}
    if model:
        prices = home / "prices.yaml"
        prices.write_text(f'currency: USD\nprices: [{{model: "openai:m", input: 1, output: 1, effective: 2025-01-01, base_url: "{model}"}}]\n')
        environment |= {"BRIEFS_MODEL": "openai:m", "OPENAI_API_KEY": "a-key", "OPENAI_BASE_URL": model, "BRIEFS_PRICES": str(prices)}
    return subprocess.run([COMMAND, *arguments], env=environment, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Demo:
    """The sample, imported and scanned, with the README's CSM and `before` she came; `meant` is what a placeholder of the README stands for."""

    home: Path
    token: str
    before: Path
    meant: dict[str, str]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Tests work on copies."""
    home = tmp_path_factory.mktemp("docs") / "home"
    before = scanned_sample(tmp_path_factory)
    shutil.copytree(before, home)
    (mira,) = [line for line in typed() if "users add" in line]
    token = json.loads(briefs(home, *shlex.split(mira)[1:], "--json").stdout)["token"]
    drafts = json.loads(briefs(home, "list", "--json", token=token).stdout)
    hers = {account["id"] for account in map(json.loads, page(f"{SAMPLE}/accounts.jsonl").splitlines()) if account["csm"] in mira}
    draft = next(each["id"] for each in drafts if each["account_id"] in hers)
    brief = json.loads(briefs(home, "show", draft, "--format", "json", token=token).stdout)
    return Demo(home, token, before, {"BRIEF": draft, "SENTENCE": next(claim["id"] for section in brief["sections"] for claim in section["claims"])})


@pytest.mark.slow
@pytest.mark.parametrize("line", typed())
def test_what_the_readme_tells_you_to_type_works(line: str, demo: Demo, tmp_path: Path):
    home = tmp_path / "home"
    shutil.copytree(demo.before if "users add" in line else demo.home, home)
    words = [demo.meant.get(word, word) for word in shlex.split(line)[1:]]
    with ScriptedServer() as server:
        answer = briefs(home, *words, token="" if "users add" in line else demo.token, model=server.url if "llm" in words else "")
    assert bool(server.requests) == ("llm" in words)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "Traceback" not in answer.stderr
