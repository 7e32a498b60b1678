"""Extracts the strict JSON schemas of one Kubernetes version from the wheel of kubernetes-validate, for kubeconform."""

import json
import pathlib
import sys
import zipfile

wheel, version, directory = sys.argv[1:]
beginning = f"kubernetes_validate/kubernetes-json-schema/v{version}-local-strict/"
with zipfile.ZipFile(wheel) as files:
    for name in files.namelist():
        if not name.startswith(beginning) or not name.endswith(".json"):
            continue
        # The references are to addresses at kubernetes.io; here they are to the files beside.
        schema = json.loads(files.read(name).replace(b'"/api/_definitions.json#', b'"_definitions.json#'))
        schema.pop("$id", None)
        pathlib.Path(directory, name.removeprefix(beginning)).write_text(json.dumps(schema))
