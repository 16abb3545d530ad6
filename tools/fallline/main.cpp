#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <fallline/error.hpp>
#include <fallline/instruction_set.hpp>
#include <fallline/report/document.hpp>
#include <fallline/version.hpp>
#include <new>
#include <string>

#include "command.hpp"
#include "numbers.hpp"

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

/// Names a first word that is no command; the parser would only miss one.
void require_command(const CLI::App& program, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::string commands;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == argv[1]) return;
    commands += (commands.empty() ? "" : ", ") + command->get_name();
  }
  throw usage_error("there is no command '" + std::string(argv[1]) + "'",
                    "the commands are " + commands);
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

int run(int argc, char** argv) {
  CLI::App program("Trains classifiers by gradient descent, and shows every step of the descent.",
                   "fallline");
  program.set_version_flag("--version", std::string("fallline ") + version);
  program.require_subcommand(1);
  program.option_defaults()->always_capture_default();
  program.get_formatter()->column_width(36);
  int status = Exit::success;
  add_train(program, status);
  add_evaluate(program, status);
  add_predict(program, status);
  add_data(program, status);
  add_optimizers(program, status);
  add_schedules(program, status);
  add_smooth(program, status);
  add_search(program, status);
  add_bench(program, status);
  add_gradcheck(program, status);
  add_sweep(program, status);
  add_export(program, status);
  add_landscape(program, status);
  add_paths(program, status);
  add_report(program, status);
  refuse_what_does_not_fit(program);
  try {
    require_command(program, argc, argv);
    refuse_empty(argc, argv);
    program.parse(argc, argv);
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
    say("the results could not be written to standard output");
    return Exit::failure;
  } catch (const CLI::Success& asked) {  // --help, --version
    return program.exit(asked);
  } catch (const CLI::FileError& error) {
    say(error.what());
    return Exit::bad_input;
  } catch (const CLI::ParseError& error) {
    say(std::string(error.what()) + "\n  see 'fallline --help', or 'fallline COMMAND --help'");
    return Exit::usage;
  } catch (const Error& error) {
    say(error.what());
    return exit_of(error.kind());
  } catch (const std::bad_alloc&) {
    say("the memory ran out\n  use a smaller set, or --memory to have it refused beforehand");
    return Exit::not_enough_memory;
  } catch (const std::exception& error) {
    say(error.what());
    return Exit::failure;
  }
}

}  // namespace

void say(const std::string& message) {
  (void)std::fputs(("fallline: " + message + "\n").c_str(), stderr);
}

std::atomic<bool> interrupt = false;

void watch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupt = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  (void)std::signal(SIGPIPE, SIG_IGN);
}

void add_common(CLI::App& app, Common& common, bool csv) {
  add_format(app, common, csv);
  add_machine(app, common);
}

void add_format(CLI::App& app, Common& common, bool csv) {
  app.add_option("--format", common.format, "How results are printed on standard output")
      ->check(csv ? CLI::IsMember({"text", "json", "csv"}) : CLI::IsMember({"text", "json"}))
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

void write_output(const Common& common, const std::string& json) {
  if (!common.output.empty()) write_document(common.output, json);
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

int main(int argc, char** argv) { return fallline::tool::run(argc, argv); }
