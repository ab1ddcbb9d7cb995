"""Sums step by step. `check.py problems` makes problems.jsonl; `verify` and `improve` are the programs of task.toml."""
import json, random, re, sys

def solve(question):
    total, *rest = map(int, re.findall(r"\d+", question))
    lines = []
    for i, number in enumerate(rest, 1):
        lines.append(f"({i}) {total} + {number} = {total + number}.")
        total += number
    return lines + [f"(Final response) So the answer is {total}."]

def verify(attempt, gold, wrong):
    step = wrong < min(len(attempt), len(gold)) and re.match(r"\((\d+|Final response)\) (.+)", attempt[wrong])
    if step:
        return {"correct": False, "step": step[1], "segment": step[2], "reason": "it should be " + gold[wrong].split(") ")[1]}
    return {"correct": True} if attempt == gold else {"error": f"line {wrong + 1} is no step"}

if sys.argv[1] == "problems":
    random.seed(1)
    for i in range(1500):
        question = f"Add {', '.join(str(random.randint(100, 49999)) for _ in range(3 + i % 3))}."
        print(json.dumps({"question": question, "answer": sum(map(int, re.findall(r"\d+", question))),
                          "rationale": "\n".join(solve(question)), "level": f"{3 + i % 3} numbers",
                          "split": "test" if i % 5 == 0 else "train"}))
else:
    for line in sys.stdin:
        request = json.loads(line)
        attempt, gold = request["attempt"].split("\n"), solve(request["question"])
        wrong = next((i for i, pair in enumerate(zip(attempt, gold)) if pair[0] != pair[1]), min(len(attempt), len(gold)))
        reply = verify(attempt, gold, wrong) if sys.argv[1] == "verify" else {"steps": "\n".join(gold[wrong:])}
        print(json.dumps(reply), flush=True)
