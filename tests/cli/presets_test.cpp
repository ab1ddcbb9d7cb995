// Every TOML file in configs/ is one that its command takes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "run/config.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

const fs::path kRoot = TRIPOST_SOURCE_DIR;

std::vector<fs::path> presets() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "configs")) {
    if (entry.path().extension() == ".toml") found.push_back(entry.path());
  }
  return found;
}

// The command that the opening comment starts the preset with; empty when it names none.
std::string command_of(const fs::path& preset) {
  const std::string call = " --config " + preset.lexically_relative(kRoot).string() + " ";
  std::istringstream in(read_file(preset));
  for (std::string line; std::getline(in, line) && line.starts_with('#');) {
    const auto end = (line + " ").find(call);
    const auto begin = line.rfind("tripost ", end);
    if (end != std::string::npos && begin != std::string::npos)
      return line.substr(begin + 8, end - begin - 8);
  }
  return "";
}

void read_preset(const fs::path& file, const std::string& command) {
  Commands commands;
  register_commands(commands);
  for (Command& candidate : commands.all()) {
    if (candidate.name == command) return read_config(file, candidate.options);
  }
  fail("there is no command \"{}\"", command);
}

TEST(Presets, EachNamesItsCommandWhichKnowsAllItsSettings) {
  EXPECT_GE(presets().size(), 8u);
  for (const fs::path& preset : presets())
    EXPECT_NO_THROW(read_preset(preset, command_of(preset))) << preset;
}

TEST(Presets, AMisspeltSettingIsRefused) {
  const TemporaryFolder folder;
  for (const fs::path& preset : presets()) {
    std::string text = read_file(preset);
    const auto at = text.find("\ntemperature = ");
    ASSERT_NE(at, std::string::npos) << preset;
    write_file_atomically(folder.path() / "misspelt.toml", text.replace(at, 12, "\ntemperatur"));
    EXPECT_THAT(
        [&] { read_preset(folder.path() / "misspelt.toml", command_of(preset)); },
        testing::ThrowsMessage<UsageError>(testing::HasSubstr("did you mean \"temperature\"?")))
        << preset;
  }
}

TEST(Presets, ThoseOfTheExampleOfATaskAreKnownToo) {
  EXPECT_NO_THROW(read_preset(kRoot / "examples" / "list_sum" / "improve.toml", "improve"));
}

TEST(Presets, ThoseOfThePaperServeTheComparisonToo) {
  for (const char* name : {"llama-7b.toml", "llama-2-7b.toml"})
    EXPECT_NO_THROW(read_preset(kRoot / "configs" / "paper" / name, "compare")) << name;
}

}  // namespace
}  // namespace tripost
