#include <fmt/format.h>

#include <csignal>
#include <exception>
#include <fallline/data/mapping_guard.hpp>
#include <fallline/error.hpp>
#include <fallline/instruction_set.hpp>
#include <fallline/report/document.hpp>
#include <fallline/version.hpp>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "command.hpp"
#include "help_format.hpp"
#include "narration.hpp"
#include "numbers.hpp"
#include "spelling.hpp"
#include "streams.hpp"

namespace fallline::tool {
namespace {

int exit_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return Exit::usage;
    case ErrorKind::bad_input:
      return Exit::bad_input;
    case ErrorKind::diverged:
      return Exit::diverged;
    case ErrorKind::not_enough_memory:
      return Exit::not_enough_memory;
    case ErrorKind::output:
      break;
  }
  return Exit::failure;
}

/// An unset shell variable must not quietly mean 0, or the embedded set.
void refuse_empty(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.empty() || (word.starts_with("--") && word.ends_with('=')))
      throw usage_error("argument " + std::to_string(i) + " is empty",
                        i > 1 ? "it follows '" + std::string(argv[i - 1]) + "'" : "");
  }
}

/// What the parser could not take. A misspelt option goes first: what else it missed may be its
/// value.
void explain(const CLI::App& program, const CLI::ParseError& error) {
  const ParsedCommand command = parsed_command(program);
  const auto unknown = unknown_option(command.app, command.name);
  say(unknown ? std::string(unknown->what())
              : std::string(error.what()) + "\n  see '" + command.name + " --help'");
}

int memory_ran_out() {
  say("the memory ran out\n  use a smaller set, or --memory to have it refused beforehand");
  return Exit::not_enough_memory;
}

/// Says it and returns the exit status.
int refused(const Error& error) {
  say(error.what());
  return exit_of(error.kind());
}

/// The exit status after the exception in flight, which is explained here.
int failed(const CLI::App& program) {
  // Zeros in place of a lost file are the cause of whatever came of them.
  if (const auto lost = MappingGuard::lost()) return refused(*lost);
  try {
    throw;
  } catch (const CLI::Success& asked) {  // --help, --version
    const int shown = program.exit(asked);
    return results_arrived() ? shown : Exit::failure;
  } catch (const CLI::FileError& error) {
    say(error.what());
    return Exit::bad_input;
  } catch (const CLI::ParseError& error) {
    explain(program, error);
    return Exit::usage;
  } catch (const Error& error) {
    return refused(error);
  } catch (const std::bad_alloc&) {
    return memory_ran_out();
  } catch (const std::length_error&) {  // more than any memory has
    return memory_ran_out();
  } catch (const std::exception& error) {
    if (results_arrived()) say(error.what());  // else it is that, and was said
    return Exit::failure;
  }
}

void describe(CLI::App& program, int& status) {
  program.set_version_flag("--version", std::string("fallline ") + version);
  program.require_subcommand(1);
  program.option_defaults()->always_capture_default();
  program.formatter(std::make_shared<HelpFormat>());
  program.get_formatter()->column_width(36);
  for (const auto add : {add_train, add_evaluate, add_predict, add_data, add_optimizers,
                         add_schedules, add_smooth, add_search, add_bench, add_gradcheck, add_sweep,
                         add_export, add_landscape, add_paths, add_report})
    add(program, status);
  refuse_what_does_not_fit(program);
}

int run(int argc, char** argv) {
  CLI::App program("Trains classifiers by gradient descent, and shows every step of the descent.",
                   "fallline");
  int status = Exit::success;
  describe(program, status);
  const MappingGuard guard;
  try {
    require_command(program, argc, argv);
    refuse_empty(argc, argv);
    program.parse(argc, argv);
    const std::vector<std::string> changed = take_changed_files();
    if (const auto lost = MappingGuard::lost()) throw Error(*lost);
    for (const std::string& file : changed) say("warning: " + file + " changed while it was read");
    return results_arrived() ? status : Exit::failure;
  } catch (...) {
    return failed(program);
  }
}

}  // namespace

void say(const std::string& message) { tell_text("fallline: " + message + "\n"); }

std::atomic<bool> interrupt = false;

void watch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupt = true; };
  // A second one is a person's who does not want to wait.
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // These are sent by terminals and batch systems, as often as they like.
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGHUP, SIGUSR1, SIGXCPU}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);  // nohup wants it so
  }
  (void)std::signal(SIGPIPE, SIG_IGN);
}

void add_common(CLI::App& app, Common& common, bool csv) {
  add_format(app, common, csv);
  add_machine(app, common);
}

void add_format(CLI::App& app, Common& common, bool csv) {
  app.add_option("--format", common.format, "How results are printed on standard output")
      ->check(csv ? one_of({"text", "json", "csv"}) : one_of({"text", "json"}))
      ->group("Output");
}

void add_machine(CLI::App& app, Common& common) {
  add_quiet(app, common);
  app.add_option("--threads", common.threads, "Threads; 0: as many as this process may use")
      ->check(CLI::Range(0, 1024))
      ->group("Machine");
  add_memory(app, common);
}

void add_quiet(CLI::App& app, Common& common) {
  app.add_flag("-q,--quiet", common.quiet, "Print no narration on standard error")->group("Output");
}

void add_memory(CLI::App& app, Common& common) {
  app.add_option("--memory", common.memory, "Memory that may be used, e.g. 450MB; 0: what there is")
      ->transform(CLI::AsSizeValue(false))
      ->group("Machine");
}

void add_output(CLI::App& app, Common& common) {
  app.add_option("--output", common.output,
                 "Write the JSON into this file too: RUN/NAME.json is part of the report of RUN")
      ->group("Output");
}

void require_output(const Common& common, std::initializer_list<std::string_view> kinds) {
  if (!common.output.empty()) require_document_place(common.output, kinds);
}

void write_output(const Common& common, const std::string& json) {
  if (common.output.empty()) return;
  if (const auto lost = MappingGuard::lost()) throw Error(*lost);
  write_document(common.output, json);
}

void add_instruction_set(CLI::App& app, Common& common) {
  app.add_option("--isa", common.isa, "Instruction set not to go beyond: baseline, avx2 or avx512")
      ->envname("FALLLINE_ISA")
      ->default_str("the machine's best")
      ->group("Machine");
}

void use_instruction_set(const Common& common) {
  if (!common.isa.empty()) limit_instruction_set(instruction_set_named(common.isa));
}

}  // namespace fallline::tool

int main(int argc, char** argv) {
  fallline::tool::secure_streams();
  return fallline::tool::run(argc, argv);
}
