"""What a look at one part of an installation said."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Look:
    """`part`: its name in Indonesian; `well`: what was found in order; `notes`: what is worth knowing;
    `findings`: (what is wrong, its remedy)."""

    part: str
    well: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[tuple[str, str]] = field(default_factory=list)

    def expect(self, is_well: bool, well: str, wrong: str, remedy: str) -> bool:
        """One check: what is said when it holds, and else."""
        if is_well:
            self.well.append(well)
        else:
            self.findings.append((wrong, remedy))
        return is_well
