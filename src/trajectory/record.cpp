#include "trajectory/record.h"

#include <algorithm>
#include <cmath>

#include "trajectory/fields.h"

namespace tripost {
namespace {

constexpr fields::Names<RecordKind, 5> kKinds{{{RecordKind::kImprovement, "improvement"},
                                               {RecordKind::kNonImprovement, "non_improvement"},
                                               {RecordKind::kCorrected, "corrected"},
                                               {RecordKind::kGold, "gold"},
                                               {RecordKind::kOther, "other"}}};

std::size_t offset_field(const Json& object, const std::string& key, const std::string& where) {
  const int64_t value = integer_field(object, key, where);
  if (value < 0) fail("{}: the section's \"{}\" is {}; byte offsets start at 0", where, key, value);
  return static_cast<std::size_t>(value);
}

// A byte that continues a UTF-8 character: no section can begin with one.
bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

void check_section(const WeightedSection& section, std::size_t expected_begin,
                   const std::string& text, const std::string& where) {
  if (section.begin != expected_begin || section.end < section.begin || section.end > text.size()) {
    fail(
        "{}: section [{}, {}) should begin at byte {} and end by byte {}: sections are byte "
        "offsets that cover the text "
        "without holes",
        where, section.begin, section.end, expected_begin, text.size());
  }
  if (section.end < text.size() && continues_character(text[section.end])) {
    fail(
        "{}: section [{}, {}) ends inside a UTF-8 character; offsets count bytes, and should stand "
        "between characters",
        where, section.begin, section.end);
  }
  if (!std::isfinite(section.weight) || section.weight < 0) {
    fail("{}: the weight of section [{}, {}) is {}; it should be 0 or more", where, section.begin,
         section.end, section.weight);
  }
}

std::vector<WeightedSection> read_sections(const Json& value, const std::string& text,
                                           const std::string& where) {
  if (!value.is_array())
    fail("{}: \"sections\" should be an array, found {}", where, value.type_name());
  std::vector<WeightedSection> sections;
  std::size_t begin = 0;
  for (const Json& item : value) {
    WeightedSection section;
    section.begin = offset_field(item, "begin", where);
    section.end = offset_field(item, "end", where);
    section.weight = static_cast<float>(number_field(item, "weight", where));
    if (item.contains("author")) section.author = string_field(item, "author", where);
    check_section(section, begin, text, where);
    begin = section.end;
    sections.push_back(std::move(section));
  }
  if (begin != text.size()) {
    fail("{}: the sections end at byte {} of {}; they should cover the whole text", where, begin,
         text.size());
  }
  return sections;
}

// Where the prompt renderer cuts a document (text/prompt.h): after the lead-in's line, before and
// after "\nFeedback:". An answer-only record has nothing after the lead-in's line; it is cut after
// its "\nAnswer:", where generation starts.
std::vector<std::size_t> renderer_borders(const std::string& text) {
  static const std::string kAnswer = "\nAnswer:", kFeedback = "\nFeedback:",
                           kUpdate = "\nUpdated Answer:";
  std::vector<std::size_t> borders;
  const auto answer = text.find(kAnswer);
  if (answer == std::string::npos) return borders;
  const auto lead_in_end = text.find('\n', answer + 1);
  if (lead_in_end == std::string::npos) return {answer + kAnswer.size()};
  borders.push_back(lead_in_end);
  for (auto at = text.find(kFeedback, lead_in_end); at != std::string::npos;
       at = text.find(kFeedback, at + 1)) {
    borders.push_back(at);
    borders.push_back(at + kFeedback.size());
  }
  for (auto at = text.find(kUpdate, lead_in_end); at != std::string::npos;
       at = text.find(kUpdate, at + 1)) {
    borders.push_back(at);
    borders.push_back(text.find('\n', at + 1));
  }
  return borders;
}

Record read_reference_record(const Json& value, const std::string& where, float marker_weight) {
  Record record;
  record.text = string_field(value, "text", where);
  const std::string marker = string_field(value, "text_att_start_text", where);
  const auto start = record.text.find(marker);
  if (marker.empty() || start == std::string::npos) {
    fail(
        "{}: text_att_start_text is {}, which does not occur in the text; it should be a piece of "
        "it, such as \"\\nAnswer:\"",
        where, to_line(Json(marker)));
  }
  const float weight = marker.find("Feedback") == std::string::npos ? 1.0f : marker_weight;

  std::vector<std::size_t> borders = renderer_borders(record.text);
  borders.insert(borders.end(), {start, record.text.size()});
  std::sort(borders.begin(), borders.end());
  std::size_t begin = 0;
  for (const std::size_t end : borders) {
    if (end <= begin || end > record.text.size())
      continue;  // equal borders; npos of an update that has no next line
    record.sections.push_back({begin, end, begin >= start ? weight : 1.0f, ""});
    begin = end;
  }
  return record;
}

}  // namespace

const char* name_of(RecordKind kind) { return fields::name_in(kKinds, kind); }

Json to_json(const Record& record) {
  Json sections = Json::array();
  for (const WeightedSection& section : record.sections) {
    sections.push_back(
        {{"begin", section.begin}, {"end", section.end}, {"weight", section.weight}});
    if (!section.author.empty()) sections.back()["author"] = section.author;
  }
  return {{"text", record.text},
          {"sections", std::move(sections)},
          {"kind", name_of(record.kind)},
          {"problem_id", record.problem_id},
          {"ends", record.ends}};
}

Record record_from_json(const Json& value, const std::string& where, float marker_weight) {
  if (!value.contains("sections")) {
    if (value.contains("text_att_start_text"))
      return read_reference_record(value, where, marker_weight);
    fail(
        "{}: neither \"sections\" nor \"text_att_start_text\" is there; a training record needs "
        "one, for example "
        "\"sections\": [{{\"begin\": 0, \"end\": <bytes of text>, \"weight\": 1}}]",
        where);
  }
  Record record;
  record.text = string_field(value, "text", where);
  record.sections = read_sections(value["sections"], record.text, where);
  if (value.contains("kind")) record.kind = fields::value_in(kKinds, value, "kind", where);
  if (value.contains("problem_id")) record.problem_id = string_field(value, "problem_id", where);
  if (value.contains("ends")) record.ends = fields::flag(value, "ends", where);
  return record;
}

}  // namespace tripost
