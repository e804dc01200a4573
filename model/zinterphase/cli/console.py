"""What a user sees: progress on a terminal, plain lines in a log."""

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from zinterphase.case import Case
from zinterphase.cell.advice import Regime, notices
from zinterphase.cell.finding import Finding
from zinterphase.cell.full_cell import negative_over_positive
from zinterphase.geometry.quality import MeshQuality
from zinterphase.observe import keys
from zinterphase.observe.currents import metal_taken
from zinterphase.observe.projection import NO_GRAPH
from zinterphase.observe.reactions import reaction_currents
from zinterphase.observe.voltage import VoltageParts
from zinterphase.printable import printable
from zinterphase.result import Result
from zinterphase.solve.continuation import Attempt
from zinterphase.solve.newton import NewtonReport
from zinterphase.units import for_readers, milliampere


class PlainTextConsole(Console):
    """Writes text as text: titles and names from files give the terminal no orders."""

    def render_str(self, text: str, **options: Any) -> Text:
        """The text with its control characters written as escapes."""
        return super().render_str(printable(text), **options)


def make_console() -> Console:
    """Console for results; plain and 120 columns wide where it is no terminal."""
    options: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}
    console = PlainTextConsole(**options)
    return console if console.is_terminal else PlainTextConsole(**options, width=120)


def show_attempt(console: Console, attempt: Attempt) -> None:
    """One line per Newton solve."""
    count = len(attempt.report.iterations)
    last = attempt.report.iterations[-1].step if attempt.report.iterations else 0.0
    outcome = f"last step {last:.1e} RT/F"
    if not isinstance(attempt.report, NewtonReport):
        outcome = attempt.reason
    console.print(f"  load {attempt.load:7.2%}  {count:2d} Newton iterations, {outcome}")


def show_quality(console: Console, quality: MeshQuality) -> None:
    """The mesh report: layers with their cells, angles and sizes."""
    columns = ["layer", "cells", "smallest angle", "largest angle", "lowest cell", "widest cell"]
    shown = columns if quality.has_angles else ["layer", "cells", "lowest cell"]
    table = Table(*shown, title="Mesh")
    for layer in quality.layers:
        row = (
            layer.name,
            str(layer.cells),
            f"{layer.smallest_angle:.2g} deg",
            f"{layer.largest_angle:.3g} deg",
            f"{layer.lowest_cell * 1e9:.3g} nm",
            f"{layer.lateral_size * 1e9:.4g} nm",
        )
        table.add_row(*(text for name, text in zip(columns, row, strict=True) if name in shown))
    console.print(table)
    ratio = quality.lowest_cell_over_debye_length
    steep = quality.steepest_slope
    steepest = f", steepest facet {steep:.3g} deg" if quality.has_angles else ""
    debye = "" if ratio is None else f", first cell {ratio:.2g} Debye lengths"
    console.print(f"{quality.vertices} vertices, {quality.cells} cells{steepest}{debye}")
    _show_notes(console, quality)


def _show_notes(console: Console, quality: MeshQuality) -> None:
    """What was done to a mesh from a file."""
    for note in quality.notes:
        console.print(f"note: mesh: {note}")


def show_regime(console: Console, case: Case, regime: Regime) -> None:
    """The regime numbers and the advice."""
    rows = [
        ("Debye length", f"{regime.debye_length * 1e9:.4g} nm"),
        ("ion size", f"{regime.ion_size * 1e9:.3g} nm"),
        *(
            (f"{x.name} over Debye length", f"{x.thickness / regime.debye_length:.4g}")
            for x in case.layers
            if x.meshed
        ),
        *(
            (f"{x.name}: pore radius", f"{x.medium.pore_radius * 1e9:.3g} nm")
            for x in case.layers
            if x.meshed and x.medium.specific_area > 0
        ),
        ("exchange current density", f"{milliampere(regime.exchange_current)}"),
        ("limiting current density", f"{milliampere(regime.limiting_current)}"),
        ("  its definition", regime.limiting_definition),
        ("polarisation resistance", f"{regime.polarisation_resistance * 1e4:.4g} ohm cm^2"),
        ("Wagner length kappa R_ct", f"{regime.wagner_length * 1e3:.4g} mm"),
        (f"Wagner number (over {_spread_over(case)})", f"{regime.wagner_number:.4g}"),
    ]
    if regime.limiting_fraction is not None:
        rows.insert(-3, ("i / i_lim", f"{regime.limiting_fraction:.4g}"))
    if case.electrolyte.mobility != 1.0:
        rows.append(("mobility over infinite dilution", f"{case.electrolyte.mobility:.4g}"))
    rows += _of_full_cell(case)
    table = Table(show_header=False, title=case.title)
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
    show_notices(console, case, regime)


def _of_full_cell(case: Case) -> Iterator[tuple[str, str]]:
    """What C-rates refer to, where the case has an active material."""
    if case.active is None:
        return
    nominal = case.active.charge
    per_gram, per_area = case.active.specific / 3600.0, nominal / 36000.0
    yield "capacity", f"{per_area:.4g} mAh/cm^2, {per_gram:.4g} mAh/g of the active material"
    yield "1 C", milliampere(case.active.current)
    yield "N/P, zinc over that capacity", f"{negative_over_positive(case, nominal):.4g}"


def _spread_over(case: Case) -> str:
    """The length that a Wagner number is relative to."""
    return "width" if case.geometry.extents else "the liquid's thickness"


def show_notices(console: Console, case: Case, regime: Regime) -> None:
    """What is worth knowing before a run, a line each, whatever the width of the terminal."""
    for line in notices(case, regime.findings):
        console.print(line, soft_wrap=True)


def show_findings(console: Console, findings: Iterable[Finding]) -> None:
    """One line each."""
    for finding in findings:
        console.print(str(finding), soft_wrap=True)


def show_provenance(console: Console, case: Case) -> None:
    """Every value the library gave or the case replaced, with its source."""
    table = Table(
        "field", "value", "unit", "confidence", "source", title="Values and their sources"
    )
    for entry in case.provenance:
        value = f"{entry.value:g}" if isinstance(entry.value, float) else str(entry.value)
        source = entry.source if len(entry.source) < 160 else entry.source[:157] + "..."
        table.add_row(entry.field, value, entry.unit, entry.confidence or "", source)
    console.print(table)


def show_result(console: Console, result: Result) -> None:
    """Evenness of the current first, then voltage parts, reactions where there are several, and
    homogeneity metrics."""
    for line in _evenness(result):
        console.print(line)
    if result.voltage is not None:
        _show_voltage(console, result.voltage)
    _show_reactions(console, result)
    _show_steps(console, result)
    metrics = Table(
        "field", "mean", "unit", "CV", "max/mean", "p99/median", "Gini", title="Homogeneity"
    )
    fields = dict.fromkeys([result.headline, *result.homogeneity])
    for name, h in ((name, result.homogeneity[name]) for name in fields):
        unit, factor = for_readers(h.unit)
        first, *others = (
            "-" if v is None else f"{v:.5g}"
            for v in (factor * h.mean, h.cv, h.max_over_mean, h.p99_over_median, h.gini)
        )
        metrics.add_row(name, first, unit, *others)
    console.print(metrics)
    _show_notes(console, result.quality)
    if result.anode is None:
        console.print(f"note: {NO_GRAPH}; metrics are per true area")


def _evenness(result: Result) -> Iterator[str]:
    """The current per metal and per projected area, the headline first, and from tip to base."""
    for name in dict.fromkeys([result.headline, *keys.AREAS]):
        if name not in result.homogeneity:
            continue
        found, pores = result.homogeneity[name], name == keys.CURRENT_DENSITY and result.volumetric
        parts = [f"mean {milliampere(found.mean)}"]
        parts += [
            f"{label} {value:.4g}"
            for label, value in (("CV", found.cv), ("max/mean", found.max_over_mean))
            if value is not None
        ]
        if name == keys.CURRENT_DENSITY_TRUE_AREA and result.tip_to_base is not None:
            parts.append(f"tip/base {result.tip_to_base:.4g}")
        area = keys.AREAS[name] + (", pores included" if pores else "")
        yield f"current per {area}: {', '.join(parts)}"


def _show_reactions(console: Console, result: Result) -> None:
    """Of every electrode with several reactions, what each has of the current."""
    cell, currents, area = result.problem.cell, result.currents, result.problem.projected_area
    table = Table("electrode", "reaction", "mA/cm^2", "share", "CV", title="Reactions")
    found = list(reaction_currents(cell.working, currents.working, area))
    shown = [(cell.working.name, reaction) for reaction in found if len(found) > 1]
    if cell.counter is not None and currents.counter is not None:
        found = list(reaction_currents(cell.counter, currents.counter, area))
        shown += [(cell.counter.name, reaction) for reaction in found if len(found) > 1]
    for electrode, reaction in shown:
        field = keys.reaction_key(electrode, reaction.name, "current_density_true_area")
        metrics = result.homogeneity.get(field)
        table.add_row(
            electrode,
            reaction.name,
            f"{0.1 * reaction.mean_current_density:.5g}",
            _shown(reaction.share),
            _shown(None if metrics is None else metrics.cv),
        )
    if table.row_count:
        console.print(table)


def _show_steps(console: Console, result: Result) -> None:
    """How fast each chemical step runs, and what it takes of the metal."""
    cell, currents, area = result.problem.cell, result.currents, result.problem.projected_area
    table = Table("electrode", "chemical step", "mol/m^2/s", "metal, mA/cm^2")
    electrodes = [(cell.working, currents.working_turns)]
    if cell.counter is not None:
        electrodes.append((cell.counter, currents.counter_turns))
    for electrode, turns in electrodes:
        for name in dict.fromkeys(name for _, name in turns):
            own = {key: rate for key, rate in turns.items() if key[1] == name}
            rate, taken = sum(own.values()) / area, metal_taken(electrode, own) / area
            table.add_row(electrode.name, name, f"{rate:.5g}", f"{0.1 * taken:.5g}")
    if table.row_count:
        console.print(table)


def _show_voltage(console: Console, parts: VoltageParts) -> None:
    table = Table("part of the voltage", "mV")
    rows = [("kinetic", parts.kinetic), ("counter electrode, kinetic", parts.counter_kinetic)]
    rows += [(f"{layer}, ohmic", v) for layer, v in parts.ohmic.items()]
    rows += [(f"{layer}, concentration", v) for layer, v in parts.concentration.items()]
    rows += [("electronic", parts.electronic), ("sum", parts.sum), ("total", parts.total)]
    for name, value in rows:
        table.add_row(name, f"{value * 1e3:.6g}")
    console.print(table)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.5g}"
