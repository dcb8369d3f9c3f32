"""No CUDA comes in with PyTorch: neither into this environment, nor unnoticed into another."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "check_install.py"


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_install", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_this_environment_holds_no_cuda_packages() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("nvidia-cublas-cu12", "12.8.4.1"),
        ("nvidia_cudnn_cu13", "9.1"),
        ("NVIDIA.NCCL", "2.2"),
        ("triton", "3.7.0"),
        ("pytorch-triton-rocm", "3.4"),
        ("cuda-bindings", "13.0"),
        ("torch", "2.13.0+cu130"),
        ("torch", "2.13.0+rocm6.4"),
    ],
)
def test_a_cuda_package_is_named(check: ModuleType, name: str, version: str) -> None:
    found = check.unwanted([("numpy", "2.1"), (name, version)])
    assert found == [f"{name.lower().replace('_', '-').replace('.', '-')}=={version}"]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("torch", "2.13.0+cpu"),
        ("torch", "2.13.0"),
        ("tritonclient-like", "1.0"),
        ("onnxruntime", "1.22"),
        ("nvidia", "1"),
        ("cudatext", "1"),
    ],
)
def test_other_packages_are_let_be(check: ModuleType, name: str, version: str) -> None:
    assert check.unwanted([(name, version)]) == []


def test_the_complaint_names_packages_and_remedy_and_fails(tmp_path: Path) -> None:
    """In a real environment: two invented distributions are found on the path."""
    for name, version in (("nvidia-nvtx", "13.0"), ("triton", "3.7.0")):
        info = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (info / "METADATA").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 1
    assert "nvidia-nvtx==13.0" in done.stderr
    assert "triton==3.7.0" in done.stderr
    assert "--extra-index-url" in done.stderr
    assert "torch==2.13.0+cpu" in done.stderr
