// Which examples make up an optimisation step, and how a step is split into micro-batches. Pure
// functions of lengths and a seed: nothing here is state, so a resumed run finds its place by the
// step number alone.
//
// Examples are never cut and never padded: packed attention (kernels/operations.h) keeps those of
// one micro-batch apart.
#pragma once

#include <cstdint>
#include <vector>

namespace tripost {

using Indices = std::vector<int64_t>;

// The steps of one epoch over examples of `lengths` tokens, as positions in `lengths`: each example
// exactly once, in a seeded order. Steps hold nearly equal numbers of tokens; there are
// round(tokens / batch_tokens) of them, at least one and at most one per example, whatever the
// seed.
std::vector<Indices> epoch_steps(const std::vector<int64_t>& lengths, int64_t batch_tokens,
                                 uint64_t seed);

// Number of steps epoch_steps returns, for any seed. 0 without examples.
int64_t steps_per_epoch(const std::vector<int64_t>& lengths, int64_t batch_tokens);

// Splits a step (positions in `lengths`) into micro-batches of at most `limit` tokens; a longer
// example gets one of its own. The number of micro-batches is a multiple of `streams` where the
// step has examples enough, and their sizes are nearly equal, so that `streams` workers finish
// together.
std::vector<Indices> micro_batches(const Indices& step, const std::vector<int64_t>& lengths,
                                   int64_t limit, int64_t streams);

}  // namespace tripost
