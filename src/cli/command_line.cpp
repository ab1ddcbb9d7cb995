#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>

#include "base/error.h"
#include "run/config.h"

namespace tripost {
namespace {

const std::map<std::string, std::string> kGroups = {
    {"collect", "data collectors: rationales, attempts, demonstrations"},
    {"tokenizer", "make a tokenizer"},
};

std::string type_name(const Option& option) {
  if (!option.words().empty()) return fmt::format("{}", fmt::join(option.words(), "|"));
  const Json& value = option.default_value();
  if (value.is_number()) return "NUMBER";
  return "TEXT";
}

std::string shown_default(const Option& option) {
  const Json& value = option.default_value();
  if (value.is_array() || (value.is_string() && value.get<std::string>().empty())) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void declare(CLI::App& app, Option& option) {
  const std::string shown = option.is_positional() ? option.name() : "--" + option.name();
  const std::string help = option.is_required() ? option.help() + " (required)" : option.help();
  if (option.is_flag()) {
    // --no-name turns off what is on by default or in a config file.
    app.add_flag_function(
        shown + ",!--no-" + option.name(),
        [&option, shown](int64_t count) { option.set(count > 0, shown); },
        option.default_value().get<bool>() ? help + " (on by default)" : help);
    return;
  }
  CLI::Option* declared =
      option.is_list()
          ? app.add_option_function<std::vector<std::string>>(
                shown,
                [&option, shown](const std::vector<std::string>& values) {
                  for (const std::string& value : values) option.set_from_text(value, shown);
                },
                help)
          : app.add_option_function<std::string>(
                shown,
                [&option, shown](const std::string& value) { option.set_from_text(value, shown); },
                help);
  declared->allow_extra_args(false)->type_name(type_name(option));
  if (const std::string text = shown_default(option); !text.empty()) declared->default_str(text);
}

// The CLI11 subcommand of each command, made in the order of the list; groups are made on first
// use.
class Tree {
 public:
  explicit Tree(Commands& commands) {
    app_.name("tripost");
    app_.set_version_flag("--version", std::string("tripost " TRIPOST_VERSION));
    app_.footer(
        "tripost COMMAND --help tells more. Any option can stand in a file given with --config.");
    for (Command& command : commands.all()) add(command);
  }

  CLI::App& app() { return app_; }
  const std::filesystem::path& config() const { return config_; }

  // The command whose words the arguments start with; a UsageError naming the nearest one
  // otherwise.
  Command* find(const std::vector<std::string>& arguments) const {
    if (arguments.empty() || arguments[0].starts_with("-")) return nullptr;
    std::string name = arguments[0];
    if (kGroups.contains(name)) {
      if (arguments.size() < 2 || arguments[1].starts_with("-")) return nullptr;
      name += " " + arguments[1];
    }
    const auto found = by_name_.find(name);
    if (found != by_name_.end()) return found->second.command;
    std::vector<std::string> names;
    for (const auto& [known, entry] : by_name_) names.push_back(known);
    const std::string nearest = nearest_name(name, names);
    fail_usage("unknown command \"{}\"{}", name,
               nearest.empty() ? "; tripost --help lists them"
                               : fmt::format("; did you mean \"{}\"?", nearest));
  }

  // Arguments that no option took.
  std::vector<std::string> left_over(const Command& command) const {
    return by_name_.at(command.name).app->remaining();
  }

 private:
  struct Entry {
    Command* command;
    CLI::App* app;
  };

  void add(Command& command) {
    CLI::App* parent = &app_;
    std::string last = command.name;
    if (const auto space = command.name.find(' '); space != std::string::npos) {
      const std::string group = command.name.substr(0, space);
      last = command.name.substr(space + 1);
      CLI::App*& known = groups_[group];
      if (known == nullptr)
        known = app_.add_subcommand(group, kGroups.at(group))->require_subcommand(1);
      parent = known;
    }
    CLI::App* sub = parent->add_subcommand(last, command.summary);
    sub->allow_extras();
    if (!command.example.empty()) sub->footer("Example:\n  " + command.example);
    for (Option& option : command.options.all()) declare(*sub, option);
    sub->add_option("--config", config_, "TOML file with values for any of these options")
        ->type_name("FILE");
    by_name_[command.name] = {&command, sub};
  }

  CLI::App app_{"Teaches a small language model to correct itself (TriPosT)."};
  std::filesystem::path config_;
  std::map<std::string, Entry> by_name_;
  std::map<std::string, CLI::App*> groups_;
};

void refuse_left_over(const Command& command, const std::vector<std::string>& left_over) {
  if (left_over.empty()) return;
  const std::string& first = left_over.front();
  if (!first.starts_with("--")) fail_usage("{} takes no argument \"{}\"", command.name, first);
  const std::string name = first.substr(2, first.find('=') - 2);
  std::vector<std::string> names = command.options.names();
  names.push_back("config");
  const std::string nearest = nearest_name(name, names);
  fail_usage("{} has no option \"--{}\"{}", command.name, name,
             nearest.empty() ? fmt::format("; tripost {} --help lists them", command.name)
                             : fmt::format("; did you mean \"--{}\"?", nearest));
}

}  // namespace

Parsed parse_command_line(const std::vector<std::string>& arguments, Commands& commands) {
  Tree tree(commands);
  Command* command = tree.find(arguments);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // what CLI11 wants
  try {
    tree.app().parse(reversed);
  } catch (const CLI::CallForVersion& version) {
    return {.text = std::string(version.what()) + "\n"};
  } catch (const CLI::Success&) {
    return {.text = tree.app().help()};
  } catch (const CLI::ParseError& error) {
    fail_usage("{}", error.what());
  }
  if (command == nullptr) return {.text = tree.app().help()};
  refuse_left_over(*command, tree.left_over(*command));
  if (!tree.config().empty()) read_config(tree.config(), command->options);
  command->options.check_required();
  return {.command = command};
}

}  // namespace tripost
