// Saving a folder of model files whole or not at all.
#pragma once

#include <filesystem>
#include <functional>

namespace tripost {

// `write` fills an empty folder beside `folder`, which then takes that name; what stood there
// before is replaced when it is a model or an adapter, else an Error says so. What `write` throws
// leaves `folder` as it was.
void replace_model_folder(const std::filesystem::path& folder,
                          const std::function<void(const std::filesystem::path&)>& write);

}  // namespace tripost
