"""Fail loudly where CUDA packages came in: `python .ci/check_install.py`, right after installing.

They are some 5 GB that nothing here uses. On Linux the PyTorch of the default package index brings
them; the CPU build is the same version with `+cpu`, or comes from an index of CPU builds.
Exit status 0 when none is installed, 1 with their names and the remedy otherwise.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import distributions

CUDA_PACKAGES = re.compile(
    r"nvidia-.+|(pytorch-)?triton(-.+)?|cuda-(bindings|python|toolkit|pathfinder)"
)
CUDA_BUILD = re.compile(r"\+(cu\d+|rocm.*|xpu)$")
REMEDY = """\
Remove the environment (rm -r .venv) and install again with the CPU build of PyTorch:
    pip install --extra-index-url https://download.pytorch.org/whl/cpu 'torch==2.13.0+cpu'
before anything else; pip then leaves it as it is."""


def unwanted(installed: Iterable[tuple[str, str]]) -> list[str]:
    """The CUDA packages, and a torch built for an accelerator, among (name, version) pairs.

    Returns `name==version`, sorted, names as in the package index (lower case, hyphens).
    """
    found = set()
    for name, version in installed:
        canonical = re.sub(r"[-_.]+", "-", name).lower()
        built_for_cuda = canonical == "torch" and CUDA_BUILD.search(version)
        if CUDA_PACKAGES.fullmatch(canonical) or built_for_cuda:
            found.add(f"{canonical}=={version}")
    return sorted(found)


def main() -> int:
    """Check this environment; prints nothing but a complaint."""
    installed = ((d.metadata["Name"] or "", d.version) for d in distributions())
    found = unwanted(installed)
    if not found:
        return 0
    rule = "=" * 78
    names = "\n".join(f"    {name}" for name in found)
    print(f"{rule}\nCUDA packages were installed:\n{names}\n\n{REMEDY}\n{rule}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
