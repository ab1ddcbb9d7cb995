// The settings of a command, each declared once: name, where the value lives, one sentence.
//
//   options.add("learning-rate", &config.learning_rate, "peak learning rate").between(0, 1);
//
// From that one line come the command-line option, --help, the TOML key, type and range checks, the
// resolved config and the comparison on resume. Names are lower-case words joined by '-'; '_' is
// accepted for '-' when reading. The value's default is what the variable holds when it is
// declared. Does not parse command lines (cli) or files (run/config.h).
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"

namespace tripost {

class Option {
 public:
  using Target = std::variant<bool*, int*, int64_t*, uint64_t*, double*, std::string*,
                              std::filesystem::path*, std::vector<std::string>*>;

  Option(std::string name, Target target, std::string help);

  // The value must be given, by command line or config.
  Option& required();
  // The value is one of these words.
  Option& choices(std::vector<std::string> words);
  // A number's bounds, both included.
  Option& between(double low, double high);
  // A resumed run may have another value: it does not change results (threads, device, folders).
  Option& may_change();
  // On the command line it stands by its place, without a name.
  Option& positional();

  const std::string& name() const { return name_; }
  const std::string& help() const { return help_; }
  const std::vector<std::string>& words() const { return words_; }
  bool is_required() const { return required_; }
  bool is_positional() const { return positional_; }
  bool changes_results() const { return !may_change_; }
  bool is_flag() const { return std::holds_alternative<bool*>(target_); }
  bool is_list() const { return std::holds_alternative<std::vector<std::string>*>(target_); }
  bool is_given() const { return given_; }

  Json value() const;
  const Json& default_value() const { return default_; }

  // Takes a typed value. A UsageError opening with `where` ("run.toml:3: learning-rate") says what
  // was expected.
  void set(const Json& value, const std::string& where);
  // The same from command-line text.
  void set_from_text(const std::string& text, const std::string& where);

 private:
  void check_limits(const Json& value, const std::string& where) const;
  std::string expected() const;

  std::string name_;
  Target target_;
  std::string help_;
  Json default_;
  std::vector<std::string> words_;
  double low_ = 0;
  double high_ = 0;
  bool bounded_ = false;
  bool required_ = false;
  bool may_change_ = false;
  bool positional_ = false;
  bool given_ = false;
};

class Options {
 public:
  // The returned reference stays valid while the registry lives.
  Option& add(const std::string& name, Option::Target target, const std::string& help);

  // nullptr when there is none.
  Option* find(const std::string& name);
  std::vector<std::string> names() const;

  std::deque<Option>& all() { return options_; }
  const std::deque<Option>& all() const { return options_; }

  // A UsageError that names the first required option without a value.
  void check_required() const;

 private:
  std::deque<Option> options_;  // a deque keeps references valid while it grows
};

}  // namespace tripost
