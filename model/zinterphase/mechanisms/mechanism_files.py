"""The folder of a study of mechanisms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from zinterphase.ensemble.comparison_files import file_names, member_rows
from zinterphase.ensemble.jobs import driven
from zinterphase.ensemble.mesh_errors import ASSUMED, ESTIMATED
from zinterphase.mechanisms.design import Combination
from zinterphase.mechanisms.effects import NEGLIGIBLE, Effect, EffectRow
from zinterphase.mechanisms.sentences import (
    TOGETHER,
    evenness,
    interaction_lines,
    meaning,
    sentence,
    together_line,
    verdicts,
)
from zinterphase.mechanisms.study import Mechanisms
from zinterphase.observe.statistics import CONFIDENCE, Interval
from zinterphase.output.figures import save_figure
from zinterphase.output.files import replacing, write_json, write_rows

FIGURES = ("mechanisms.png", "mechanisms.pdf")


def write_mechanisms(study: Mechanisms, folder: Path) -> None:
    """Write numbers, words, figure and the cases. Not collective: one rank writes."""
    from zinterphase.mechanisms.corrosion_figure import corrosion_figure
    from zinterphase.mechanisms.study_figure import mechanisms_figure

    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "study.json", _everything(study))
    write_rows(folder / "study.csv", [_flat(study, row) for row in study.rows])
    write_rows(folder / "members.csv", member_rows(study.members))
    corrosion = study.plan.subject.rate is not None
    figure = corrosion_figure(study) if corrosion else mechanisms_figure(study)
    for name in FIGURES:
        save_figure(figure, folder / name)
    texts = {"study.txt": "\n".join(report(study)) + "\n", **_cases(study)}
    (folder / "cases").mkdir(exist_ok=True)
    for name, text in texts.items():
        with replacing(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")


def report(study: Mechanisms) -> list[str]:
    """The study in words: a paragraph per mechanism, then how they go together."""
    plan = study.plan
    source = ESTIMATED if study.refined else ASSUMED
    meanings = dict.fromkeys(meaning(plan.subject_at(i)) for i in plan.currents)
    lines = [*meanings, f"Error of the mesh: {source}.", *plan.notices, ""]
    lines += [f"left out: {name}: {reason}" for name, reason in plan.left_out.items()]
    for switch in plan.switches:
        lines.append(f"{switch.name} ({switch.group}): {switch.title} [{switch.source}]")
        alone = (
            sentence(study.by_key, plan.subject_at(i), i, (switch.name,)) for i in plan.currents
        )
        lines += [f"  {line}" for line in alone]
    for current in plan.currents:
        subject = plan.subject_at(current)
        lines += ["", f"Pairs at {subject.at(current)}"]
        pairs = interaction_lines(study.by_key, subject, plan.design, current)
        lines += [f"  {line}" for line in pairs]
        whole = together_line(study.by_key, subject, plan.design, current)
        lines += [f"  {whole}"] if whole else []
    return [*lines, *failures(study)]


def answer(study: Mechanisms) -> Iterator[str]:
    """The study in short: a line per outcome and current, then all mechanisms together."""
    plan = study.plan
    for current in plan.currents:
        subject = plan.subject_at(current)
        alone = {s.name: study.by_key[current, (s.name,), subject.headline] for s in plan.switches}
        found = {name: row.effect for name, row in alone.items()}
        for outcome, words in verdicts(subject).items():
            names = [name for name, effect in found.items() if effect and effect.outcome == outcome]
            if names:
                yield f"{subject.at(current)}: {words}: {', '.join(names)}"
        whole = together_line(study.by_key, subject, plan.design, current)
        if whole and len(plan.design.together) > 1:
            yield whole


def failures(study: Mechanisms) -> list[str]:
    """A line for each run that gave no solution."""
    at = study.plan.subject_at
    return [
        f"failed: {run.label}, {at(run.current).at(run.current)}, seed {run.seed}: {run.reason}"
        for run in study.failures
    ]


def _flat(study: Mechanisms, row: EffectRow) -> dict[str, object]:
    """A row as one line of numbers and words, None where there is nothing."""
    line: dict[str, object] = {
        "current": row.current,
        "combination": study.plan.design.label(row.combination),
        "switches": " ".join(row.combination),
        "metric": row.metric,
        "unit": study.units.get(row.metric.removesuffix(".mean"), "1"),
        "scale": "ratio" if row.relative else "difference",
        "seeds": row.mean.n,
    }
    line |= _ends("mean", row.mean)
    line |= _ends("in_pairs", row.in_pairs)
    for name, effect in (("effect", row.effect), ("interaction", row.interaction)):
        line |= _ends(name, effect.interval if effect else None)
        line[f"{name}_error"] = effect.error if effect else None
        line[f"{name}_outcome"] = effect.outcome if effect else None
    line["verdict"] = evenness(row.metric, row.effect.outcome) if row.effect else None
    line["together"] = TOGETHER[row.interaction.outcome] if row.interaction else None
    line |= _ends("additive", row.additive.interval if row.additive else None)
    return line


def _ends(name: str, interval: Interval | None) -> dict[str, object]:
    if interval is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high", f"{name}_reason"))
    return {
        name: interval.value,
        f"{name}_low": interval.low,
        f"{name}_high": interval.high,
        f"{name}_reason": interval.reason,
    }


def _everything(study: Mechanisms) -> dict[str, object]:
    plan = study.plan
    return {
        "level": plan.level,
        "field": plan.subject.field,
        "headline": plan.subject.headline,
        "currents": list(plan.currents),
        "seeds": list(plan.seeds),
        "confidence": CONFIDENCE,
        "negligible": NEGLIGIBLE,
        "switches": [switch.model_dump(mode="json") for switch in plan.switches],
        "left_out": plan.left_out,
        "excluded_pairs": [list(pair) for pair in plan.design.excluded],
        "all_together": list(plan.design.together),
        "notices": list(plan.notices),
        "numerical_errors": ESTIMATED if study.refined else ASSUMED,
        "report": report(study),
        "rows": [_nested(study, row) for row in study.rows],
        "failures": [
            {"combination": m.label, "current": m.current, "seed": m.seed, "reason": m.reason}
            for m in study.failures
        ],
    }


def _nested(study: Mechanisms, row: EffectRow) -> dict[str, object]:
    def told(effect: Effect | None, words: str | None) -> dict[str, object] | None:
        return None if effect is None else {**effect.as_dict(), "verdict": words}

    own = evenness(row.metric, row.effect.outcome) if row.effect else None
    joint = TOGETHER[row.interaction.outcome] if row.interaction else None
    return {
        "current": row.current,
        "combination": study.plan.design.label(row.combination),
        "switches": list(row.combination),
        "metric": row.metric,
        "relative": row.relative,
        "mean": row.mean.as_dict(),
        "effect": told(row.effect, own),
        "in_pairs": None if row.in_pairs is None else row.in_pairs.as_dict(),
        "interaction": told(row.interaction, joint),
        "additive": None if row.additive is None else row.additive.as_dict(),
    }


def _cases(study: Mechanisms) -> Mapping[str, str]:
    """Resolved cases by file name, each at the first seed and current."""
    plan = study.plan
    labels = [plan.design.label(c) for c in plan.design.combinations]
    names = file_names(labels)

    def text(combination: Combination, case_index: int) -> str:
        case = driven(plan.cases[case_index].with_seed(plan.seeds[0]), plan.currents[0])
        switched = ", ".join(combination) or "no mechanism"
        return f"# One run of a study of mechanisms, with {switched}.\n{case.to_toml()}"

    return {
        f"cases/{names[k]}.toml": text(combination, k)
        for k, combination in enumerate(plan.design.combinations)
    }
