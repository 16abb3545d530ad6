#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <initializer_list>
#include <string>
#include <string_view>

namespace fallline::tool {

/// How a run of the program ends.
struct Exit {
  static constexpr int success = 0;
  static constexpr int failure = 1;  ///< a file could not be written, and what was not foreseen
  static constexpr int usage = 2;
  static constexpr int bad_input = 3;
  static constexpr int diverged = 4;
  static constexpr int not_enough_memory = 5;
  static constexpr int interrupted = 130;
};

/// Options that every command has.
struct Common {
  std::string format = "text";
  bool quiet = false;
  std::size_t threads = 0;
  std::uint64_t memory = 0;
  std::string isa;     ///< of the commands that compute; empty: the best of the machine
  std::string output;  ///< of the commands whose results a report shows; empty: none is written
};

void add_common(CLI::App& app, Common& common, bool csv = true);
/// Parts of it: how results are printed; narration, threads and memory; each by itself.
void add_format(CLI::App& app, Common& common, bool csv);
void add_machine(CLI::App& app, Common& common);
void add_quiet(CLI::App& app, Common& common);
void add_memory(CLI::App& app, Common& common);

/// `--output FILE`, for the JSON of a result.
void add_output(CLI::App& app, Common& common);
/// Refuses, before the work, a file that is not an earlier result of one of these kinds, or cannot
/// be written. @throws Error(output)
void require_output(const Common& common, std::initializer_list<std::string_view> kinds);
/// Writes it there, where one was named. @throws Error(output)
void write_output(const Common& common, const std::string& json);

/// `--isa`, or the environment's FALLLINE_ISA.
void add_instruction_set(CLI::App& app, Common& common);
/// Limits the process to what they say. @throws Error(usage)
void use_instruction_set(const Common& common);

/// `fallline: MESSAGE` on standard error; where nobody reads that, nothing happens.
void say(const std::string& message);

/// Adds a command to the program. Parsed, its callback runs it; `status` is what it ends with.
void add_train(CLI::App& program, int& status);
void add_evaluate(CLI::App& program, int& status);
void add_predict(CLI::App& program, int& status);
void add_data(CLI::App& program, int& status);
void add_optimizers(CLI::App& program, int& status);
void add_schedules(CLI::App& program, int& status);
void add_smooth(CLI::App& program, int& status);
void add_search(CLI::App& program, int& status);
void add_bench(CLI::App& program, int& status);
void add_gradcheck(CLI::App& program, int& status);
void add_sweep(CLI::App& program, int& status);
void add_export(CLI::App& program, int& status);
void add_landscape(CLI::App& program, int& status);
void add_paths(CLI::App& program, int& status);
void add_report(CLI::App& program, int& status);

/// True from the first Ctrl-C or SIGTERM on, once `watch_interrupts` was called; a second one ends
/// the program at once. So it is after SIGHUP, unless that was ignored before, SIGUSR1 and SIGXCPU,
/// however many come. From then on a reader of the output that goes away ends nothing either.
extern std::atomic<bool> interrupt;
void watch_interrupts();

}  // namespace fallline::tool
