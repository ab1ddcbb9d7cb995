#include "text/post_processor.h"

#include "base/error.h"
#include "text/quote.h"

namespace tripost {
namespace {

constexpr const char* kSupported = "null, ByteLevel, TemplateProcessing and a Sequence of them";

std::vector<TokenId> ids_of_special(const TokenizerJson& config, const std::string& name,
                                    const std::string& where) {
  const auto specials = config.find("special_tokens");
  if (specials == config.end() || !specials->is_object() || !specials->contains(name)) {
    fail("{}: the template's {} is missing from special_tokens", where, quote(name));
  }
  std::vector<TokenId> ids;
  for (const TokenizerJson& id : list_of(specials->at(name), "ids", where))
    ids.push_back(id_of(id, name, where));
  return ids;
}

// Puts the template for a single text around what earlier processors added.
void add_template(const TokenizerJson& config, const std::string& where, PostProcessor& processor) {
  std::vector<TokenId> before;
  std::vector<TokenId> after;
  int sequences = 0;
  for (const TokenizerJson& part : list_of(config, "single", where)) {
    if (part.is_object() && part.contains("Sequence")) {
      ++sequences;
    } else if (part.is_object() && part.contains("SpecialToken")) {
      const std::string name = text_of(part["SpecialToken"], "id", "", where);
      auto& side = sequences == 0 ? before : after;
      for (const TokenId id : ids_of_special(config, name, where)) side.push_back(id);
    } else {
      fail("{}: a template holds SpecialToken and Sequence, found {}", where,
           quote(part.dump(-1, ' ', true)));
    }
  }
  if (sequences != 1)
    fail("{}: the template \"single\" should hold Sequence once, found {}", where, sequences);
  processor.before.insert(processor.before.begin(), before.begin(), before.end());
  processor.after.insert(processor.after.end(), after.begin(), after.end());
}

void add(const TokenizerJson& config, const std::string& where, PostProcessor& processor) {
  const std::string type = type_of(config, where);
  if (type == "Sequence") {
    for (const TokenizerJson& part : list_of(config, "processors", where))
      add(part, where, processor);
  } else if (type == "TemplateProcessing") {
    add_template(config, where, processor);
  } else if (type != "ByteLevel") {
    fail_unsupported(where, type, kSupported);
  }
}

}  // namespace

PostProcessor read_post_processor(const TokenizerJson& config, const std::string& where) {
  PostProcessor processor;
  if (!config.is_null()) add(config, where, processor);
  return processor;
}

}  // namespace tripost
