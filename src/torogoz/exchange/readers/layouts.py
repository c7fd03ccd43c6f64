"""What a layout is: the columns by which a table is recognised, and the function that reads it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from torogoz.exchange.readers.contract import Reading
from torogoz.exchange.readers.tables import Table, plain


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout of one publisher.

    key       its stable name, as stored with each vintage
    needs     plain names of the columns without which it is not this layout
    knows     further columns that the reader uses or knowingly leaves
    other     other names that the publisher has given to the same columns: {name in the file: name here}
    read      reads a table whose columns already have the names of this layout
    claims    a further condition on the table, when the columns do not suffice
    family    whether a name is one of a family of columns that the reader uses: years, quarters, age bands, places
    """

    key: str
    needs: frozenset[str]
    read: Callable[[Table], Sequence[Reading]]
    knows: frozenset[str] = frozenset()
    other: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    claims: Callable[[Table], bool] = lambda table: True
    family: Callable[[str], bool] = lambda name: False

    def named(self, table: Table) -> Table:
        """`table` with its columns called as this layout calls them; a name that is taken already stays as it is."""
        taken = set(table.names)
        names: dict[str, str] = {}
        for name in table.names:
            ours = self.other.get(name)
            if ours is not None and ours not in taken:
                names[name] = ours
                taken.add(ours)
        if not names:
            return table
        return Table(table.header, table.frame.rename(names), table.path, table.sheet, table.above, table.ragged)

    def recognises(self, table: Table) -> bool:
        """Whether `table` has every column that this layout needs."""
        return self.needs <= set(self.named(table).names) and self.claims(self.named(table))

    def compare(self, table: Table) -> tuple[list[str], list[str]]:
        """The columns that `table` lacks for this layout, and those that it has and this layout does not know."""
        names = self.named(table).names
        written = dict(zip(names, table.header, strict=True))
        missing = sorted(self.needs - set(names))
        own = self.needs | self.knows
        extra = [written[name] for name in names if name not in own and written[name] and not self.family(name)]
        return missing, extra


def columns(*names: str) -> frozenset[str]:
    """A set of columns by their plain names."""
    return frozenset(map(plain, names))


def unread(layout: Layout, table: Table) -> tuple[str, ...]:
    """A note on the columns that no reader knows; empty if there are none."""
    _, extra = layout.compare(table)
    return (f"columns not read: {', '.join(extra)}",) if extra else ()
