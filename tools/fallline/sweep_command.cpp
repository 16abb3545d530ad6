#include "sweep_command.hpp"

#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>

#include "console.hpp"

namespace fallline::tool {

void add_sweep_data(CLI::App& app, SweepArguments& a) {
  add_path(app, a.data, "File or directory with the data; without one, the embedded picture set");
  add_reading(app, a.data);
  add_dividing(app, a.data);
  add_objective(app, a.training);
}

void add_sweep_output(CLI::App& app, SweepArguments& a) {
  add_common(app, a.common);
  add_output(app, a.common);
  add_instruction_set(app, a.common);
}

CLI::Option* add_start(CLI::App& app, StartArguments& a) {
  for (const char* name : {"--loss", "--delta", "--l2", "--l1", "--preprocess"})
    a.of_the_model.push_back(app.get_option(name));
  return app
      .add_option("--start", a.path,
                  "Run directory or model.safetensors to start from, with its objective; else W is "
                  "drawn as train draws it")
      ->group("Sweep");
}

std::optional<Classifier> model_of(const StartArguments& a, const Common& common) {
  if (a.path.empty()) return {};
  for (const CLI::Option* option : a.of_the_model)
    if (option->count() > 0)
      throw usage_error(option->get_name() + " is the model's that the sweep starts from",
                        "leave one of the two out");
  return load_model(a.path, common.memory);
}

Parts parts_of(const SweepArguments& a, const Schema* learned) {
  const Source source = load(a.data, a.common, learned);
  narrate_data(source.train, source.format, a.common.quiet);
  Parts parts = divide(source, a.data.shares);
  narrate(parts.notes, a.common.quiet);
  warn(parts.warnings);
  return parts;
}

CLI::Option* add_plot(CLI::App& app, std::string& file, const std::string& help) {
  return app.add_option("--plot", file, help)
      ->check([](const std::string& name) {
        return std::string(name.ends_with(".svg") ? "" : "is an SVG picture: name it FILE.svg");
      })
      ->group("Output");
}

int status_of_sweep(bool interrupted, bool delivered) {
  if (interrupted) say("interrupted; what was done until then was printed");
  if (!delivered) return Exit::failure;
  return interrupted ? Exit::interrupted : Exit::success;
}

void add_sweep(CLI::App& program, int& status) {
  CLI::App* app =
      program.add_subcommand("sweep", "Choose learning rate and batch size by measurement");
  app->require_subcommand(1);
  add_sweep_rate(*app, status);
  add_sweep_batch_size(*app, status);
  add_sweep_gradient_noise(*app, status);
  add_sweep_train(*app, status);
}

}  // namespace fallline::tool
