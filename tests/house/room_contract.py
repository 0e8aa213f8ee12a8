"""An import-linter contract that says what a room may import; everything else is a broken contract.

The other types of import-linter name what is forbidden. The house's table names what is allowed, and a
library nobody thought of must be red.
"""

import sys
from typing import Any

from importlinter import Contract, ContractCheck, fields, output

WHOLE_STANDARD_LIBRARY = "all"


class RoomContract(Contract):
    """`rooms`: packages or modules; those that do not exist yet are skipped. `may_import`: packages or modules
    beside the room itself. `standard_library`: `all`, or the modules that are allowed."""

    type_name = "room"

    rooms = fields.ListField(subfield=fields.StringField())
    standard_library = fields.ListField(subfield=fields.StringField())
    may_import = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        found = [
            (module, imported, detail["line_number"], detail["line_contents"])
            for room in self.rooms if room in graph.modules
            for module in sorted({room} | graph.find_descendants(room))
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if not self._is_allowed(room, imported)
            for detail in graph.get_import_details(importer=module, imported=imported)
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for module, imported, line, contents in check.metadata["found"]:
            output.print_error(f"{module} imports {imported} (line {line}: {contents.strip()})", bold=False)

    def _is_allowed(self, room: str, imported: str) -> bool:
        top = imported.partition(".")[0]
        if top in sys.stdlib_module_names:
            return self.standard_library == [WHOLE_STANDARD_LIBRARY] or top in self.standard_library
        return any(imported == name or imported.startswith(f"{name}.") for name in (room, *(self.may_import or ())))
