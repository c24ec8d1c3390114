"""What a recorded step says."""


def values(step, name):
    return next(node for node in step.step.data["nodes"] if node["name"] == name)


def operations(step):
    return [node.get("operation") for node in step.step.data["nodes"] if node.get("operation")]
