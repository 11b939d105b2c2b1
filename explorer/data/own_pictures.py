"""Pictures that people give as a zip archive with a folder a class: checked, brought to one size, kept for a while."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from explorer import settings, units
from explorer.data import stored
from explorer.data.archive import Archive, BadArchiveError, Member
from explorer.data.datasets import Dataset, Tensors
from explorer.data.layout import Layout, natural, understand
from explorer.data.left_out import LeftOut, Reason, listed, readable
from explorer.pictures import BadImage, decode_image

PREFIX = "own-"
SIZES = (28, 32, 48, 64, 96, 128, 160, 192, 224)  # pixels
MOST_CLASSES = 200
MOST_KEPT_BYTES = 512 * 2**20  # of one set
KEPT_SECONDS = 30 * 24 * 3600  # since they were last used
LONGEST_TITLE = 40
_NAME = re.compile(rf"{PREFIX}[0-9a-f]{{24}}")

Progress = Callable[[int, int], None]  # files looked at, files in all
