"""What is refused at the diffuse layer; its numbers are those of `zinterphase verify`."""

import pytest

from zinterphase.errors import CaseError
from zinterphase.verification.diffuse_layer import cell


def test_more_ions_than_sites_are_refused() -> None:
    """a = 0.8 nm at 2 M: nu = 1.23 in the bulk."""
    with pytest.raises(CaseError, match="more ions than sites"):
        cell(1, 2000, 0.1, 0.2, diameter=0.8)
