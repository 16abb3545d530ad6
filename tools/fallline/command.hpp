#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <string>

namespace fallline::tool {

/// How a run of the program ends; design: 2 usage, 3 bad input, …
enum Exit : int {
  success = 0,
  failure = 1,
  usage = 2,
  bad_input = 3,
  diverged = 4,
  not_enough_memory = 5,
  interrupted = 130,
};

/// Options that every command has.
struct Common {
  std::string format = "text";
  bool quiet = false;
  std::size_t threads = 0;
  std::uint64_t memory = 0;
};

void add_common(CLI::App& app, Common& common, bool csv = true);

/// Adds a command to the program. Parsed, its callback runs it; `status` is what it ends with.
void add_train(CLI::App& program, int& status);
void add_evaluate(CLI::App& program, int& status);
void add_predict(CLI::App& program, int& status);
void add_data(CLI::App& program, int& status);

/// True from the first Ctrl-C or SIGTERM on, once `watch_interrupts` was called; a second one ends
/// the program at once.
extern std::atomic<bool> interrupt;
void watch_interrupts();

}  // namespace fallline::tool
