#include "model_text.hpp"

#include <fallline/error.hpp>
#include <filesystem>

namespace fallline::tool {

void add_model(CLI::App& app, std::string& model) {
  app.add_option(
         "--model", model,
         "linear; mlp:UNITS,UNITS with settings, as mlp:512,256,activation=tanh,dropout=0.2; "
         "or a graph: a TOML file with a layer a line, or as text")
      ->group("Model");
}

std::string model_text(const std::string& asked) {
  if (!asked.ends_with(".toml")) return asked;
  if (!std::filesystem::is_regular_file(asked))
    throw bad_input({.file = asked}, "there is no such file", "name a TOML file with the layers");
  std::string text;
  try {
    for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_file(asked)) {
      std::string value;
      for (const std::string& input : item.inputs) value += (value.empty() ? "" : ", ") + input;
      text += (text.empty() ? "" : "; ") + item.fullname() + " = " + value;
    }
  } catch (const CLI::Error& error) {
    throw bad_input({.file = asked}, error.what(),
                    "write a layer a line: act1 = \"relu of layer1\"");
  }
  if (text.empty())
    throw bad_input({.file = asked}, "it has no layers",
                    "write a layer a line: act1 = \"relu of layer1\"");
  return text;
}

}  // namespace fallline::tool
