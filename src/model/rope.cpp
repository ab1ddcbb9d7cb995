#include "model/rope.h"

#include <ATen/ops/empty.h>

#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "base/error.h"
#include "kernels/parallel.h"
#include "model/json_fields.h"

namespace tripost {
namespace {

constexpr int64_t kMaxOriginalPositions = int64_t{1} << 30;

struct KindName {
  RopeScaling::Kind kind;
  const char* name;
};
constexpr std::array<KindName, 3> kKinds = {{{RopeScaling::Kind::kNone, "default"},
                                             {RopeScaling::Kind::kLinear, "linear"},
                                             {RopeScaling::Kind::kLlama3, "llama3"}}};

const char* name_of(RopeScaling::Kind kind) { return kKinds[static_cast<std::size_t>(kind)].name; }

RopeScaling::Kind kind_of(const Json& rope, const std::string& where) {
  const Json* type = present(rope, "rope_type");
  if (!type) type = present(rope, "type");
  if (!type) return RopeScaling::Kind::kNone;
  for (const auto& [kind, name] : kKinds) {
    if (*type == name) return kind;
  }
  fail("{}: \"rope_type\" is {}; supported: \"default\", \"linear\", \"llama3\"", where,
       type->dump().substr(0, 80));
}

// Every field must be one that the kind of scaling knows; a field more could mean other numbers.
void check_fields(const Json& rope, RopeScaling::Kind kind, const std::string& where) {
  for (const auto& [name, value] : rope.items()) {
    const bool llama3 = kind == RopeScaling::Kind::kLlama3;
    if (name == "rope_theta" || name == "rope_type" || name == "type" || value.is_null()) continue;
    if (name == "partial_rotary_factor" && value == 1.0) continue;
    if (name == "factor" && kind != RopeScaling::Kind::kNone) continue;
    if (llama3 && (name == "low_freq_factor" || name == "high_freq_factor" ||
                   name == "original_max_position_embeddings")) {
      continue;
    }
    fail("{}: it holds \"{}\": {}, which is not supported for rope_type \"{}\"", where, name,
         value.dump().substr(0, 80), name_of(kind));
  }
}

RopeScaling scaling_from_json(const Json& rope, int64_t positions, const std::string& where) {
  RopeScaling scaling{kind_of(rope, where)};
  check_fields(rope, scaling.kind, where);
  if (scaling.kind == RopeScaling::Kind::kNone) return scaling;
  scaling.factor = positive_field(rope, "factor", where);
  if (scaling.kind == RopeScaling::Kind::kLinear) return scaling;
  scaling.low_frequency_factor = positive_field(rope, "low_freq_factor", where);
  scaling.high_frequency_factor = positive_field(rope, "high_freq_factor", where);
  scaling.original_positions = size_field_or(rope, "original_max_position_embeddings", positions,
                                             kMaxOriginalPositions, where);
  if (scaling.high_frequency_factor <= scaling.low_frequency_factor) {
    fail("{}: \"high_freq_factor\" {} should be above \"low_freq_factor\" {}", where,
         scaling.high_frequency_factor, scaling.low_frequency_factor);
  }
  return scaling;
}

// transformers' _compute_llama3_parameters for one frequency.
float llama3_frequency(const RopeScaling& scaling, float frequency) {
  const auto original = static_cast<float>(scaling.original_positions);
  const auto factor = static_cast<float>(scaling.factor);
  const auto low = static_cast<float>(scaling.low_frequency_factor);
  const auto high = static_cast<float>(scaling.high_frequency_factor);
  const float wavelength = static_cast<float>(2 * std::numbers::pi) / frequency;
  if (wavelength > original / low) return frequency / factor;
  if (wavelength < original / high) return frequency;
  const float smooth = (original / wavelength - low) / (high - low);
  return (1 - smooth) * frequency / factor + smooth * frequency;
}

float scaled_frequency(const RopeScaling& scaling, float frequency) {
  switch (scaling.kind) {
    case RopeScaling::Kind::kLinear:
      return frequency / static_cast<float>(scaling.factor);
    case RopeScaling::Kind::kLlama3:
      return llama3_frequency(scaling, frequency);
    case RopeScaling::Kind::kNone:
      break;
  }
  return frequency;
}

}  // namespace

Rope rope_from_json(const Json& json, int64_t positions, const std::string& where) {
  Rope rope{positive_field_or(json, "rope_theta", 10000.0, where)};
  bool theta_is_told = present(json, "rope_theta") != nullptr;
  const char* spelling = nullptr;
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    const Json* part = present(json, key);
    if (!part) continue;
    const std::string place = where + ": \"" + key + "\"";
    if (!part->is_object())
      fail("{} should be an object or null, found {}", place, part->type_name());
    const double theta = positive_field_or(*part, "rope_theta", rope.theta, place);
    if (theta_is_told && theta != rope.theta) {
      fail("{}: \"rope_theta\" is {} but \"{}\" says {}; keep one", where, rope.theta, key, theta);
    }
    rope.theta = theta;
    theta_is_told = theta_is_told || present(*part, "rope_theta");
    const RopeScaling scaling = scaling_from_json(*part, positions, place);
    if (spelling && scaling != rope.scaling) {
      fail("{}: \"{}\" and \"{}\" differ; keep one", where, spelling, key);
    }
    rope.scaling = scaling;
    spelling = key;
  }
  return rope;
}

void write_rope(const Rope& rope, Json& json) {
  const RopeScaling& scaling = rope.scaling;
  Json fields = {{"rope_type", name_of(scaling.kind)}};
  if (scaling.kind != RopeScaling::Kind::kNone) fields["factor"] = scaling.factor;
  if (scaling.kind == RopeScaling::Kind::kLlama3) {
    fields["low_freq_factor"] = scaling.low_frequency_factor;
    fields["high_freq_factor"] = scaling.high_frequency_factor;
    fields["original_max_position_embeddings"] = scaling.original_positions;
  }
  json.erase("rope_scaling");
  // transformers 5 reads rope_parameters, everything older the two others.
  if (scaling.kind != RopeScaling::Kind::kNone) json["rope_scaling"] = fields;
  fields["rope_theta"] = json["rope_theta"] = rope.theta;
  json["rope_parameters"] = std::move(fields);
}

std::pair<at::Tensor, at::Tensor> rope_tables(const Rope& rope, int64_t head_dim,
                                              int64_t positions) {
  const int64_t half = head_dim / 2;
  at::Tensor cos = at::empty({positions, half}, at::kFloat);
  at::Tensor sin = at::empty({positions, half}, at::kFloat);
  float* cos_data = cos.mutable_data_ptr<float>();
  float* sin_data = sin.mutable_data_ptr<float>();
  std::vector<float> frequency(static_cast<std::size_t>(half));
  for (int64_t i = 0; i < half; ++i) {
    const float exponent = static_cast<float>(2 * i) / static_cast<float>(head_dim);
    frequency[i] =
        scaled_frequency(rope.scaling, 1.0f / std::pow(static_cast<float>(rope.theta), exponent));
  }
  kernels::parallel_for(positions, 64, [&](int64_t begin, int64_t end) {
    for (int64_t position = begin; position < end; ++position) {
      for (int64_t i = 0; i < half; ++i) {
        const float angle = static_cast<float>(position) * frequency[i];
        cos_data[position * half + i] = std::cos(angle);
        sin_data[position * half + i] = std::sin(angle);
      }
    }
  });
  return {cos, sin};
}

}  // namespace tripost
