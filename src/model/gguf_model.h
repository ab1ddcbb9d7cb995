// A model in a GGUF file: llama.cpp's names, keys and row order, in Hugging Face's terms and back.
//
// Everything in the file that changes numbers is used or an Error names it: the architecture, every
// key of the architecture, every tensor.
#pragma once

#include <filesystem>
#include <memory>

#include "model/gguf.h"
#include "model/gguf_tokenizer.h"
#include "model/transformer.h"

namespace tripost {

// The file's metadata as a config.json. Of the tensors only names and shapes are looked at.
ModelConfig config_from_gguf(const GgufFile& file);

std::unique_ptr<Transformer> load_gguf_model(const std::filesystem::path& path, at::Device device,
                                             at::ScalarType dtype, bool training = false);

// Writes master weights when training. Matrices in `type` (rows that are no whole blocks of Q8_0:
// in F16), vectors in F32, as llama.cpp's own converter does. The tokenizer comes from
// `companions`. An Error when llama.cpp could not compute the same numbers from such a file.
void save_gguf_model(Transformer& model, const std::filesystem::path& path,
                     const Companions& companions, GgufType type);

}  // namespace tripost
