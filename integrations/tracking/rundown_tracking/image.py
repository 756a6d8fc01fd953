"""The container image a run is in. An image does not know its own name, so somebody has to have said it."""

from pathlib import Path

from rundown_tracking.start import Start

IMAGE = "mlflow.docker.image.uri"
OURS = "RUNDOWN_IMAGE"
# People's own, GitLab's, JupyterHub's and Weights & Biases'. Outside of a container they name what is built there.
SAID = (
    "IMAGE_REF",
    "DOCKER_IMAGE",
    "CONTAINER_IMAGE",
    "CI_JOB_IMAGE",
    "JUPYTER_IMAGE_SPEC",
    "JUPYTER_IMAGE",
    "WANDB_DOCKER",
)
# The runtime's own word, a name or a path.
SINGULARITY = ("APPTAINER_CONTAINER", "SINGULARITY_CONTAINER")
KUBERNETES = "KUBERNETES_SERVICE_HOST"
MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))


def tags(start: Start) -> dict[str, str]:
    """The image that the environment names."""
    return {IMAGE: next(filter(None, _said(start)), "")}


def _said(start: Start) -> list[str]:
    env = start.env
    said = [env.get(OURS, ""), *(Path(env.get(name, "")).name for name in SINGULARITY)]
    if KUBERNETES in env or any(mark.exists() for mark in MARKS):
        said += [env.get(name, "") for name in SAID]
    return said
