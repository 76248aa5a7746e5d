"""Prints for each file whether the OCI or AWS library of this interpreter can read it, as JSON."""

import json
import sys

try:
    from oci.config import from_file

    def read(path):
        from_file(path, "P")
except ImportError:
    from botocore.configloader import raw_config_parse as read


def can_read(path):
    try:
        read(path)
    except Exception as error:
        return type(error).__name__ == "ProfileNotFound"
    return True


print(json.dumps([can_read(path) for path in sys.argv[1:]]))
