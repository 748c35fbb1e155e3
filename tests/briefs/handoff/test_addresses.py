"""An address somebody typed in cannot lead into the private network, whatever it is dressed up as."""

from __future__ import annotations

import pytest

from briefs.errors import BadInput
from briefs.handoff.addresses import check

PUBLIC = "93.184.215.14"


def names(**known: list[str]):
    """A resolver that knows these names; everything else is public."""
    return lambda host: known.get(host.replace(".", "_").replace("-", "_"), [PUBLIC])


INSIDE = [
    "https://127.0.0.1/hook",
    "https://127.8.9.1/",
    "https://10.0.0.7/",
    "https://172.16.3.4/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.100.100.200/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://198.18.0.1/",
    "https://[::1]/",
    "https://[::]/",
    "https://[fe80::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fc00::1]/",
    "https://[ff02::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[64:ff9b::a00:7]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
]
DRESSED_UP = [
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://010.0.0.1/",
    "https://[fe80::1%25eth0]/",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://example.com@127.0.0.1/",
    "https://example.com:0/",
    "https://example.com:99999/",
    "https://example.com/#part",
    "https://exam ple.com/",
    "https://example.com/\r\nX: 1",
    "https://example.com\\@127.0.0.1/",
    "http://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "//example.com/",
    "example.com",
    "https://",
    "https:///path",
    "https://[::1",
    "https://" + "a" * 3000,
    "",
]


@pytest.mark.parametrize("url", [*INSIDE, *DRESSED_UP])
def test_it_is_refused(url: str):
    with pytest.raises(BadInput):
        check(url, allow_private=False, resolve=names())


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1", "::ffff:10.0.0.1", "100.100.100.200"])
def test_a_name_that_stands_for_a_private_address_is_refused(address: str):
    with pytest.raises(BadInput):
        check("https://hooks.example.com/", allow_private=False, resolve=names(hooks_example_com=[address]))


def test_one_private_address_among_several_is_enough_to_refuse():
    with pytest.raises(BadInput):
        check("https://hooks.example.com/", allow_private=False, resolve=names(hooks_example_com=[PUBLIC, "10.0.0.1"]))


def test_a_public_name_is_pinned_to_the_address_that_was_checked():
    place = check("https://hooks.example.com:8443/a/b?c=d", allow_private=False, resolve=names())
    assert (place.scheme, place.host, place.port, place.path, place.address) == ("https", "hooks.example.com", 8443, "/a/b?c=d", PUBLIC)


def test_another_script_is_looked_up_in_its_ascii_form():
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return [PUBLIC]

    assert check("https://bücher.example/", allow_private=False, resolve=resolve).host == asked[0] == "xn--bcher-kva.example"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/", "http://10.0.0.7/", "https://192.168.1.1/", "http://[::1]:9/"])
def test_the_private_network_may_be_allowed(url: str):
    assert check(url, allow_private=True, resolve=names()).address in url


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/",
        "https://100.100.100.200/",
        "https://[fd00:ec2::254]/",
        "http://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::ffff:169.254.169.254]/",
    ],
)
def test_metadata_and_the_like_are_never_allowed(url: str):
    with pytest.raises(BadInput):
        check(url, allow_private=True, resolve=names())


def test_http_to_the_outside_is_never_allowed():
    with pytest.raises(BadInput, match="https only"):
        check("http://hooks.example.com/", allow_private=True, resolve=names())


def test_a_name_nobody_knows_is_no_bad_input():
    def nobody(host: str) -> list[str]:
        raise OSError("not known")

    with pytest.raises(OSError, match="not known"):
        check("https://hooks.example.com/", allow_private=False, resolve=nobody)
