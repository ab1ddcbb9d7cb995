#include "serve/live_generate.h"

#include "serve/answer.h"

namespace tripost {
namespace {

constexpr std::chrono::milliseconds kPatience(100);

Completion completion_of(const AnswerPart& part) {
  Completion completion{.text = part.text,
                        .num_tokens = part.num_tokens,
                        .finish_reason = part.finish_reason,
                        .error = part.error};
  completion.log_probability = part.log_probability;
  return completion;
}

}  // namespace

Generate make_live_generate(LiveModel& model, const Tokenizer& tokenizer,
                            const std::function<bool()>& is_wanted) {
  return [&model, &tokenizer, &is_wanted](const std::vector<Request>& requests,
                                          const Sampling& sampling) {
    const auto answer = std::make_shared<Answer>(
        tokenizer, AnswerOptions{.stops = sampling.stop, .ignore_eos = sampling.ignore_eos},
        requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      model.submit({.prompt = tokenizer.encode_pieces(requests[i].prompt, requests[i].borders),
                    .sampling = sampling,
                    .seeds = {requests[i].seed}},
                   Answer::listener(answer, i));
    }
    while (!answer->wait_until_done(kPatience)) {
      if (is_wanted()) continue;
      answer->fail("nobody waits for it any more");
      model.drop_unwanted();
    }
    std::vector<Completion> completions;
    for (const AnswerPart& part : answer->take_parts({}, {}))
      completions.push_back(completion_of(part));
    return completions;
  };
}

}  // namespace tripost
