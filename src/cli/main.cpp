// One executable: parse, dispatch, the only catch. Exit codes: 0 done, 1 failed, 2 wrong usage, 75
// interrupted with everything saved.
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/signals.h"
#include "cli/terminal.h"

namespace tripost {
namespace {

int run(const std::vector<std::string>& arguments, Terminal& terminal) {
  Commands commands;
  register_commands(commands);
  const Parsed parsed = parse_command_line(arguments, commands);
  if (parsed.command == nullptr) {
    terminal.print(parsed.text);
    return arguments.empty() ? 2 : 0;
  }
  handle_signals();
  set_log_sink(terminal.log_sink());
  parsed.command->run(terminal);
  return 0;
}

// One line, whatever names and values the text quotes.
int fail_with(int code, const std::string& what, Terminal& terminal) {
  std::string line = "tripost: error: " + what;
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  terminal.message(line);
  return code;
}

int run_and_catch(const std::vector<std::string>& arguments, Terminal& terminal) {
  try {
    return run(arguments, terminal);
  } catch (const UsageError& error) {
    return fail_with(2, error.what(), terminal);
  } catch (const Interrupted&) {
    terminal.message("tripost: interrupted; run the same command again to go on");
    return 75;
  } catch (const std::bad_alloc&) {
    return fail_with(1, "out of memory; use a smaller batch or a smaller model", terminal);
  } catch (const std::exception& error) {
    return fail_with(1, error.what(), terminal);
  }
}

}  // namespace
}  // namespace tripost

int main(int count, char** arguments) {
  tripost::Terminal terminal;
  const int code = tripost::run_and_catch({arguments + 1, arguments + count}, terminal);
  tripost::set_log_sink({});
  return code;
}
