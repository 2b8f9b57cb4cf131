"""Files of datasets: checking, fetching, unpacking."""

import os

import _vision_datasets

_digests = {}


def calculate_md5(fpath, chunk_size=1024 * 1024):
    """The MD5 of a file; remembered while its size and time of change stay."""
    fpath = os.fspath(fpath)
    status = os.stat(fpath)
    key = (os.path.abspath(fpath), status.st_size, status.st_mtime)
    found = _digests.get(key)
    if found is None:
        found = _digests[key] = _vision_datasets.md5(fpath)
    return found


def check_md5(fpath, md5):
    return md5 == calculate_md5(fpath)


def check_integrity(fpath, md5=None):
    """Whether the file is there and has the checksum."""
    if not os.path.isfile(fpath):
        return False
    return md5 is None or check_md5(fpath, md5)


def _fetched(url, partial, md5):
    """The status of curl; goes on behind what an earlier attempt left, and begins anew where that does not give the file."""
    if os.path.exists(partial):
        status = _vision_datasets.fetch(url, partial)
        # 22: nothing behind what is there; 33, 36: the server cannot go on in the middle.
        if status == 0 and check_integrity(partial, md5) or status not in (0, 22, 33, 36):
            return status
        os.remove(partial)
    return _vision_datasets.fetch(url, partial)


def download_url(url, root, filename=None, md5=None, max_redirect_hops=3):
    """Fetches a file into a folder, going on where an earlier attempt stopped, and checks it."""
    root = os.path.expanduser(root)
    path = os.path.join(root, filename or os.path.basename(url))
    os.makedirs(root, exist_ok=True)
    if check_integrity(path, md5):
        return
    partial = path + ".partial"
    if md5 is not None and check_integrity(partial, md5):
        os.replace(partial, path)
        return
    print(f"Downloading {url} to {path}")
    status = _fetched(url, partial, md5)
    if status != 0:
        reason = "the program curl is not installed" if status == 127 else f"curl ended with status {status}"
        raise RuntimeError(f"{url} could not be fetched: {reason}. Fetch it by hand and put it at {path}" + (f" (MD5 {md5})" if md5 else ""))
    if not check_integrity(partial, md5):
        os.remove(partial)
        raise RuntimeError(f"File not found or corrupted: {url} does not have the MD5 {md5}")
    os.replace(partial, path)


def extract_archive(from_path, to_path=None, remove_finished=False):
    """Unpacks a tar archive into a folder."""
    to_path = os.path.dirname(from_path) if to_path is None else to_path
    status = _vision_datasets.unpack(from_path, to_path)
    if status != 0:
        raise RuntimeError(f"{from_path} could not be unpacked: tar ended with status {status}")
    if remove_finished:
        os.remove(from_path)
    return to_path


def download_and_extract_archive(url, download_root, extract_root=None, filename=None, md5=None, remove_finished=False):
    download_root = os.path.expanduser(download_root)
    filename = filename or os.path.basename(url)
    download_url(url, download_root, filename, md5)
    extract_archive(os.path.join(download_root, filename), extract_root or download_root, remove_finished)
