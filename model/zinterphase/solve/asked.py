"""What a case asks of the working electrode."""

from zinterphase.case import Case
from zinterphase.solve.control import Drive
from zinterphase.solve.model import Model


def asked_drive(model: Model, case: Case) -> Drive:
    """Of a case; before a protocol no current, or no voltage where nothing reacts."""
    if case.protocol:
        blocking = model.cell.working.surface.kinetics.blocking
        return Drive.by_potential(0.0) if blocking else Drive.by_current(0.0)
    control = case.control
    if control.current_density is not None:
        return Drive.by_current(control.current_density * model.projected_area)
    assert control.potential is not None
    return Drive.by_potential((control.potential - model.gauge) / model.bulk.thermal_voltage)


def resting_potential(model: Model) -> float:
    """Where the reaction with the lowest barrier begins to answer [RT/F]."""
    laws = [law for wall in model.working.walls for law in wall.reactions]
    return max((law.resting_overpotential for law in laws), default=0.0)
