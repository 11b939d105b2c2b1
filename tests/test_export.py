"""The files of an analysis, read back."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

from explorer.analysis import analyze
from explorer.export import analysis_json, rows_csv


def table(name: str) -> dict[str, dict[str, str]]:
    return {line["path"]: line for line in csv.DictReader(io.StringIO(rows_csv(analyze(name))))}


def test_the_table_has_a_line_for_each_row_and_adds_up_to_the_totals() -> None:
    lines, analysis = table("googlenet"), analyze("googlenet")
    assert list(lines) == [row.path for row in analysis.rows]
    assert sum(int(line["params"]) for line in lines.values()) == analysis.params
    assert sum(int(line["macs"]) for line in lines.values()) == analysis.macs


def test_every_part_of_a_receptive_field_has_a_column() -> None:
    line = table("vgg16")["features.30"]
    seen = {column.removeprefix("receptive_field_"): cell for column, cell in line.items() if "receptive" in column}
    field = analyze("vgg16").receptive_field
    assert field is not None
    assert seen.keys() == asdict(field).keys()
    told = (seen["size"], seen["least"], seen["stride"], seen["offset"])
    assert told == ("212x212", "212x212", "32x32", "15.5x15.5")


def test_a_column_says_which_units_see_the_whole_picture_through_a_gate() -> None:
    lines = table("efficientnet_b0")
    before, behind = lines["features.1.0.block.0.0"], lines["features.1.0.block.2.0"]
    assert (before["receptive_field_is_gated"], behind["receptive_field_is_gated"]) == ("False", "True")
    assert before["receptive_field_size"] == behind["receptive_field_size"] == "7x7"


def test_sizes_are_written_in_one_way() -> None:
    line = table("resnet50_tv")["layer1.0.add"]
    assert line["input_shapes"] == "1x256x56x56 1x256x56x56"
    assert line["output_shape"] == "1x256x56x56"
    assert line["inputs"] == "layer1.0.bn3 layer1.0.downsample.1"
    assert table("resnet50_tv")["conv1"]["kernel"] == "7x7"


def test_what_is_not_known_is_empty() -> None:
    line = table("vit_b_16")["class_token"]
    assert (line["kernel"], line["inputs"], line["receptive_field_size"]) == ("", "", "")


def test_the_json_is_the_whole_analysis() -> None:
    read = json.loads(analysis_json(analyze("lenet5")))
    assert read["params"] == 60_000
    assert read["options"] == {}
    assert [row["path"] for row in read["rows"]] == [row.path for row in analyze("lenet5").rows]
