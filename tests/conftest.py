"""What all tests share: the folder of public tables, and how hypothesis behaves.

Slow twins of the kernels lie in `oracles/`; a test imports them by `from oracles.name import ...`.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

CHECKOUT = Path(__file__).resolve().parents[1]

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", parent=settings.get_profile("default"), derandomize=True, print_blob=True
)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def shared_folder():
    """Where the public tables lie: NARROWS_SHARED, or `shared` beside the checkout."""
    return Path(os.environ.get("NARROWS_SHARED") or CHECKOUT.parent / "shared")


@pytest.fixture(scope="session")
def shared_data():
    """Give the folder of the public tables, as a path, or skip the test where it is absent.

    The tables are no part of the repository: their licences do not allow it.
    ``shared_data / "eto-chips"`` is the folder of the ETO chip data set.
    """
    folder = shared_folder() / "data"
    if not folder.is_dir():
        pytest.skip(f"needs {folder}: set NARROWS_SHARED to the folder that holds data/")
    return folder
