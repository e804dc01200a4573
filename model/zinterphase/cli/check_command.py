"""`mesh` and `check`: what can be said of a case before it is solved."""

from mpi4py import MPI
from rich.console import Console

from zinterphase.case import Case
from zinterphase.cell.advice import regime_of, require_accepted, require_valid
from zinterphase.cell.electrodes import cell_of
from zinterphase.cell.stability import stability_findings
from zinterphase.cli.console import (
    make_console,
    show_findings,
    show_provenance,
    show_quality,
    show_regime,
)
from zinterphase.cli.inputs import load_case
from zinterphase.cli.options import CheckOptions, MeshingOptions
from zinterphase.cli.protocol_table import show_jumps, show_protocol
from zinterphase.cli.stability_table import show_stability
from zinterphase.errors import CaseError
from zinterphase.geometry.divided_quality import foreseen
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.front_advice import front_stability
from zinterphase.geometry.memory import foretold
from zinterphase.geometry.mesh_advice import mesh_findings
from zinterphase.geometry.particles.ownership import groups_by_particle, told_particles
from zinterphase.geometry.quality import MeshQuality, mesh_quality
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.source import mesh_of_case
from zinterphase.output.files import replacing
from zinterphase.parallel import on_root


def make_mesh(options: MeshingOptions) -> None:
    """Make and report the mesh of a case, and write it where that is asked for."""
    comm, console = MPI.COMM_WORLD, make_console()
    output = options.output
    if output is not None and (output.suffix != ".msh" or output.is_dir()):
        raise CaseError("--output", str(output), "a file whose name ends in .msh")
    chosen = load_case(comm, options.case, options.overrides)

    def make() -> None:
        raw, _ = _shown_mesh(console, chosen)
        if output is not None:
            output.parent.mkdir(parents=True, exist_ok=True)
            with replacing(output) as temporary:
                export_msh(raw, temporary, parts=groups_by_particle(raw, told_particles(chosen)))
            before = ", before its division" if chosen.mesh.divisions else ""
            console.print(f"written to {output}{before}")

    on_root(comm, make)


def check_case(options: CheckOptions) -> None:
    """Say where the values of a case come from, its regime and its mesh."""
    comm, console = MPI.COMM_WORLD, make_console()
    chosen = load_case(comm, options.case, options.overrides)
    regime = regime_of(chosen)
    show_provenance(console, chosen)
    show_protocol(console, chosen.protocol)
    show_jumps(console, chosen)
    show_regime(console, chosen, regime)

    def report_mesh() -> None:
        _, quality = _shown_mesh(console, chosen)
        needed = foretold(chosen, cell_of(chosen).bulk, quality, comm.size)
        console.print(f"a run on {comm.size} rank(s) takes about {needed / 1e9:.2g} GB of memory")
        stability = front_stability(chosen, quality)
        show_stability(console, stability)
        findings = tuple(stability_findings(chosen, stability))
        show_findings(console, findings)
        require_accepted(chosen, findings)

    on_root(comm, report_mesh)
    require_valid(chosen)


def _shown_mesh(console: Console, case: Case) -> tuple[RawMesh, MeshQuality]:
    """The mesh that rank 0 makes of a case, and the quality of that which ranks solve on, foreseen
    where they divide it, after its report. Serial."""
    raw = mesh_of_case(case)
    made = mesh_quality(raw, cell_of(case).bulk.debye_length)
    quality = foreseen(made, case.mesh.divisions, raw.dimension)
    show_quality(console, quality)
    show_findings(console, mesh_findings(case, quality))
    return raw, quality
