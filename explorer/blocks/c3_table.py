"""The table of LeNet-5 that says which maps each map of its third layer reads."""

from __future__ import annotations

from explorer import units
from explorer.analysis.rows import Analysis
from explorer.architecture import Option
from explorer.blocks.choices import listed, many, size, square
from explorer.blocks.construction import Call, call
from explorer.blocks.expression import times
from explorer.blocks.parts import OUT_MAP, Part, Weights, part
from explorer.blocks.record import Block, Preset, Rivals, Values
from explorer.catalogue.lenet import PAPER

SOURCES = 6  # maps of S2
MAPS = 16  # maps of C3
_KERNEL = 5
Table = tuple[tuple[int, ...], ...]

PUBLISHED = "012.123.234.345.045.015.0123.1234.2345.0345.0145.0125.0134.1245.0235.012345"
_ALL = ".".join(["012345"] * MAPS)
_GROUPS = ".".join(["012"] * (MAPS // 2) + ["345"] * (MAPS // 2))
_FULL = "Every map reads all"


def read_table(text: str) -> Table:
    """Return which maps each map reads, from "012.123": the digits of each, with dots between them.

    A text that is no table raises ValueError.
    """
    groups = text.split(".")
    if len(groups) != MAPS:
        raise ValueError(f"The table has {MAPS} groups of digits with dots between them, not {len(groups)}.")
    for i, group in enumerate(groups):
        if not set(group) <= set("012345") or len(set(group)) < len(group):
            raise ValueError(f"Map {i} of the table can read each of the maps 0 to 5 once; {group!r} is no such list.")
    return tuple(tuple(sorted(map(int, group))) for group in groups)


def write_table(table: Table) -> str:
    """Return a table as the text that `read_table` reads."""
    return ".".join("".join(map(str, sources)) for sources in table)


def _construct(values: Values) -> Call:
    return _of(read_table(values["maps"]))


def _of(table: Table) -> Call:
    return call("explorer.architectures.lenet:PartialConv2d", table, kernel_size=_KERNEL)


def _misfit(values: Values) -> str:
    try:
        table = read_table(values["maps"])
    except ValueError as error:
        return str(error)
    if not all(table):
        idle = [str(i) for i, sources in enumerate(table) if not sources]
        which = f"map {idle[0]} reads" if len(idle) == 1 else f"maps {listed(*idle)} read"
        return f"A map must read at least one other; {which} none."
    if values["size"] < _KERNEL:
        return f"The 5×5 window does not fit into a map of {square(values['size'])}."
    return ""


def _parts(values: Values) -> tuple[Part, ...]:
    """One part for all maps that read the same number of others."""
    table = read_table(values["maps"])
    found = []
    for count in sorted({len(sources) for sources in table}):
        maps = [i for i, sources in enumerate(table) if len(sources) == count]
        window = f"5*5*{count}"
        weights = Weights(times(str(len(maps)), f"{window} + 1"), times(str(len(maps)), OUT_MAP, window))
        word = "map" if count == 1 else "maps"
        found.append(part(f"{len(maps)} reading {count} {word}", " ".join(f"maps.{i}" for i in maps), weights))
    return (*found, part("Choosing", "unbind stack*"), part("Joining", "cat"))


def _sentences(values: Values, chosen: Analysis, rivals: Rivals) -> tuple[str, ...]:
    table, full = read_table(values["maps"]), rivals[_FULL]
    links = sum(map(len, table))
    read_by = [sum(source in sources for sources in table) for source in range(SOURCES)]
    alike = len(table) - len(set(table))
    return (
        f"{links} of {SOURCES * MAPS} links; with all of them the layer needs "
        f"{many(full.params, chosen.params, 'parameters')}: {units.exact(full.params)} in place of "
        f"{units.exact(chosen.params)}.",
        f"Each map of S2 is read by {min(read_by)} to {max(read_by)} maps."
        if min(read_by) < max(read_by)
        else f"Each map of S2 is read by {min(read_by)} maps.",
        f"{_maps(alike)} the same as another, so nothing keeps {'it' if alike == 1 else 'them'} from learning the same."
        if alike
        else "No two maps read the same, so they must learn different things.",
    )


def _maps(count: int) -> str:
    return "One map reads" if count == 1 else f"{count} maps read"


C3_TABLE = Block(
    name="c3_table",
    title="LeNet-5's C3 table",
    paper=PAPER,
    explanation="In LeNet-5 the 16 maps of layer C3 do not read all 6 maps of S2 but only those that a table names. "
    "That saved weights in 1998, and it breaks the symmetry: maps that read different things must learn different "
    "things. Later networks dropped it; grouped convolutions are what is left of the idea.",
    options=(
        size(14),
        Option("maps", PUBLISHED, "The maps of S2 that each map of C3 reads: digits, with dots between the 16 maps."),
    ),
    presets=(
        Preset("As published", {"maps": PUBLISHED}),
        Preset("Every map reads all", {"maps": _ALL}),
        Preset("Two groups", {"maps": _GROUPS}),
    ),
    construct=_construct,
    parts=_parts,
    rivals=lambda values: {_FULL: _of((tuple(range(SOURCES)),) * MAPS)},
    sentences=_sentences,
    misfit=_misfit,
    derived=lambda values: {"out_size": values["size"] - _KERNEL + 1},
    in_channels=SOURCES,
)
