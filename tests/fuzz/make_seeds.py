#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seeds of the fuzz targets: small files that are right."""
import gzip
import io
import json
import pathlib
import struct

import numpy

SEEDS = pathlib.Path(__file__).resolve().parent / "seeds"


def put(name, data):
    path = SEEDS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def pack(data):
    return gzip.compress(data, mtime=0)


def npy(array, version=(1, 0)):
    out = io.BytesIO()
    numpy.lib.format.write_array(out, array, version=version)
    return out.getvalue()


def idx(code, fmt, shape, values):
    return (struct.pack(">BBBB", 0, 0, code, len(shape))
            + struct.pack(f">{len(shape)}I", *shape)
            + struct.pack(f">{len(values)}{fmt}", *values))


def safetensors(header, data):
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def entry(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def main():
    six = numpy.arange(6).reshape(2, 3)
    for kind in ("?", "u1", "i1", "<u2", ">i2", "<u4", ">i4", "<u8", ">i8",
                 "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"):
        put(f"npy/{kind.strip('<>?') or 'bool'}{'_big' * (kind[0] == '>')}",
            npy(six.astype(kind)))
    put("npy/fortran", npy(numpy.asfortranarray(six.astype("f4"))))
    put("npy/version2", npy(six.astype("f4"), (2, 0)))
    put("npy/version3", npy(six.astype("f4"), (3, 0)))
    put("npy/number", npy(numpy.float64(4)))
    put("npy/empty", npy(numpy.zeros((0, 3))))
    put("npy/gzipped", pack(npy(six.astype("f4"))))
    for code, fmt in (8, "B"), (9, "b"), (11, "h"), (12, "i"), (13, "f"), (14, "d"):
        put(f"idx/type{code}", idx(code, fmt, (2, 3), range(6)))
    put("idx/labels", idx(8, "B", (5,), range(5)))
    put("idx/gzipped", pack(idx(8, "B", (2, 3), range(6))))
    put("idx/two_members", pack(idx(8, "B", (2, 3), range(3))[:9])
        + pack(idx(8, "B", (2, 3), range(6))[9:]))
    record = bytes([3]) + bytes(i % 256 for i in range(3072))
    put("cifar10/two", record * 2)
    put("cifar10/gzipped", pack(record * 3))
    put("csv/plain", b"\x04a,b,c\r\n1,2,x\r\n3,,y\r\n")
    put("csv/quoted", b'\x05"a;b";"c""d";e\n1;"two\nlines";-1e-3\n')
    put("csv/tabs", b"\x021\t2\n3\tNA\n")
    put("csv/skipped", b"\x0c# comment\na,b\n1,2")
    put("csv/gzipped", b"\x04" + pack(b"a,b\n1,2\n"))
    put("csv/mark", b"\x04\xef\xbb\xbfa,b\r1,2\r")
    put("safetensors/none", safetensors({}, b""))
    put("safetensors/two", safetensors(
        {"__metadata__": {"format": "pt", "\u00e9": "a\nb\U0001f600"},
         "0.weight": entry("F32", [2, 3], 8, 32), "bias": entry("F64", [1], 0, 8)},
        bytes(32)))
    kinds = [("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E4M3", 1), ("F8_E5M2", 1),
             ("U16", 2), ("I16", 2), ("F16", 2), ("BF16", 2), ("U32", 4),
             ("I32", 4), ("U64", 8), ("I64", 8)]
    at, header, data = 0, {}, b""
    for kind, size in kinds:
        header[kind] = entry(kind, [3], at, at + 3 * size)
        at += 3 * size
    put("safetensors/kinds", safetensors(header, bytes(range(at % 256)) + bytes(at - at % 256)))
    put("safetensors/empty", safetensors(
        {"e": entry("F32", [0, 4], 0, 0), "s": entry("F32", [], 0, 4),
         "other": {**entry("F32", [0], 4, 4), "more": [1.5e3, {"a": None}]}}, bytes(4)))


if __name__ == "__main__":
    main()
