"""A real JupyterHub with the settings of binder/hub/: three learners, and nobody finds another's answers."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from hub import FIRST_PAGE, MISSING, READY, ROOT, SETTINGS, class_of, hub
from traitlets.config import Config

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


def loaded():
    """The settings, read as on Kubernetes: there is a `c`, and a `get_config` that is not JupyterHub's."""
    c = Config()
    exec(SETTINGS.read_text(encoding="utf-8"), {"c": c, "get_config": lambda key: None})
    return c


def test_kubernetes_takes_the_same_settings():
    values = yaml.safe_load((FOLDER / "values.yaml").read_text(encoding="utf-8"))
    file = values["hub"]["extraFiles"]["course"]
    assert file["mountPath"].endswith(f"jupyterhub_config.d/{SETTINGS.name}")
    spawner, single = loaded().Spawner, values["singleuser"]
    assert single["memory"] == {"guarantee": spawner.mem_guarantee, "limit": spawner.mem_limit}
    assert single["cpu"] == {"guarantee": spawner.cpu_guarantee, "limit": spawner.cpu_limit}
    assert single["extraEnv"] == spawner.environment
    assert single["defaultUrl"] == spawner.default_url


def test_what_a_hub_opens_lies_where_each_of_its_ways_puts_the_course():
    said = (ROOT / "binder" / "README.md").read_text(encoding="utf-8")
    values = yaml.safe_load((FOLDER / "values.yaml").read_text(encoding="utf-8"))
    link = parse_qs(urlsplit(re.search(r"https://HUB/\S+", said)[0]).query)
    places = [
        values["singleuser"]["lifecycleHooks"]["postStart"]["exec"]["command"][-1],
        re.search(r"/etc/skel/([\w-]+)`; switch", said)[1],
        link["targetpath"][0],
    ]
    assert len(places) == 3
    opened = loaded().Spawner.default_url
    assert link["urlpath"] == [opened.removeprefix("/")]
    for place in places:
        inside = opened.removeprefix(f"/lab/tree/{place}/")
        assert (ROOT / inside).is_file(), f"{place} holds no {inside}"
    assert opened.removeprefix("/lab/tree/") == FIRST_PAGE
