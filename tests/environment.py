"""Loaded before Django's settings are (see pyproject.toml): the tests have a folder and a clock of their own."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="qhenv-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.makedirs(os.path.join(_folder, "static"))  # noqa: PTH103, PTH118 (where collected files would lie)
os.environ |= {"QHENV_VAR": _folder, "QHENV_TODAY": "2018-10-20", "QHENV_DEMO": "1"}
