"""`mesh` and `check`: what can be said of a case before it is solved."""

from mpi4py import MPI

from zinterphase.cell.advice import regime_of, require_valid
from zinterphase.cli.console import (
    make_console,
    show_findings,
    show_provenance,
    show_quality,
    show_regime,
)
from zinterphase.cli.inputs import load_case
from zinterphase.cli.options import CheckOptions, MeshingOptions
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.mesh_advice import mesh_findings
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.source import mesh_of_case
from zinterphase.output.files import replacing
from zinterphase.parallel import on_root


def make_mesh(options: MeshingOptions) -> None:
    """Make and report the mesh of a case, and write it where that is asked for."""
    comm, console = MPI.COMM_WORLD, make_console()
    chosen = load_case(comm, options.case, options.overrides)

    output = options.output

    def make() -> None:
        raw = mesh_of_case(chosen)
        quality = mesh_quality(raw, regime_of(chosen).debye_length)
        show_quality(console, quality)
        show_findings(console, mesh_findings(chosen, quality))
        if output is not None:
            output.parent.mkdir(parents=True, exist_ok=True)
            with replacing(output) as temporary:
                export_msh(raw, temporary)
            console.print(f"written to {output}")

    on_root(comm, make)


def check_case(options: CheckOptions) -> None:
    """Say where the values of a case come from, its regime and its mesh."""
    comm, console = MPI.COMM_WORLD, make_console()
    chosen = load_case(comm, options.case, options.overrides)
    regime = regime_of(chosen)
    show_provenance(console, chosen)
    show_regime(console, chosen, regime)

    def report_mesh() -> None:
        quality = mesh_quality(mesh_of_case(chosen), regime.debye_length)
        show_quality(console, quality)
        show_findings(console, mesh_findings(chosen, quality))

    on_root(comm, report_mesh)
    require_valid(chosen)
