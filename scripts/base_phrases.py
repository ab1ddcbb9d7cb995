"""The fixed sentences of the tasks' prompts, rationales and feedback. Only the tokenizer sees them, so that each is a token or a
few; the weights never do. Digits, which are pieces of their own, stand where names, words and dates do."""

ARITHMETIC = """Answer: Let's think step by step. Recall that the order of operations in mathematics is as follows: (1) Parentheses, (2) exponents, (3) multiplication and division (from left to right), (4) addition and multiplication (from left to right). So, remember to always compute the expressions inside parentheses or brackets first.
(1) This equation can be written as "(A - B)", where A = (1) and B = (2).
(2) Let's calculate A = (1) = 1.
(4) Then, the final equation is (A - B) = 1.
(Final response) So the answer is 1.
Feedback: Step (1) is correct. Step (1) to (3) are correct. Step (1) to step (4) are correct. The final response is also correct.
Feedback: In step (2) the part " 1 " is incorrect. In step (Final response) the part " the answer is 1. " is incorrect.
This is because there is an calculation error, since 1 is not equal to 2. This is because it is not consistent with the original equation: 1.
This is because it is an invalid equation. This is because it is an invalid equation as the number of left and right brackets do not match.
This is because this equation is inconsistent with the question statement. This is because A has not been calculated in previous steps.
This is because this substitution is incosistent with the results in the previous steps.
This is because this answer is inconsistent with the result in step (4).
Updated Answer: Let's think step by step.
"""

OTHER_TASKS = """Sort the following words alphabetically:
List: 1 2 3 4
Answer: Let's think step by step.
(1) The first letter: "a"="a" (1), "b"="b" (2), "c"="c" (3), "d"="d" (4).
(2) We now have: (1) ["a" ? "b"] < (2) "c" < (3) "d" < (4) ["e" ? "f" ? "g"].
(3) Now sort this subpart ["a" ? "b"] by looking at their second letters: "a"="b" (2), "b"="c" (3).
(3.1) We now have: (1) "a" < (2) "b". (3.2) Hence, we have "a" < "b" < "c".
(4.1) Now sort this subpart ["a" ? "b"] by looking at their third letters: "a"="b" (2). Their fourth letters: fifth letters: sixth letters:
(Final response) So the answer is: 1 2 3 4.
This is because it is not a valid sorted list. This is because you should always sort in ascending order, from smallest to largest.
This is because words are not sorted in ascending order. Using results from step (1), the first and smallest number should be (1).
This is because the letter "a" is not the first letter. This is because the word "a" is not in the list of words provided by the question statement: ["a" ? "b"].
What is the date tomorrow in MM/DD/YYYY? What is the date today in MM/DD/YYYY? What is the date yesterday in MM/DD/YYYY?
What is the date 10 days ago in MM/DD/YYYY? What is the date a month ago in MM/DD/YYYY? What is the date 24 hours later in MM/DD/YYYY?
What is the date one week from today in MM/DD/YYYY? What is the date one year ago from today in MM/DD/YYYY? What is the date one week ago from today in MM/DD/YYYY?
Options:
(A) 1/1/1 (B) 1 (C) 2 (D) 3 (E) 4 (F) 5
(1) If today is the first day of 1, then today's date is Jan 1, 1. (1) If yesterday was 1/1/1, then today's date is Feb 1, 1.
(2) The date tomorrow is Mar 2, 1, that is 1/1/1. (2) The date yesterday is Apr 2, 1, that is 1/1/1. (2) The date today is May 1, 1, that is 1/1/1.
(2) The date 10 days ago is Jun 1, 1, that is 1. (2) The date a month ago is Jul 1, 1, that is 1. (2) The date 24 hours later is Aug 1, 1, that is 1.
(2) The date one week from today is Sep 1, 1, that is 1. (2) The date one year ago from today is Oct 1, 1, that is 1. (2) The date one week ago from today is Nov 1. Dec 1.
(Final response) So the answer is (A). So the answer is (B). So the answer is (C). So the answer is (D). So the answer is (E). So the answer is (F).
The following paragraphs each describe a set of three objects arranged in a fixed order. The statements are logically consistent within each paragraph.
The following paragraphs each describe a set of five objects arranged in a fixed order. The statements are logically consistent within each paragraph.
The following paragraphs each describe a set of seven objects arranged in a fixed order. The statements are logically consistent within each paragraph.
Let "??" represents 0 or more objects, and "?" represents exactly 1 object.
(1) The 1 is to the left of the 2: "(left) ?? 1 ?? 2 ?? (right)". The 1 is the leftmost. The 1 is the rightmost. The 1 is the second from the left. The 1 is the third from the right.
(2) The 1 is older than the 2: "(oldest) ?? 1 ?? 2 ?? (newest)". The 1 is newer than the 2. The 1 is the oldest. The 1 is the newest. The 1 is the second-oldest. The 1 is the second-newest.
(3) The 1 are less expensive than the 2: "(cheapest) ?? 1 ?? 2 ?? (most expensive)". The 1 are more expensive than the 2. The 1 are the cheapest. The 1 are the second-most expensive.
(4) 1 finished above 2: "(above) ?? 1 ?? 2 ?? (below)". 1 finished below 2. 1 finished first. 1 finished last. 1 finished second. 1 finished third. 1 finished second-to-last.
(5) 1 is taller than 2: "(shortest) ?? 1 ?? 2 ?? (tallest)". 1 is shorter than 2. 1 is the tallest. 1 is the shortest. 1 is the second-tallest. 1 is the third-shortest.
(6) The 1 is heavier than the 2: "(lightest) ?? 1 ?? 2 ?? (heaviest)". The 1 is lighter than the 2. The 1 is the heaviest. The 1 is the second-lightest. The 1 is the third-heaviest.
(7) There are in total three 1: 1, 2, and 3. There are in total five 1: 1, 2, and 3. There are in total seven 1: 1, 2, and 3.
(8) Combining (1) and (2) we get the following ordering: "(left) ?? 1 ?? 2 ?? (right)". Combining (1), (2), and (3) we get the following ordering: "(oldest) 1 2 3 (newest)".
(9) According to this ordering, the 1 that is the leftmost is the 2. According to this ordering, the 1 that is the second from the right is the 2. According to this ordering, the 1 that finished last is 2.
This is because it does not follow from step (1) that the 1 is to the left of the 2. This is because it does not follow from the statement that 1 and 2 are next to each other.
This is because the statement says that the 1 is older than the 2. This is because steps (1) and (2) say that the 1 is the leftmost.
"""
