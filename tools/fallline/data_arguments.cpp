#include "data_arguments.hpp"

#include <fallline/data/embedded.hpp>
#include <fallline/error.hpp>

#include "checks.hpp"

namespace fallline::tool {

CLI::Option* add_path(CLI::App& app, DataArguments& a, const std::string& help) {
  return app.add_option("data,--data", a.path, help);
}

void add_reading(CLI::App& app, DataArguments& a) {
  app.add_option("--data-format", a.format, "Format of the data; recognised where not given")
      ->group("Reading");
  app.add_option("--labels", a.labels, "File with the labels (IDX, NPY), where it is another one")
      ->group("Reading");
  app.add_option("--label-column", a.label_column,
                 "CSV: name of the label's column, its number from 1, first, last or none")
      ->group("Reading");
  auto* header = app.add_flag("--header", a.header, "CSV: the first row holds names");
  auto* none = app.add_flag("--no-header", a.no_header, "CSV: the first row is an example");
  header->group("Reading")->excludes(none);
  none->group("Reading");
  app.add_option("--index-base", a.index_base, "LIBSVM: index of the first feature; -1: recognised")
      ->check(CLI::Range(-1, 1))
      ->group("Reading");
  app.add_option("--features", a.features, "LIBSVM: number of features; 0: the largest index")
      ->group("Reading");
}

void add_dividing(CLI::App& app, DataArguments& a) {
  app.add_option("--test", a.test_path, "A source of its own for the test part")->group("Parts");
  app.add_option("--test-share", a.shares.test,
                 "Share held out for the test where the data have no test part")
      ->group("Parts");
  app.add_option("--validation-share", a.shares.validation,
                 "Share of the training part held out to choose the best epoch")
      ->group("Parts");
  app.add_option("--seed", a.shares.seed, "Seed of every random choice")
      ->check(not_negative)
      ->group("Parts");
}

Source load(const DataArguments& a, const Common& common, const Schema* learned) {
  if (a.path.empty()) {
    if (!a.test_path.empty())
      throw usage_error("--test names a test part, and no training data are named for it",
                        "name the data, or leave --test out: the embedded set has a test part");
    return embedded(
        {.threads = static_cast<unsigned>(common.threads), .memory_limit = common.memory});
  }
  OpenOptions options{.format = a.format,
                      .label_column = a.label_column,
                      .features = a.features,
                      .test = a.test_path,
                      .labels = a.labels,
                      .memory_limit = common.memory};
  if (a.header || a.no_header) options.header = a.header;
  if (a.index_base >= 0) options.index_base = a.index_base;
  if (learned != nullptr) options.schema = *learned;
  return open(a.path, options);
}

}  // namespace fallline::tool
