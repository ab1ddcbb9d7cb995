"""Makes problems.jsonl: sums of three to five numbers to train and test on, of six to test on alone.

    python3 make_problems.py > problems.jsonl
"""
import json
import random

from check import solve

random.seed(1)
made = set()
for length, count in [(3, 250), (4, 250), (5, 250), (6, 60)]:
    while count > 0:
        numbers = [random.randint(2, 99) for _ in range(length)]
        question = f"Add {', '.join(map(str, numbers))}."
        if question in made:
            continue
        made.add(question)
        count -= 1
        print(json.dumps({"question": question, "answer": sum(numbers), "rationale": "\n".join(solve(question)),
                          "level": f"{length} numbers", "seen": length < 6}))
