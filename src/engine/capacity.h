// What an engine can hold: how many tokens of cache, how many workers, which requests.
#pragma once

#include <cstdint>
#include <string>

#include "engine/engine.h"
#include "model/decoder.h"
#include "model/transformer.h"

namespace tripost {

// The tokens that `request` may occupy in the cache: what it is given and may write, within the
// model's positions.
int64_t longest_course(const TokenRequest& request, const ModelConfig& config);

// Tokens of cache of all sequences together: as the options say, or what memory allows now, where
// the cache has `held` tokens already. To be read once for each engine or call: free memory
// changes.
int64_t cached_tokens_limit(const Transformer& model, const EngineOptions& options,
                            int64_t held = 0);

// Batches to decode side by side when so many sequences of up to `longest` tokens may run: no more
// than `limit` tokens of cache hold one such sequence for each of.
int64_t workers_for(Transformer& model, const EngineOptions& options, int64_t limit,
                    int64_t sequences, int64_t longest);

// Of each of `workers` that together run `batch` sequences of up to `longest` tokens in a cache of
// `limit`.
DecoderOptions decoder_options(const Transformer& model, const EngineOptions& options,
                               int64_t limit, int64_t longest, int64_t batch, int64_t workers);

// Why a request can never run in so much cache, or nothing.
std::string reason_to_refuse(const TokenRequest& request, const ModelConfig& config,
                             int64_t cached_tokens);

}  // namespace tripost
