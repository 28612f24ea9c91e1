"""A real JupyterHub with the settings of binder/hub/: three learners, and nobody finds another's answers."""

import ast

import pytest
import yaml
from hub import MISSING, READY, ROOT, SETTINGS, class_of, hub

FOLDER = ROOT / "binder" / "hub"


@pytest.mark.skipif(not READY, reason=MISSING)
def test_each_learner_has_a_server_a_lesson_and_answers_of_their_own(tmp_path):
    with hub(tmp_path) as address:
        room = class_of(address, tmp_path, 3, answers=2)
    assert [one.name for one in room] == ["learner-0", "learner-1", "learner-2"]
    assert [one.answer_kept for one in room] == [1, 1001, 2001]
    assert [one.said[-1] for one in room] == [one.answer_kept for one in room]
    for one in room:
        assert list(one.kept["bets"]) == ["00"]
        assert 60 < one.megabytes < 400


def test_kubernetes_takes_the_same_settings():
    values = yaml.safe_load((FOLDER / "values.yaml").read_text(encoding="utf-8"))
    file = values["hub"]["extraFiles"]["course"]
    assert file["mountPath"].endswith(f"jupyterhub_config.d/{SETTINGS.name}")
    said = ast.unparse(ast.parse(SETTINGS.read_text(encoding="utf-8")))
    for key in ("guarantee", "limit"):
        assert f"mem_{key} = '{values['singleuser']['memory'][key]}'" in said
