"""Verifies and improves attempts at sums: one JSON object in, one out, a line each."""
import json
import re
import sys


def solve(question):
    total, *rest = map(int, re.findall(r"\d+", question))
    lines = []
    for i, number in enumerate(rest, 1):
        lines.append(f"({i}) {total} + {number} = {total + number}.")
        total += number
    return lines + [f"(Final response) So the answer is {total}."]


def first_wrong(attempt, gold):
    """Index of the first line that is not as it should be."""
    same = [line == right for line, right in zip(attempt, gold)]
    return same.index(False) if False in same else len(same)


def verify(request):
    attempt, gold = request["attempt"].split("\n"), solve(request["question"])
    wrong = first_wrong(attempt, gold)
    if attempt == gold:
        return {"correct": True}
    if wrong == len(attempt) or wrong == len(gold):
        return {"error": f"the attempt has {len(attempt)} lines, not {len(gold)}"}
    step = re.match(r"\((\d+|Final response)\) (.+)", attempt[wrong])
    if not step:
        return {"error": f"line {wrong + 1} cannot be read"}
    return {"correct": False, "step": step[1], "segment": step[2], "reason": "it should be " + gold[wrong].split(") ")[1]}


def improve(request):
    gold = solve(request["question"])
    return {"steps": "\n".join(gold[first_wrong(request["attempt"].split("\n"), gold):])}


if __name__ == "__main__":
    answer = {"verify": verify, "improve": improve}[sys.argv[1]]
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
