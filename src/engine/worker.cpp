#include "engine/worker.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

#include "base/progress.h"
#include "engine/capacity.h"
#include "kernels/parallel.h"

namespace tripost {

Worker::Worker(Transformer& model, const DecoderOptions& options, const Resources& resources,
               Job& job)
    : model_(model),
      options_(options),
      job_(job),
      decoder_(model, options, resources.weights, resources.pages),
      sequences_(options.num_slots),
      samplers_(at::get_num_threads(), Sampler(model.config().vocab_size)) {
  for (int64_t slot = options.num_slots - 1; slot >= 0; --slot)
    free_slots_.push_back(static_cast<int32_t>(slot));
}

void Worker::run() {
  const auto start = std::chrono::steady_clock::now();
  while (!job_.cancelled.load(std::memory_order_relaxed)) {
    if (job_.heeds_interrupt) check_interrupt();
    drop_unwanted();
    admit();
    if (free_slots_.size() == sequences_.size()) {
      if (!job_.queue.wait()) break;
      continue;
    }
    plan();
    sample(decoder_.forward(step_));
    for (std::size_t i = 0; i < drawing_.size(); ++i) commit(drawing_[i], draws_[i]);
    ++statistics_.steps;
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  statistics_.matrix_product_seconds = decoder_.times().matrix_products;
  statistics_.attention_seconds = decoder_.times().attention;
  statistics_.rest_seconds = seconds - statistics_.matrix_product_seconds -
                             statistics_.attention_seconds - statistics_.sampling_seconds;
}

void Worker::drop_unwanted() {
  const auto slots = static_cast<int32_t>(sequences_.size());
  const auto drop = [&](int32_t slot) {
    if (sequences_[slot].in_use && !sequences_[slot].work->is_wanted())
      finish(slot, FinishReason::kStop);
  };
  // Those that wait for another's prompt first: one that others still wait for reads on.
  for (int32_t slot = 0; slot < slots; ++slot) {
    if (sequences_[slot].sharer >= 0) drop(slot);
  }
  for (int32_t slot = 0; slot < slots; ++slot) {
    const bool is_waited_for =
        std::any_of(sequences_.begin(), sequences_.end(),
                    [&](const Sequence& other) { return other.sharer == slot; });
    if (!is_waited_for) drop(slot);
  }
}

void Worker::admit() {
  for (std::size_t most = room(); most > 0; most = room()) {
    const RequestQueue::Group group = job_.queue.take(most);
    if (group.empty()) return;
    int32_t first = -1;
    for (std::size_t i = 0; i < group.size(); ++i) {
      const int32_t slot = free_slots_.back();
      if (!open(slot, group[i], first)) {
        // Only requests that fit an empty cache are let in, so one that is running will make room.
        job_.queue.put_back({group.begin() + static_cast<std::ptrdiff_t>(i), group.end()});
        return;
      }
      free_slots_.pop_back();
      if (first < 0) first = slot;
    }
  }
}

// Sequences that may be admitted now.
std::size_t Worker::room() const {
  if (job_.sharing_workers == 0) return free_slots_.size();
  const auto mine = static_cast<int64_t>(sequences_.size() - free_slots_.size());
  const int64_t all = job_.running + static_cast<int64_t>(job_.queue.size());
  const int64_t share = (all + job_.sharing_workers - 1) / job_.sharing_workers;
  return std::min(free_slots_.size(), static_cast<std::size_t>(std::max<int64_t>(0, share - mine)));
}

bool Worker::open(int32_t slot, const std::shared_ptr<Work>& work, int32_t sharer) {
  const TokenRequest& source = work->request();
  const int64_t longest = longest_course(source, model_.config());
  if (!decoder_.cache().reserve(slot, longest)) return false;
  Sequence& sequence = sequences_[slot];
  sequence = {
      .work = work, .source = &source, .number = admitted_++, .sharer = sharer, .in_use = true};
  sequence.ids.reserve(static_cast<std::size_t>(longest) + 1);
  sequence.ids = source.prompt;
  if (sharer < 0) {
    // Not the last token: its logits are wanted.
    sequence.cached =
        decoder_.cache().reuse(slot, std::span(source.prompt).first(source.prompt.size() - 1));
    statistics_.reused_prompt_tokens += sequence.cached;
  }
  if (source.sampling.repetition_penalty != 1.0) {
    std::vector<int32_t>& seen = sequence.seen;
    seen = source.prompt;
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  }
  ++job_.running;
  return true;
}

void Worker::abandon(const std::string& error) {
  for (std::size_t slot = 0; slot < sequences_.size(); ++slot) {
    if (sequences_[slot].in_use) finish(static_cast<int32_t>(slot), FinishReason::kError, error);
  }
}

void Worker::plan() {
  step_.ids.clear();
  step_.sequences.clear();
  step_.logits_rows.clear();
  drawing_.clear();
  drawing_rows_.clear();
  // Sequences that decode always take part; prompts get what is left of the step.
  for (std::size_t slot = 0; slot < sequences_.size(); ++slot) {
    if (sequences_[slot].generated > 0) plan_sequence(static_cast<int32_t>(slot), 1);
  }
  plan_prompts();
  // Some row must want logits; a step of unfinished prompts alone takes those of its last row and
  // drops them.
  if (step_.logits_rows.empty())
    step_.logits_rows.push_back(static_cast<int64_t>(step_.ids.size()) - 1);
  share_prompts();
}

// In the order of their admission. That of the slots would let new prompts in low ones pass an old
// one in a high slot for as long as they come.
void Worker::plan_prompts() {
  prompts_.clear();
  for (std::size_t slot = 0; slot < sequences_.size(); ++slot) {
    const Sequence& sequence = sequences_[slot];
    if (sequence.in_use && sequence.generated == 0 && sequence.sharer < 0)
      prompts_.push_back(static_cast<int32_t>(slot));
  }
  std::sort(prompts_.begin(), prompts_.end(),
            [&](int32_t a, int32_t b) { return sequences_[a].number < sequences_[b].number; });
  int64_t room = options_.max_rows - static_cast<int64_t>(sequences_.size());
  for (const int32_t slot : prompts_) {
    if (room == 0) return;
    const Sequence& sequence = sequences_[slot];
    const int64_t left = static_cast<int64_t>(sequence.source->prompt.size()) - sequence.cached;
    const int64_t rows = std::min(left, room);
    plan_sequence(slot, rows);
    statistics_.prompt_tokens += rows;
    room -= rows;
  }
}

void Worker::plan_sequence(int32_t slot, int64_t rows) {
  Sequence& sequence = sequences_[slot];
  const auto first_row = static_cast<int32_t>(step_.ids.size());
  const auto& prompt = sequence.source->prompt;
  if (sequence.generated > 0) {
    step_.ids.push_back(sequence.next);
  } else {
    step_.ids.insert(step_.ids.end(), prompt.begin() + sequence.cached,
                     prompt.begin() + sequence.cached + rows);
  }
  sequence.cached += rows;
  step_.sequences.push_back(
      {slot, first_row, static_cast<int32_t>(rows), static_cast<int32_t>(sequence.cached)});
  if (sequence.cached < static_cast<int64_t>(prompt.size())) return;
  drawing_.push_back(slot);
  drawing_rows_.push_back(static_cast<int64_t>(step_.logits_rows.size()));
  step_.logits_rows.push_back(static_cast<int64_t>(step_.ids.size()) - 1);
}

// Sequences whose prompt a sharer finishes in this step draw from the sharer's logits.
void Worker::share_prompts() {
  for (std::size_t slot = 0; slot < sequences_.size(); ++slot) {
    Sequence& sequence = sequences_[slot];
    if (sequence.sharer < 0) continue;
    const auto place = std::find(drawing_.begin(), drawing_.end(), sequence.sharer);
    if (place == drawing_.end()) continue;
    drawing_rows_.push_back(drawing_rows_[place - drawing_.begin()]);
    drawing_.push_back(static_cast<int32_t>(slot));
  }
}

void Worker::sample(const at::Tensor& logits) {
  const auto start = std::chrono::steady_clock::now();
  // The cache holds the whole prompt now: followers get it before anything of this step can finish.
  for (const int32_t slot : drawing_) {
    Sequence& sequence = sequences_[slot];
    if (sequence.sharer < 0) continue;
    sequence.cached = static_cast<int64_t>(sequence.source->prompt.size());
    decoder_.cache().copy(sequence.sharer, slot, sequence.cached);
    statistics_.shared_prompt_tokens += sequence.cached;
    sequence.sharer = -1;
  }
  const at::Tensor rows = logits.device().is_cpu() ? logits : logits.cpu();
  const int64_t vocab = rows.size(1);
  const bool wide = rows.scalar_type() == at::kFloat;
  const void* data = rows.const_data_ptr();
  draws_.resize(drawing_.size());
  const auto draws = static_cast<int64_t>(drawing_.size()),
             parts = static_cast<int64_t>(samplers_.size());
  kernels::parallel_tasks(parts, [&](int64_t part) {
    Sampler& sampler = samplers_[part];
    for (int64_t i = draws * part / parts; i < draws * (part + 1) / parts; ++i) {
      const Sequence& sequence = sequences_[drawing_[i]];
      const int64_t offset = drawing_rows_[i] * vocab;
      const TokenRequest& source = *sequence.source;
      draws_[i] = wide ? sampler.sample(static_cast<const float*>(data) + offset, source.sampling,
                                        source.seed, sequence.cached, sequence.seen)
                       : sampler.sample_bfloat16(static_cast<const uint16_t*>(data) + offset,
                                                 source.sampling, source.seed, sequence.cached,
                                                 sequence.seen);
      if (source.num_likeliest > 0) draws_[i].likeliest = sampler.likeliest(source.num_likeliest);
    }
  });
  statistics_.sampling_seconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Worker::commit(int32_t slot, const Draw& draw) {
  Sequence& sequence = sequences_[slot];
  if (draw.id < 0) {
    finish(slot, FinishReason::kError,
           "the model's logits hold no finite distribution (NaN or infinity) at position " +
               std::to_string(sequence.cached) + ": its weights are broken");
    return;
  }
  ++statistics_.generated_tokens;
  ++sequence.generated;
  sequence.next = draw.id;
  sequence.ids.push_back(draw.id);
  const Sampling& sampling = sequence.source->sampling;
  if (sampling.repetition_penalty != 1.0 &&
      std::find(sequence.seen.begin(), sequence.seen.end(), draw.id) == sequence.seen.end())
    sequence.seen.push_back(draw.id);
  const auto& eos = model_.config().eos_token_ids;
  const auto& stops = sampling.stop_tokens;
  const bool is_end =
      (!sampling.ignore_eos && std::find(eos.begin(), eos.end(), draw.id) != eos.end()) ||
      std::find(stops.begin(), stops.end(), draw.id) != stops.end();
  if (!sequence.work->on_token(draw, is_end) || is_end) {
    finish(slot, FinishReason::kStop);
  } else if (sequence.generated == sampling.max_new_tokens ||
             sequence.cached + 1 >= model_.config().max_position_embeddings) {
    finish(slot, FinishReason::kLength);
  }
}

void Worker::finish(int32_t slot, FinishReason reason, const std::string& error) {
  Sequence& sequence = sequences_[slot];
  // After an error nobody knows what the cache holds.
  const int64_t sound = reason == FinishReason::kError ? 0 : sequence.cached;
  decoder_.cache().release(slot, std::span(sequence.ids).first(static_cast<std::size_t>(sound)));
  free_slots_.push_back(slot);
  const std::shared_ptr<Work> work = std::move(sequence.work);
  sequence = {};
  --job_.running;
  work->on_done(reason, error);
}

}  // namespace tripost
