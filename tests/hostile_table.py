"""The pages of docs/hostile.md, as the tests tell them."""

import ast
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from hostile import LARGEST_MIB, LONGEST_CPU_S, Case

TESTS = Path(__file__).parent

HEAD = f"""# What was tried against it

Written by the tests: `PYTHONPATH=.:tests python tests/test_hostile_corpus.py`.

## Hostile files

Each is made by the tests and opened by the command beside it, in a process with an
audit hook. Each ends in one panel that holds the words shown, with the exit code shown,
within {LONGEST_CPU_S:.0f} seconds of processor time and {LARGEST_MIB:,.0f} MiB, leaves
no file behind, opens no socket, and starts no process but the bounded one that reads
PDFs and newer HDF5.
"""

FORGERIES = ("pipeline/test_forgeries", "render/test_foreign")

FAULTS = (
    "test_killed_builds",
    "test_interrupts",
    "test_full_disks",
    "test_races",
    "test_faults",
    "test_strange_places",
    "test_no_network",
    "test_trusted_model",
    "test_injection",
    "test_terminal",
)

FUZZERS = (
    "test_fuzz_models",
    "test_fuzz_idx",
    "test_fuzz_npz",
    "test_fuzz_predictions",
    "test_fuzz_tables",
    "test_fuzz_record",
    "test_fuzz_papers",
    "test_fuzz_settings",
)


def page(cases: Iterable[Case]) -> str:
    """Returns the whole page."""
    return "\n".join(
        (
            HEAD,
            *_tables(cases),
            "## Forged reports\n",
            "Each is made of a true `report.pdf`, and `verify` says what differs.\n",
            *map(_facts, FORGERIES),
            "## Faults and races\n",
            *map(_facts, FAULTS),
            "## Fuzzed readers\n",
            "Two thousand examples each on every run; `benchmarks/fuzz/` holds the",
            "same readers as targets of atheris.\n",
            *map(_facts, FUZZERS),
        )
    )


def _tables(cases: Iterable[Case]) -> Iterable[str]:
    """Yields a table for each group of cases."""
    for group, members in groupby(cases, key=lambda case: case.group):
        rows = [
            f"| {_cell(case.what)} | `{_cell(' '.join(case.command))}` "
            f"| {case.code}: {_cell(case.says)} |"
            for case in members
        ]
        head = f"### {group.capitalize()}: {len(rows)}\n"
        yield "\n".join(
            (head, "| file | command | ends with |", "|---|---|---|", *rows, "")
        )


def _cell(text: str) -> str:
    """Returns text that ends no cell and begins no markup."""
    printed = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
    for sign in "\\|<`*_[":
        printed = printed.replace(sign, f"&#{ord(sign)};")
    return printed


def _facts(module: str) -> str:
    """Returns what a file of tests holds, from its first line and its tests' names."""
    tree = ast.parse((TESTS / f"{module}.py").read_text(encoding="utf-8"))
    told = (ast.get_docstring(tree) or "").splitlines()[0]
    names = [
        node.name.removeprefix("test_").replace("_", " ")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    return "\n".join((f"**{told}** (`tests/{module}.py`)\n", *_items(names), ""))


def _items(names: Iterable[str]) -> Iterable[str]:
    """Yields list items."""
    return (f"- {name}" for name in names)
