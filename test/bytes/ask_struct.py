"""Answers what Python's struct does: a JSON list of questions on stdin, a JSON list of answers on stdout.

Values travel as one-letter tags with text: ["i", "-5"], ["f", "bits of a double in hex, or nan"], ["b", "hex"], ["t", true].
"""
import json
import struct
import sys


def value(tagged):
    tag, text = tagged
    if tag == "i":
        return int(text)
    if tag == "f":
        return float("nan") if text == "nan" else struct.unpack(">d", bytes.fromhex(text))[0]
    return bytes.fromhex(text) if tag == "b" else text


def tagged(found):
    if isinstance(found, bool):
        return ["t", found]
    if isinstance(found, int):
        return ["i", str(found)]
    if isinstance(found, float):
        return ["f", "nan" if found != found else struct.pack(">d", found).hex()]
    return ["b", found.hex()]


def answer(question):
    form = question["format"]
    try:
        if question["do"] == "size":
            return struct.calcsize(form)
        if question["do"] == "pack":
            return struct.pack(form, *map(value, question["values"])).hex()
        return [tagged(found) for found in struct.unpack(form, bytes.fromhex(question["bytes"]))]
    except (struct.error, OverflowError) as error:
        return {"error": str(error)}


json.dump([answer(question) for question in json.load(sys.stdin)], sys.stdout)
