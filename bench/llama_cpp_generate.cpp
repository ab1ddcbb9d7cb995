// Greedy generation of many sequences at once by llama.cpp's library, for the comparison with ours.
//
//   llama_cpp_generate MODEL.gguf NEW_TOKENS BATCH THREADS < token ids, a prompt a line
//
// Prompts go through in batches of BATCH sequences: the prompts of a batch together, then a token
// of each at a time. Writes the ids of each sequence on a line, and last the seconds spent in
// llama_decode; choosing the likeliest token is not counted. Built by bench/llama_cpp.sh.
#include <llama.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Ids = std::vector<llama_token>;

std::vector<Ids> read_prompts() {
  std::vector<Ids> prompts;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    prompts.emplace_back();
    for (llama_token id; words >> id;) prompts.back().push_back(id);
  }
  return prompts;
}

struct Run {
  llama_context* context;
  llama_batch batch;
  int vocabulary;
  double seconds = 0;

  void add(llama_token id, int position, int sequence, bool wants_logits) {
    const int i = batch.n_tokens++;
    batch.token[i] = id;
    batch.pos[i] = position;
    batch.n_seq_id[i] = 1;
    batch.seq_id[i][0] = sequence;
    batch.logits[i] = wants_logits;
  }

  void decode() {
    const auto start = std::chrono::steady_clock::now();
    if (llama_decode(context, batch) != 0) {
      std::fprintf(stderr, "llama_decode failed\n");
      std::exit(1);
    }
    llama_synchronize(context);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  llama_token likeliest(int row) const {
    const float* logits = llama_get_logits_ith(context, row);
    return static_cast<llama_token>(std::max_element(logits, logits + vocabulary) - logits);
  }

  std::vector<Ids> generate(const std::vector<Ids>& prompts, int new_tokens) {
    llama_memory_clear(llama_get_memory(context), true);
    std::vector<Ids> made(prompts.size());
    const auto most = static_cast<int>(llama_n_batch(context));
    // As many whole prompts in a batch as fit.
    for (std::size_t next = 0; next < prompts.size();) {
      batch.n_tokens = 0;
      std::vector<std::pair<std::size_t, int>> ends;
      for (;
           next < prompts.size() && batch.n_tokens + static_cast<int>(prompts[next].size()) <= most;
           ++next) {
        for (std::size_t t = 0; t < prompts[next].size(); ++t) {
          add(prompts[next][t], static_cast<int>(t), static_cast<int>(next),
              t + 1 == prompts[next].size());
        }
        ends.emplace_back(next, batch.n_tokens - 1);
      }
      decode();
      for (const auto& [sequence, row] : ends) made[sequence].push_back(likeliest(row));
    }
    for (int t = 1; t < new_tokens; ++t) {
      batch.n_tokens = 0;
      for (std::size_t s = 0; s < prompts.size(); ++s) {
        add(made[s].back(), static_cast<int>(prompts[s].size()) + t - 1, static_cast<int>(s), true);
      }
      decode();
      for (std::size_t s = 0; s < prompts.size(); ++s)
        made[s].push_back(likeliest(static_cast<int>(s)));
    }
    return made;
  }
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) return 2;
  const int new_tokens = std::atoi(arguments[2]), size = std::atoi(arguments[3]);
  const std::vector<Ids> prompts = read_prompts();
  std::size_t longest = 0;
  for (const Ids& prompt : prompts) longest = std::max(longest, prompt.size());
  llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  llama_backend_init();
  llama_model* model = llama_model_load_from_file(arguments[1], llama_model_default_params());
  if (model == nullptr) return 1;
  llama_context_params options = llama_context_default_params();
  options.n_seq_max = size;
  options.n_ctx = size * ((longest + new_tokens + 255) / 256 * 256);
  options.n_batch = 2048;
  options.n_ubatch = 512;
  options.n_threads = options.n_threads_batch = std::atoi(arguments[4]);
  options.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
  llama_context* context = llama_init_from_model(model, options);
  if (context == nullptr) return 1;
  Run run{context, llama_batch_init(2048, 0, 1),
          llama_vocab_n_tokens(llama_model_get_vocab(model))};
  for (std::size_t first = 0; first < prompts.size(); first += size) {
    const auto end = std::min(prompts.size(), first + size);
    for (const Ids& ids :
         run.generate({prompts.begin() + first, prompts.begin() + end}, new_tokens)) {
      for (const llama_token id : ids) std::printf("%d ", id);
      std::printf("\n");
    }
  }
  std::printf("%.6f\n", run.seconds);
}
