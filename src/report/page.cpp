#include "report/page.h"

#include <set>
#include <sstream>
#include <vector>

#include "base/error.h"
#include "report/html_text.h"

namespace tripost {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --paper: #fff; --ink: #1c1e21; --faint: #d9dce1; --quiet: #62676f;
  --bad: #fde3e1; --bad-ink: #9c1c13; --good: #dff3e3; --good-ink: #14602a; --box: #f6f7f9;
  --series-0: #1f6fd6; --series-1: #d9541e; --series-2: #1f8f4e; --series-3: #8b46c8;
  --series-4: #b3801a; --series-5: #c2337f; --series-6: #0f8c99; --series-7: #6b6f76;
  --series-8: #7a5230; --series-9: #4b4fc9; --series-10: #7f9a12; --series-11: #a83246; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e6e8eb; --faint: #3a3f46; --quiet: #9aa1ab;
  --bad: #4a1f1c; --bad-ink: #ffb3ab; --good: #17371f; --good-ink: #9fe0b0; --box: #1f2227;
  --series-0: #6aa8ff; --series-1: #ff8f5c; --series-2: #5fce8b; --series-3: #c493f5;
  --series-4: #e0b04a; --series-5: #f57fb8; --series-6: #4fc9d6; --series-7: #a7acb4;
  --series-8: #c9a17c; --series-9: #a3a6ff; --series-10: #c2d95c; --series-11: #ef8494; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1160px; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: .5rem 0; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .92rem; }
th, td { padding: .2rem .6rem; text-align: left; white-space: nowrap; } th { color: var(--quiet); font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
tr.first > * { border-top: 1px solid var(--faint); } tr.first th { color: var(--ink); }
.note { color: var(--quiet); font-size: .88rem; } .warning { color: var(--bad-ink); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 1rem; }
svg { width: 100%; max-width: 480px; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--quiet); } svg text.title { fill: var(--ink); font-weight: 600; font-size: 13px; }
svg .grid { stroke: var(--faint); } polyline { fill: none; stroke: var(--line); stroke-width: 2; }
polyline.dashed { stroke-dasharray: 5 4; opacity: .7; }
svg text.group { fill: var(--ink); font-weight: 600; } rect.solid { fill: var(--line); } rect.pale { fill: var(--line); opacity: .4; }
.whisker { stroke: var(--ink); stroke-width: 1; }
circle { fill: var(--line); } .interval { stroke: var(--line); stroke-width: 1.5; opacity: .55; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: .3rem 0; font-size: .88rem; }
.legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: .2rem; margin-right: .4rem; vertical-align: -.05rem; }
article { background: var(--box); border: 1px solid var(--faint); border-radius: .5rem; padding: .8rem 1rem; margin: .8rem 0; }
article h3 { font-size: .95rem; margin: 0 0 .4rem; } article h4 { font-size: .82rem; color: var(--quiet); margin: .7rem 0 .2rem; }
.text, pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.45 ui-monospace, monospace; margin: 0; }
.text span { display: block; padding: 0 .3rem; border-radius: .2rem; }
.text .wrong { background: var(--bad); color: var(--bad-ink); } .text .new { background: var(--good); color: var(--good-ink); }
mark { background: none; color: inherit; text-decoration: underline wavy; font-weight: 700; }
)";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The line with the part that the verifier names as wrong marked inside it.
std::string with_mark(const std::string& line, const std::string& segment) {
  const auto at = segment.empty() ? std::string::npos : line.find(segment);
  if (at == std::string::npos) return escape_html(line);
  return fmt::format("{}<mark>{}</mark>{}", escape_html(line.substr(0, at)), escape_html(segment),
                     escape_html(line.substr(at + segment.size())));
}

std::string attempt_html(const Step& step, const std::set<std::string>& before) {
  const Review& review = step.feedback.review;
  const std::string wrong_start =
      review.step.empty() || review.correct ? "" : "(" + review.step + ")";
  std::string html = "<div class=text>";
  for (const std::string& line : lines_of(step.attempt.text)) {
    const bool wrong = !wrong_start.empty() && line.starts_with(wrong_start);
    const bool changed = !before.empty() && !before.contains(line);
    html += fmt::format("<span{}>{}</span>",
                        wrong     ? " class=wrong"
                        : changed ? " class=new"
                                  : "",
                        wrong ? with_mark(line, review.segment) : escape_html(line));
  }
  return html + "</div>\n";
}

const char* written_by(Source source) {
  switch (source) {
    case Source::kModel:
      return "by the model";
    case Source::kScript:
      return "by the task's script";
    case Source::kLlm:
      return "by an LLM";
    case Source::kProgram:
      return "by a program";
    case Source::kGold:
      return "from the gold steps";
  }
  return "";
}

std::string opening(const char* title, const Problem& problem) {
  return fmt::format(
      "<article><h3>{} <span class=note>{}</span></h3><h4>question</h4><div class=text>{}</div>\n",
      title, escape_html(problem.id), escape_html(problem.question));
}

std::string steps_html(const std::vector<Step>& steps) {
  std::string html;
  std::set<std::string> before;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    html += fmt::format("<h4>{} {}</h4>", i == 0 ? "attempt" : "improvement",
                        written_by(step.attempt.source));
    html += attempt_html(step, before);
    if (!step.feedback.text.empty()) {
      html += fmt::format("<h4>feedback {}</h4><div class=text>{}</div>\n",
                          written_by(step.feedback.source), escape_html(step.feedback.text));
    }
    const auto lines = lines_of(step.attempt.text);
    before = {lines.begin(), lines.end()};
  }
  return html;
}

}  // namespace

const char* words_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kCorrect:
      return "right at once";
    case Outcome::kImproved:
      return "improved";
    case Outcome::kFeedbackOnly:
      return "feedback only";
    case Outcome::kUnreadable:
      return "unreadable";
    case Outcome::kNoImprovement:
      return "no improvement found";
    case Outcome::kUnfinished:
      return "still wrong";
    case Outcome::kFailed:
      return "failed";
  }
  return "";
}

std::string trajectory_html(const Trajectory& trajectory) {
  std::string html = opening(words_of(trajectory.outcome), trajectory.problem);
  html += steps_html(trajectory.steps);
  if (!trajectory.note.empty()) html += "<p class=note>" + escape_html(trajectory.note) + "</p>";
  return html + "</article>\n";
}

std::string exchange_html(const Exchange& exchange) {
  const Verdict& first = exchange.steps.front().attempt.verdict;
  const Verdict& last = final_attempt(exchange).verdict;
  std::string html = opening(last.correct ? "saved" : "broken", exchange.problem);
  html += fmt::format("<p class=note>right answer {}; first answer {}; final answer {}</p>\n",
                      escape_html(exchange.problem.gold),
                      escape_html(first.answer.empty() ? "–" : first.answer),
                      escape_html(last.answer.empty() ? "–" : last.answer));
  return html + steps_html(exchange.steps) + "</article>\n";
}

std::string page(const std::string& title, const std::string& body) {
  return fmt::format(
      "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
      "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<title>{} – tripost</title>\n<style>{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      escape_html(title), kStyle, body);
}

}  // namespace tripost
