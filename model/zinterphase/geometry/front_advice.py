"""Whether a mesh's own waves would overgrow a front."""

from zinterphase.case import Case
from zinterphase.cell.advice import require_accepted
from zinterphase.cell.stability import Stability, stability_findings, stability_of
from zinterphase.geometry.quality import MeshQuality


def front_stability(case: Case, quality: MeshQuality) -> Stability | None:
    """Growth of the waves that a mesh carries, by its widest facet on the metal; None without a
    front."""
    if case.front is None:
        return None
    upon = case.layers[case.dense_count].name
    widest = next(layer.lower_facet for layer in quality.layers if layer.name == upon)
    return stability_of(case, widest)


def require_stable(case: Case, quality: MeshQuality) -> None:
    """Raise :class:`CaseError` for a front whose shortest waves outgrow what is meant to grow."""
    require_accepted(case, stability_findings(case, front_stability(case, quality)))
