"""The pictures of a run and its surface for a viewer, from what all ranks hold."""

from collections.abc import Callable, Sequence

from zinterphase.fem_types import Function
from zinterphase.observe.facets import facet_map
from zinterphase.observe.fields import safe_name
from zinterphase.observe.snapshot import liquid_snapshot, mesh_view
from zinterphase.output.figures import FieldNames, save_figure, written
from zinterphase.output.runfolder import RunFolder
from zinterphase.output.surface_file import write_surface
from zinterphase.result import Result


def pictures(result: Result, functions: Sequence[Function]) -> Callable[[RunFolder], None]:
    """Gather what pictures show; collective.

    Returns
    -------
    Writer of `surface.vtp`, and unless the case does without pictures of `fields.png`,
    `surface.png` and `mesh.png`, for rank 0; on a line `fields.png` shows the mesh too, and the
    surface is one point.
    """
    problem, case = result.problem, result.case
    ion = problem.cell.main_ion
    named = {function.name: function for function in functions}
    concentration, flux = f"c_{safe_name(ion)}", f"flux_{safe_name(ion)}"
    if concentration in named:
        names = FieldNames(concentration, flux, written(ion, problem.bulk.ion(ion).charge))
    else:
        names = FieldNames(None, "current_density", "")
    facets = facet_map(problem, result.facets.table)
    liquid = mesh = None
    if case.output.pictures:
        drawn = {"potential", names.concentration, names.lines, "layer"}
        liquid = liquid_snapshot(problem, [f for name, f in named.items() if name in drawn])
        mesh = mesh_view(problem.domain)

    def write(folder: RunFolder) -> None:
        assert facets is not None
        with folder.replacing("surface.vtp") as temporary:
            write_surface(temporary, facets)
        if case.output.pictures:
            draw(folder)

    def draw(folder: RunFolder) -> None:
        from zinterphase.output.fields_figure import fields_figure
        from zinterphase.output.line_figure import line_figure
        from zinterphase.output.mesh_figure import mesh_figure
        from zinterphase.output.sections import section_of
        from zinterphase.output.surface_figure import surface_figure

        assert liquid is not None
        assert mesh is not None
        assert facets is not None
        graph = result.anode is not None
        debye = result.regime.debye_length if problem.level.has_double_layer else None
        if problem.domain.dimension == 1:
            figure = line_figure(case, liquid, names, double_layer=debye)
            save_figure(figure, folder.claim("fields.png"))
            return
        section = section_of(liquid)
        figures = {
            "fields.png": fields_figure(
                case, section, facets, names, graph=graph, double_layer=debye
            ),
            "surface.png": surface_figure(case, facets, result.anode),
            "mesh.png": mesh_figure(case, mesh, facets),
        }
        for name, figure in figures.items():
            save_figure(figure, folder.claim(name))

    return write
