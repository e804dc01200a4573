"""`impedance`: the spectrum about a steady state, or about one in time."""

from pathlib import Path

from mpi4py import MPI
from rich.console import Console

from zinterphase.case import Case
from zinterphase.case.time_checks import require_response
from zinterphase.cell.advice import require_valid
from zinterphase.cli.console import make_console, show_notices
from zinterphase.cli.inputs import load_case, started_now
from zinterphase.cli.interruptions import Stopped, current_interruptions
from zinterphase.cli.options import ImpedanceOptions
from zinterphase.errors import BudgetSpent, CaseError, ZinterphaseError
from zinterphase.impedance.circuit import Circuit, fitted
from zinterphase.impedance.files import write_spectrum
from zinterphase.impedance.frequencies import default_range
from zinterphase.impedance.measured import MeasuredSpectrum, read_spectrum
from zinterphase.impedance.numbers import impedance_quantities
from zinterphase.impedance.prepared import Prepared, at_end, of_run, steady
from zinterphase.impedance.spectrum import Spectrum, spectrum
from zinterphase.impedance.steps import step_spectra
from zinterphase.impedance.temperatures import read_temperatures, temperature_series
from zinterphase.marching import Hooks
from zinterphase.observe.quantity import Quantity
from zinterphase.output.runfolder import RunFolder
from zinterphase.output.writer import open_folder, write_failure
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem
from zinterphase.units import UnitError, to_si, with_unit


def measure_impedance(options: ImpedanceOptions) -> None:
    """Prepare the state, disturb it at all frequencies, and tell what comes out."""
    comm, console = MPI.COMM_WORLD, make_console()
    origin, interruptions = started_now(), current_interruptions()
    lowest, highest = (
        _frequency("--from", options.lowest),
        _frequency("--to", options.highest),
    )
    measured = None
    if options.measured is not None:
        path = options.measured
        measured = on_root(comm, lambda: read_spectrum(path))
    is_run = on_root(comm, options.case.is_dir)
    source = options.case / "case.toml" if is_run else options.case
    case = load_case(comm, source, None if is_run else options.overrides)
    if is_run and options.overrides:
        raise CaseError("--set", options.overrides[0], "only with a case file, not with a run")
    require_response(case)
    warmer = _at_temperatures(comm, options, case)
    low, high = _range(case, lowest, highest)
    target = options.output or Path("results") / f"{options.case.stem}_impedance"
    regime = require_valid(case)
    folder = open_folder(comm, target, case)
    problem: Problem | None = None

    def tell(frequency: float, impedance: complex) -> None:
        interruptions.check()
        z = 1e4 * impedance
        console.print(f"  {frequency:10.4g} Hz  {z.real:12.6g} {z.imag:+12.6g}i ohm cm2")

    try:
        console.print(f"{case.title}: level {case.level}, {comm.size} rank(s)")
        show_notices(console, case, regime)
        with interruptions.at_checkpoints():
            prepared = _prepared(case, comm, folder, high, options.case if is_run else None)
            problem = prepared.problem
            given = lowest is not None and highest is not None
            found = spectrum(prepared, low, high, given=given, told=tell)
            series = temperature_series(warmer, comm) if warmer else None
        circuit = on_root(comm, lambda: fitted(found.frequency, found.impedance))

        def write() -> None:
            write_spectrum(folder, case, found, circuit, measured, series)
            folder.write_run(origin.record(comm, prepared.problem.domain.checksum))

        on_root(comm, write)
    except ZinterphaseError as error:
        state = "interrupted" if isinstance(error, Stopped | BudgetSpent) else "failed"
        write_failure(folder, comm, problem, (), str(error), origin, state)
        raise
    _show(console, case, found, circuit, measured)
    if series is not None:
        energy = series.activation_energy / 1e3
        console.print(f"  activation energy of 1/R_ct {energy:.5g} kJ/mol")
    console.print(f"written to {folder.path}")


def _at_temperatures(comm: MPI.Intracomm, options: ImpedanceOptions, case: Case) -> list[Case]:
    """The case at each temperature that is asked for, before anything is computed."""
    if options.temperatures is None:
        return []
    text, overrides = options.temperatures, options.overrides or []
    if case.protocol or options.case.is_dir():
        raise CaseError("--temperatures", text, "a case with a control, of steady states")
    found = []
    for temperature in read_temperatures(text):
        given = [*overrides, f"temperature={with_unit(temperature, 'K')}"]
        found.append(load_case(comm, options.case, given))
        require_valid(found[-1])
    return found


def _prepared(
    case: Case, comm: MPI.Intracomm, folder: RunFolder, high: float, run: Path | None
) -> Prepared:
    if run is not None:
        return of_run(case, comm, run)
    if not case.protocol:
        return steady(case, comm, high)
    checkpoint = current_interruptions().check
    hooks = Hooks(checkpoint=checkpoint, measure=step_spectra(folder, checkpoint))
    return at_end(case, comm, folder, hooks)


def _frequency(option: str, text: str | None) -> float | None:
    if text is None:
        return None
    allowed = 'a frequency above 0, such as "10 mHz"'
    try:
        number = to_si(text, "Hz")
    except UnitError:
        raise CaseError(option, text, allowed) from None
    if number <= 0.0:
        raise CaseError(option, text, allowed)
    return number


def _range(case: Case, lowest: float | None, highest: float | None) -> tuple[float, float]:
    low, high = default_range(case)
    low, high = lowest or min(low, (highest or high) / 10), highest or max(high, 10 * (lowest or 0))
    if low >= high:
        raise CaseError("--to", f"{high:g} Hz", f"above --from, {low:g} Hz")
    return low, high


def _show(
    console: Console,
    case: Case,
    found: Spectrum,
    circuit: Circuit | None,
    measured: MeasuredSpectrum | None,
) -> None:
    numbers = impedance_quantities(case, found, circuit, measured)
    f = found.frequency
    console.print(f"{len(f)} frequencies from {f[0]:.4g} to {f[-1]:.4g} Hz")
    for label, name, unit, factor in (
        ("R_ohm", "R_ohm", "ohm cm2", 1e4),
        ("R_ct", "R_ct", "ohm cm2", 1e4),
        ("C_dl", "C_dl", "uF/cm2", 1e2),
        ("Warburg", "warburg", "ohm cm2 s^-1/2", 1e4),
    ):
        both = [numbers[f"impedance.{way}.{name}"] for way in ("circuit", "slopes")]
        reduced, slope = (_text(each, factor) for each in both)
        console.print(f"  {label:8s} {reduced:>10s} by the circuit, {slope:>10s} by slopes, {unit}")
    if "impedance.transference.true" in numbers:
        keys = ("bruce_vincent_evans", "true")
        seen, true = (_text(numbers[f"impedance.transference.{key}"], 1.0) for key in keys)
        console.print(f"  t+       {seen:>10s} by Bruce, Vincent and Evans, {true:>10s} truly")
    residual = numbers["impedance.kramers_kronig_residual"].value
    console.print(f"  Kramers-Kronig residual at most {residual:.1e}")
    if measured is not None:
        off = _text(numbers["impedance.measured_distance"], 100.0)
        console.print(f"  measured ({measured.name}) and computed differ by {off} %")


def _text(quantity: Quantity, factor: float) -> str:
    return "none" if not isinstance(quantity.value, float) else f"{factor * quantity.value:.5g}"
